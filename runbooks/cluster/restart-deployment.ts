import * as z from 'zod';
import { clusterCommand } from '../language/cluster.ts';
import { deployments } from './kinds.ts';
import { objectName } from './parameters.ts';
import { gaveUp, RESTARTED_AT, rolledOut } from './rollout.ts';

/** Names the step that restarted it last, so that no step restarts it twice. On the deployment: pods do not see it. */
const RESTARTED_BY = 'firebreak.dev/restarted-by';

/** As `kubectl rollout restart` does it: pod by pod, by the deployment's own strategy, over when the new ones are available. */
export const restartDeployment = clusterCommand('restart-deployment', {
  title: 'Restart a deployment, pod by pod',
  safety: 'disruptive',
  verb: 'restart',
  resource: ({ deployment }) => `deployment/${deployment}`,
  parameters: z.object({ deployment: objectName }),
  facts: z.object({ deployment: z.string(), pods: z.number(), tookSeconds: z.number() }),
  timeout: '10m',
  rights: (on) => [{ group: 'apps', resource: 'deployments', verbs: ['get', 'patch'], names: on }],
  byHand: ({ on: [deployment], namespace }) =>
    `kubectl rollout restart deployment/${deployment} -n ${namespace} && kubectl rollout status deployment/${deployment} -n ${namespace}`,
  run: async (cluster, { deployment }, { key, startedAt, now }) => {
    const before = await cluster.get(deployments, deployment);
    if (!before) throw new Error(`there is no deployment ${deployment} in ${cluster.namespace}`);
    const mine = before.metadata.annotations[RESTARTED_BY] === key;
    if (!mine && before.spec.paused)
      throw new Error(`${deployment} is paused: a restart would do nothing until somebody resumes it`);
    const found = mine
      ? before
      : await cluster.patch(deployments, deployment, {
          metadata: { annotations: { [RESTARTED_BY]: key } },
          spec: { template: { metadata: { annotations: { [RESTARTED_AT]: startedAt } } } },
        });
    const rolled = rolledOut(found);
    if (rolled !== true) {
      const stuck = gaveUp(found);
      if (mine && stuck) throw new Error(`${deployment}: ${stuck}`);
      return { waitsFor: `${deployment}: ${rolled}` };
    }
    const tookSeconds = Math.round((Date.parse(now) - Date.parse(startedAt)) / 1_000);
    return { facts: { deployment, pods: found.spec.replicas, tookSeconds } };
  },
});
