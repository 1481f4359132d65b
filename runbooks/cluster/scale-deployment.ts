import * as z from 'zod';
import { clusterCommand } from '../language/cluster.ts';
import { deployments } from './kinds.ts';
import { scaleTo, secondsBetween, waiting } from './new-pods.ts';
import { labelSelector, objectName } from './parameters.ts';

const count = z.number().int().min(1).max(1_000);

/**
 * More pods for a deployment, never fewer. What it was made from is named: a deployment that anybody has changed since it was looked
 * at is left alone. Pods that find no node in time are taken back, and so are those that never become available.
 */
export const scaleDeployment = clusterCommand('scale-deployment', {
  title: 'Give a deployment more pods',
  safety: 'routine',
  verb: 'scale',
  resource: ({ deployment }) => `deployment/${deployment}`,
  parameters: z.object({
    deployment: objectName,
    selector: labelSelector,
    /** As many as there were when it was looked at. */
    from: count,
    to: count,
    /** Its `metadata.generation` then. */
    generation: z.number().int().min(0),
  }),
  /** `at`: when it was done, ISO 8601 in UTC. */
  facts: z.object({ deployment: z.string(), from: z.number(), to: z.number(), at: z.string(), tookSeconds: z.number() }),
  timeout: '9m',
  rights: (on) => [
    { group: 'apps', resource: 'deployments', verbs: ['get'], names: on },
    { group: 'apps', resource: 'deployments/scale', verbs: ['patch'], names: on },
    { group: '', resource: 'pods', verbs: ['list'] },
  ],
  byHand: ({ on: [deployment], given: { to = 5 }, namespace }) =>
    `kubectl scale deployment ${deployment} --replicas=${to} -n ${namespace}`,
  run: async (cluster, { deployment, selector, from, to, generation }, turn) => {
    if (to <= from) throw new Error(`${deployment}: from ${from} to ${to} pods is no scale-up`);
    const found = await cluster.get(deployments, deployment);
    if (!found) throw new Error(`there is no deployment ${deployment} in ${cluster.namespace}`);
    const { replicas, paused } = found.spec;
    // Every change of what it is to be raises its generation: it tells a step that has not begun from one whose work was undone.
    if (found.metadata.generation === generation && replicas === from) {
      if (paused) throw new Error(`${deployment} is paused: somebody works at it`);
      await scaleTo(cluster, found, to);
      return { waitsFor: `${deployment}: ${to} pods instead of ${from}` };
    }
    if (replicas !== to)
      throw new Error(`${deployment} was changed meanwhile, and is to have ${replicas} pods: that is left alone`);
    const more = await waiting(cluster, found, to, selector, turn);
    if (more?.tooLong !== undefined) {
      await scaleTo(cluster, found, from);
      throw new Error(`${deployment} did not come to ${to} pods and has ${from} again: ${more.tooLong}`);
    }
    if (more) return { waitsFor: `${deployment}: ${more.waitsFor}` };
    return { facts: { deployment, from, to, at: turn.startedAt, tookSeconds: secondsBetween(turn.startedAt, turn.now) } };
  },
});
