import type { AppsV1Api, BatchV1Api, CoreV1Api, V1Deployment, V1Job, V1Pod } from '@kubernetes/client-node';

/** A namespace, and what it takes to look at it. */
export interface Looking {
  name: string;
  core: CoreV1Api;
  apps: AppsV1Api;
  batch: BatchV1Api;
}

/** What the control plane says at one moment of a namespace. */
export interface Seen {
  pods: V1Pod[];
  deployments: V1Deployment[];
  jobs: V1Job[];
}

export async function see({ core, apps, batch, name: namespace }: Looking): Promise<Seen> {
  const [pods, deployments, jobs] = await Promise.all([
    core.listNamespacedPod({ namespace }),
    apps.listNamespacedDeployment({ namespace }),
    batch.listNamespacedJob({ namespace }),
  ]);
  return { pods: pods.items, deployments: deployments.items, jobs: jobs.items };
}

export const nameOf = ({ metadata }: V1Pod): string => metadata?.name ?? '';
export const isReady = ({ metadata, status }: V1Pod): boolean =>
  !metadata?.deletionTimestamp && (status?.conditions ?? []).some(({ type, status: is }) => type === 'Ready' && is === 'True');

/** The pods of a workload that nobody is ending. */
export function podsOf({ pods }: Pick<Seen, 'pods'>, workload: string): V1Pod[] {
  return pods.filter(
    ({ metadata }) => metadata?.labels?.['app.kubernetes.io/name'] === workload && metadata.deletionTimestamp === undefined,
  );
}

/** Whether one of these pods is still there. */
export const anyLeft = ({ pods }: Seen, names: readonly string[]): boolean => pods.some((pod) => names.includes(nameOf(pod)));

/** Whether controllers, scheduler or kubelet have something to do: then the responder's clock must not run away from them. */
export function isAtWork({ pods, deployments, jobs }: Seen): boolean {
  return deployments.some(isRolling) || jobs.some(isAnswering) || pods.some(isOnItsWay);
}

function isRolling({ metadata, spec, status }: V1Deployment): boolean {
  const wished = spec?.replicas ?? 0;
  const seen = (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
  return !seen || (status?.replicas ?? 0) !== wished || (status?.updatedReplicas ?? 0) !== wished;
}

/** A Job that asks the database; the one of a debug pod is meant to stay. */
function isAnswering({ metadata, status }: V1Job): boolean {
  if (metadata?.labels?.['firebreak.dev/purpose'] === 'debug') return false;
  return !(status?.conditions ?? []).some(({ type, status: is }) => is === 'True' && /^(Complete|Failed)$/.test(type));
}

function isOnItsWay({ metadata, status }: V1Pod): boolean {
  if (metadata?.deletionTimestamp) return true;
  if (status?.phase !== 'Pending') return false;
  const homeless = status.conditions?.some(({ type, status: is }) => type === 'PodScheduled' && is === 'False');
  return !homeless && !status.containerStatuses?.some(({ state }) => state?.waiting);
}
