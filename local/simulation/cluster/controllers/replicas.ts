import { PODS, REPLICASETS } from '../kinds.ts';
import type { Pod, ReplicaSet } from '../objects.ts';
import { stamp } from '../state.ts';
import { isOwned, ownerOf } from '../store.ts';
import { isReady, note, type World } from '../world.ts';

/** As many pods as each ReplicaSet asks for. */
export function replicaSets(world: World): void {
  for (const set of world.store.list(REPLICASETS)) keep(world, set);
}

function keep(world: World, set: ReplicaSet): void {
  const { store } = world;
  const pods = store.list(PODS, set.metadata.namespace).filter((pod) => isOwned(pod, set) && isAlive(pod));
  const missing = set.spec.replicas - pods.length;
  for (let at = 0; at < missing; at += 1) {
    const { metadata, spec } = set.spec.template;
    const pod = store.create(PODS, {
      metadata: {
        ...metadata,
        generateName: `${set.metadata.name}-`,
        namespace: set.metadata.namespace,
        ownerReferences: [ownerOf(REPLICASETS, set)],
      },
      spec: { ...spec },
    });
    note(world, REPLICASETS, set, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
  }
  for (const pod of pods.toSorted(leastWorth).slice(0, Math.max(0, -missing))) {
    endPod(world, pod);
    note(world, REPLICASETS, set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
  }
  const now = store.list(PODS, set.metadata.namespace).filter((pod) => isOwned(pod, set) && isAlive(pod));
  const ready = now.filter(isReady).length;
  const counts = { replicas: now.length, fullyLabeledReplicas: now.length, readyReplicas: ready, availableReplicas: ready };
  store.save(REPLICASETS, { ...set, status: { ...counts, observedGeneration: set.metadata.generation } });
}

export const isAlive = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined && status.phase !== 'Failed' && status.phase !== 'Succeeded';

/** Which goes first when there are too many: who has no node, who is not ready, who is youngest. */
function leastWorth(a: Pod, b: Pod): number {
  const worth = (pod: Pod) => (pod.spec.nodeName === undefined ? 0 : 1) + (isReady(pod) ? 2 : 0);
  return worth(a) - worth(b) || Number(b.metadata.resourceVersion) - Number(a.metadata.resourceVersion);
}

/** The pod is told to end; the kubelet removes it when it has. Without a node it is gone at once. */
export function endPod(world: World, pod: Pod, graceSeconds = pod.spec.terminationGracePeriodSeconds) {
  const { store, now } = world;
  if (pod.spec.nodeName === undefined || graceSeconds === 0) return store.remove(PODS, pod);
  if (pod.metadata.deletionTimestamp !== undefined) return;
  const metadata = {
    ...pod.metadata,
    deletionTimestamp: stamp(now + graceSeconds * 1_000),
    deletionGracePeriodSeconds: graceSeconds,
  };
  store.save(PODS, { ...pod, metadata });
  note(world, PODS, pod, 'Normal', 'Killing', `Stopping container ${pod.spec.containers[0]?.name}`);
}

/** ReplicaSets of a deployment, the oldest first. */
export function setsOf({ store }: Pick<World, 'store'>, deployment: Parameters<typeof ownerOf>[1]): ReplicaSet[] {
  return store
    .list(REPLICASETS, deployment.metadata.namespace)
    .filter((set) => isOwned(set, deployment))
    .sort((a, b) => revisionOf(a) - revisionOf(b));
}

const REVISION = 'deployment.kubernetes.io/revision';
export const revisionOf = ({ metadata }: Pick<ReplicaSet, 'metadata'>): number => Number(metadata.annotations?.[REVISION] ?? 0);
export const withRevision = (revision: number) => ({ [REVISION]: String(revision) });
