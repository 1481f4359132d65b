import * as z from 'zod';
import type { Cluster } from '../language/cluster.ts';
import { autoscalers, type HorizontalPodAutoscaler } from './kinds.ts';

/** How few and how many pods an autoscaler may make. */
export interface Bounds {
  min: number;
  max: number;
}
const bounds = z.object({ min: z.number(), max: z.number() });

/**
 * What is written on an autoscaler whose bounds a step has raised: which step, what they were before any did, what was asked, and
 * what it has now. It is there for people, too.
 */
const RAISED = 'firebreak.dev/raised';
const Raised = z.object({ by: z.string(), from: bounds, asked: bounds, now: bounds });
export type Raised = z.output<typeof Raised>;

/** @returns `undefined` where nobody has raised it, or what is written there is not ours */
export function raisedOf({ metadata: { annotations } }: HorizontalPodAutoscaler): Raised | undefined {
  try {
    return Raised.safeParse(JSON.parse(annotations[RAISED] ?? 'null')).data;
  } catch {
    return undefined;
  }
}

export const boundsOf = ({ spec: { minReplicas, maxReplicas } }: HorizontalPodAutoscaler): Bounds => ({
  min: minReplicas,
  max: maxReplicas,
});
export const same = (a: Bounds, b: Bounds) => a.min === b.min && a.max === b.max;
export const spokenBounds = ({ min, max }: Bounds) => `${min} to ${max} pods`;

/**
 * Bounds and what is written of them, in one change; only if nobody has changed the autoscaler since it was read.
 * @param raised `undefined` takes away what was written
 * @throws {ClusterFault} `conflict` where somebody has
 */
export async function setBounds(
  cluster: Cluster,
  { metadata: { name, resourceVersion } }: HorizontalPodAutoscaler,
  { min, max }: Bounds,
  raised: Raised | undefined,
): Promise<void> {
  await cluster.patch(autoscalers, name, {
    metadata: { resourceVersion, annotations: { [RAISED]: raised ? JSON.stringify(raised) : null } },
    spec: { minReplicas: min, maxReplicas: max },
  });
}
