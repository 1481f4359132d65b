import * as z from 'zod';
import type { Cluster, Kind } from '../language/cluster.ts';
import { type Deployment, type Pod, pods } from './kinds.ts';
import { isReady, standing, unschedulable } from './pods.ts';

/** What the subresource `scale` of a deployment answers with: how many pods there are to be, and nothing else. */
const Scale = z.object({ spec: z.object({ replicas: z.number().default(0) }).prefault({}) });
export const deploymentScale: Kind<z.output<typeof Scale>> = {
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
  kind: 'Scale',
  namespaced: true,
  object: Scale,
};

/**
 * As `kubectl scale` does it, and only if nobody has changed the deployment since it was read.
 * @throws {ClusterFault} `conflict` where somebody has
 */
export async function scaleTo(
  cluster: Cluster,
  { metadata: { name, resourceVersion } }: Deployment,
  replicas: number,
): Promise<void> {
  await cluster.patch(deploymentScale, name, { metadata: { resourceVersion }, spec: { replicas } }, 'scale');
}

/** How long new pods may stay without a node: a cluster that adds nodes takes minutes for one. */
export const PLACED_WITHIN_SECONDS = 4 * 60;
/** How long they may take in all, until they are available. */
export const AVAILABLE_WITHIN_SECONDS = 7 * 60;
/** What is measured is up to a minute old: so long new pods carry their share before anything is decided by it. */
const SHARE_SECONDS = 60;

/** What new pods wait for, and whether that has taken too long. */
export interface Waiting {
  waitsFor: string;
  /** Why it is given up. */
  tooLong: string | undefined;
}

/**
 * Whether the pods that a step has asked for are there and carry their share. Those that were there before it and are ill are the
 * reason for it, and not waited for.
 * @param wanted how many are to be available in all
 * @param since when they were asked for, ISO 8601 in UTC
 * @returns `undefined` when they do
 */
export async function waiting(
  cluster: Cluster,
  { metadata, status }: Deployment,
  wanted: number,
  selector: string,
  { startedAt, now }: { startedAt: string; now: string },
): Promise<Waiting | undefined> {
  const found = await cluster.list(pods, selector);
  const waited = secondsBetween(startedAt, now);
  const seen = status.observedGeneration >= metadata.generation;
  // The API tells times in whole seconds.
  const asked = Math.floor(Date.parse(startedAt) / 1_000) * 1_000;
  const fresh = found.filter((pod) => Date.parse(pod.metadata.creationTimestamp) >= asked);
  const missing = wanted - (found.length - fresh.length) - fresh.filter(isReady).length;
  if (seen && (status.availableReplicas >= wanted || (fresh.length > 0 && missing <= 0))) {
    const youngest = Math.min(...found.map((pod) => readySeconds(pod, now)));
    return youngest < SHARE_SECONDS ? { waitsFor: 'the new pods to take their share', tooLong: undefined } : undefined;
  }
  const homeless = found.map(unschedulable).find(Boolean);
  const ill =
    homeless ??
    (fresh.length > 0 ? fresh : found).filter((pod) => !isReady(pod)).map((pod) => `${pod.metadata.name} is ${standing(pod)}`)[0];
  const limit = homeless ? PLACED_WITHIN_SECONDS : AVAILABLE_WITHIN_SECONDS;
  return {
    waitsFor: `${status.availableReplicas} of ${wanted} pods are available${ill ? ` (${ill})` : ''}`,
    tooLong: waited >= limit ? (homeless ? `no node has room: ${homeless}` : (ill ?? 'the new pods do not come')) : undefined,
  };
}

/** For how long it has been ready; without end where that is not told. */
function readySeconds({ status }: Pod, now: string): number {
  const since = status.conditions.find(({ type, status: is }) => type === 'Ready' && is === 'True')?.lastTransitionTime;
  return since ? secondsBetween(since, now) : Number.POSITIVE_INFINITY;
}

export function secondsBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 1_000);
}
