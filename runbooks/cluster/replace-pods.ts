import * as z from 'zod';
import { type Cluster, clusterCommand } from '../language/cluster.ts';
import { deployments, type Pod, pods, replicaSets } from './kinds.ts';
import { objectName } from './parameters.ts';
import { isReady } from './pods.ts';

/**
 * Makes some of a deployment's pods new: one after the other is deleted, the next only when all the others are ready. Names of pods
 * are not used twice, so one that is gone has been dealt with, in this turn or an earlier one.
 */
export const replacePods = clusterCommand('replace-pods', {
  title: 'Make single pods of a deployment new, one by one',
  safety: 'disruptive',
  // For those who use it, it is a restart like the others: one breaker counts them together.
  verb: 'restart',
  resource: ({ deployment }) => `deployment/${deployment}`,
  parameters: z.object({ deployment: objectName, pods: z.array(objectName).min(1).max(10) }),
  facts: z.object({ deployment: z.string(), replaced: z.array(z.string()), tookSeconds: z.number() }),
  timeout: '10m',
  rights: (on) => [
    { group: 'apps', resource: 'deployments', verbs: ['get'], names: on },
    { group: 'apps', resource: 'replicasets', verbs: ['list'] },
    // Pods get names that nobody knows before: that they are the deployment's is what the step itself looks at.
    { group: '', resource: 'pods', verbs: ['list', 'delete'] },
  ],
  byHand: ({ on: [deployment], namespace }) =>
    `kubectl delete pod <pod> -n ${namespace} && kubectl rollout status deployment/${deployment} -n ${namespace}`,
  run: async (cluster, { deployment, pods: names }, { startedAt, now }) => {
    const found = await cluster.get(deployments, deployment);
    if (!found) throw new Error(`there is no deployment ${deployment} in ${cluster.namespace}`);
    const own = await podsOf(cluster, found.metadata.uid);
    const strange = (await cluster.list(pods)).find(
      ({ metadata: { name } }) => names.includes(name) && !own.some((pod) => pod.metadata.name === name),
    );
    if (strange) throw new Error(`${strange.metadata.name} is no pod of ${deployment}`);
    const ending = own.find(({ metadata }) => metadata.deletionTimestamp && names.includes(metadata.name));
    if (ending) return { waitsFor: `${ending.metadata.name} is ending` };
    const left = own.filter(({ metadata: { name } }) => names.includes(name));
    const others = own.filter((pod) => !names.includes(pod.metadata.name) && isReady(pod)).length;
    const wanted = found.spec.replicas - left.length;
    if (others < wanted) return { waitsFor: `${others} of ${wanted} other pods are ready` };
    const [next] = left;
    if (next) {
      await cluster.remove(pods, next.metadata.name);
      return { waitsFor: `${next.metadata.name} is deleted` };
    }
    const tookSeconds = Math.round((Date.parse(now) - Date.parse(startedAt)) / 1_000);
    return { facts: { deployment, replaced: names, tookSeconds } };
  },
});

/** By their owners, not by their labels: only so it is sure that the deployment makes them anew. */
async function podsOf(cluster: Cluster, uid: string): Promise<Pod[]> {
  const sets = (await cluster.list(replicaSets)).filter(({ metadata }) =>
    metadata.ownerReferences.some((owner) => owner.kind === 'Deployment' && owner.uid === uid),
  );
  const mine = new Set(sets.map(({ metadata }) => metadata.uid));
  return (await cluster.list(pods))
    .filter(({ metadata }) => metadata.ownerReferences.some((owner) => owner.kind === 'ReplicaSet' && mine.has(owner.uid)))
    .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
}
