import * as z from 'zod';
import { clusterCommand } from '../language/cluster.ts';
import { deployments } from './kinds.ts';
import { scaleTo } from './new-pods.ts';
import { objectName } from './parameters.ts';

const count = z.number().int().min(1).max(1_000);

/** Takes a scale-up back, if it still is as it was set: what anybody else has made of it since stays. */
export const scaleBackDeployment = clusterCommand('scale-back-deployment', {
  title: 'Give a deployment its former number of pods',
  safety: 'routine',
  verb: 'scale',
  resource: ({ deployment }) => `deployment/${deployment}`,
  parameters: z.object({
    deployment: objectName,
    /** What the scale-up set. */
    set: count,
    /** What it was before. */
    former: count,
  }),
  facts: z.object({ deployment: z.string(), replicas: z.number(), leftAlone: z.boolean() }),
  timeout: '2m',
  rights: (on) => [
    { group: 'apps', resource: 'deployments', verbs: ['get'], names: on },
    { group: 'apps', resource: 'deployments/scale', verbs: ['patch'], names: on },
  ],
  byHand: ({ on: [deployment], given: { set = 5, former = 3 }, namespace }) =>
    `kubectl scale deployment ${deployment} --current-replicas=${set} --replicas=${former} -n ${namespace}`,
  run: async (cluster, { deployment, set, former }) => {
    const found = await cluster.get(deployments, deployment);
    // Somebody has taken the whole of it away: there is nothing to take back.
    if (!found) return { facts: { deployment, replicas: 0, leftAlone: true } };
    const { replicas } = found.spec;
    if (replicas !== set) return { facts: { deployment, replicas, leftAlone: replicas !== former } };
    await scaleTo(cluster, found, former);
    return { facts: { deployment, replicas: former, leftAlone: false } };
  },
});
