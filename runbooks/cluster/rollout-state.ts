import * as z from 'zod';
import { clusterCommand } from '../language/cluster.ts';
import { deployments, replicaSets } from './kinds.ts';
import { objectName } from './parameters.ts';
import { gaveUp, lastDeployed, rolledOut } from './rollout.ts';

/** What the gate wants to know before every act: `endedSecondsAgo` is told for a quarter of an hour, as for hosts. */
const TOLD_SECONDS = 15 * 60;

export const rolloutState = clusterCommand('rollout-state', {
  title: 'See whether a deployment is under way',
  safety: 'observe',
  parameters: z.object({ deployment: objectName }),
  facts: z.object({
    underWay: z.boolean(),
    /** Since its template was last changed, in more than a restart; `null` where that is longer ago, or not known. */
    endedSecondsAgo: z.number().nullable(),
    /** What it was told by, in a sentence; `none` when there is nothing. */
    sign: z.string(),
    paused: z.boolean(),
    replicas: z.number(),
    available: z.number(),
    generation: z.number(),
    observedGeneration: z.number(),
    /** The rollout does not go on: its controller's words; `''` otherwise. */
    gaveUp: z.string(),
  }),
  timeout: '20s',
  rights: (on) => [
    { group: 'apps', resource: 'deployments', verbs: ['get'], names: on },
    { group: 'apps', resource: 'replicasets', verbs: ['list'] },
  ],
  byHand: ({ on: [deployment], namespace }) => `kubectl rollout status deployment/${deployment} -n ${namespace} --watch=false`,
  run: async (cluster, { deployment }, { now }) => {
    const [found, sets] = await Promise.all([cluster.get(deployments, deployment), cluster.list(replicaSets)]);
    if (!found) throw new Error(`there is no deployment ${deployment} in ${cluster.namespace}`);
    const own = sets.filter(({ metadata }) => metadata.ownerReferences.some(({ uid }) => uid === found.metadata.uid));
    const rolled = rolledOut(found);
    const stuck = gaveUp(found) ?? '';
    const changed = lastDeployed(own);
    const ago = changed === undefined ? null : Math.max(0, (Date.parse(now) - Date.parse(changed)) / 1_000);
    const endedSecondsAgo = ago !== null && ago < TOLD_SECONDS ? Math.round(ago) : null;
    // New pods that never become available are no deployment under way for ever: when its controller gives up, it is over.
    const moving = rolled !== true && !stuck && found.status.updatedReplicas < found.spec.replicas;
    return {
      facts: {
        underWay: moving && !found.spec.paused,
        endedSecondsAgo,
        sign: moving
          ? `${deployment}: ${rolled}`
          : endedSecondsAgo === null
            ? 'none'
            : `the template of ${deployment} was changed`,
        paused: found.spec.paused,
        replicas: found.spec.replicas,
        available: found.status.availableReplicas,
        generation: found.metadata.generation,
        observedGeneration: found.status.observedGeneration,
        gaveUp: stuck,
      },
    };
  },
});
