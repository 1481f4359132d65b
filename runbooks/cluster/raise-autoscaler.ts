import * as z from 'zod';
import { type Cluster, type ClusterTurn, clusterCommand } from '../language/cluster.ts';
import { autoscalers, deployments, type HorizontalPodAutoscaler } from './kinds.ts';
import { PLACED_WITHIN_SECONDS, secondsBetween, waiting } from './new-pods.ts';
import { labelSelector, objectName } from './parameters.ts';
import { type Bounds, boundsOf, type Raised, raisedOf, same, setBounds, spokenBounds } from './raised.ts';

const count = z.number().int().min(1).max(1_000);
/** An autoscaler looks every 15 s, by what was measured up to a minute ago. */
const DECIDES_WITHIN_SECONDS = 90;

/**
 * Raises the bounds of an autoscaler, and never lowers one: whoever owns the number of pods is asked for more, instead of being
 * worked against. Room that no node has is given back.
 */
export const raiseAutoscaler = clusterCommand('raise-autoscaler', {
  title: 'Raise the bounds of an autoscaler',
  safety: 'routine',
  verb: 'scale',
  resource: ({ autoscaler }) => `autoscaler/${autoscaler}`,
  parameters: z.object({
    autoscaler: objectName,
    deployment: objectName,
    selector: labelSelector,
    /** As they were when it was looked at. */
    fromMin: count,
    fromMax: count,
    toMin: count,
    toMax: count,
  }),
  facts: z.object({
    autoscaler: z.string(),
    from: z.object({ min: z.number(), max: z.number() }),
    to: z.object({ min: z.number(), max: z.number() }),
    pods: z.number(),
    /** Why it has less than was asked for; `''` when it has that. */
    short: z.string(),
    /** When it was done, ISO 8601 in UTC. */
    at: z.string(),
    tookSeconds: z.number(),
  }),
  timeout: '9m',
  rights: (on) => [
    { group: 'autoscaling', resource: 'horizontalpodautoscalers', verbs: ['get', 'patch'], names: on },
    { group: 'apps', resource: 'deployments', verbs: ['get'], names: on },
    { group: '', resource: 'pods', verbs: ['list'] },
  ],
  byHand: ({ on: [autoscaler], given, namespace }) =>
    `kubectl patch hpa ${autoscaler} -n ${namespace} --type=json -p='${JSON.stringify(boundsToType(given))}'`,
  run: async (cluster, parameters, turn) => {
    const from = { min: parameters.fromMin, max: parameters.fromMax };
    const asked = { min: parameters.toMin, max: parameters.toMax };
    const { autoscaler } = parameters;
    const found = await cluster.get(autoscalers, autoscaler);
    if (!found) throw new Error(`there is no autoscaler ${autoscaler} in ${cluster.namespace}`);
    const raised = raisedOf(found);
    if (raised?.by !== turn.key) return begin(cluster, found, from, asked, turn);
    if (!same(boundsOf(found), raised.now))
      throw new Error(`somebody has set ${autoscaler} to ${spokenBounds(boundsOf(found))} meanwhile: that is left alone`);
    const state = await progress(cluster, found, parameters, turn);
    if ('waitsFor' in state) return { waitsFor: `${autoscaler}: ${state.waitsFor}` };
    if (state.short) await giveBack(cluster, found, raised, from, state);
    const to = state.short ? fitting(raised.asked, state.pods) : raised.now;
    const tookSeconds = secondsBetween(turn.startedAt, turn.now);
    return { facts: { autoscaler, from, to, pods: state.pods, short: state.short, at: turn.startedAt, tookSeconds } };
  },
});

/** @throws {Error} where it is not as it was looked at, or something would be lowered */
async function begin(cluster: Cluster, found: HorizontalPodAutoscaler, from: Bounds, asked: Bounds, turn: ClusterTurn) {
  const { name } = found.metadata;
  const now = boundsOf(found);
  // What this step wrote is not there any more: it has taken it back itself, and could not say so.
  if (secondsBetween(turn.startedAt, turn.now) >= PLACED_WITHIN_SECONDS)
    throw new Error(`${name} has ${spokenBounds(now)}: it was not raised in time, or was taken back`);
  if (!same(now, from)) throw new Error(`${name} was changed meanwhile, to ${spokenBounds(now)}: that is left alone`);
  if (asked.min < now.min || asked.max < now.max || same(asked, now) || asked.min > asked.max)
    throw new Error(`${name}: from ${spokenBounds(now)} to ${spokenBounds(asked)} raises nothing, or lowers something`);
  // Raised again before the first time was over: it goes back to what it was before both.
  const before = raisedOf(found);
  const first = before && same(before.now, now) ? before.from : now;
  await setBounds(cluster, found, asked, { by: turn.key, from: first, asked, now: asked });
  return { waitsFor: `${name}: ${spokenBounds(asked)} instead of ${spokenBounds(now)}` };
}

type Progress = { waitsFor: string } | { pods: number; short: string };

/** Whether the autoscaler has decided, and what it decided on is there. */
async function progress(
  cluster: Cluster,
  { status }: HorizontalPodAutoscaler,
  {
    deployment,
    selector,
    toMin,
    fromMin,
    fromMax,
  }: { deployment: string; selector: string; toMin: number; fromMin: number; fromMax: number },
  turn: ClusterTurn,
): Promise<Progress> {
  const found = await cluster.get(deployments, deployment);
  if (!found) throw new Error(`there is no deployment ${deployment} in ${cluster.namespace}`);
  const { replicas } = found.spec;
  const decided = toMin > fromMin || replicas > fromMax || secondsBetween(turn.startedAt, turn.now) >= DECIDES_WITHIN_SECONDS;
  if (!decided || replicas < toMin) return { waitsFor: `it decides how many pods it wants (${status.desiredReplicas} now)` };
  const more = await waiting(cluster, found, replicas, selector, turn);
  if (more && more.tooLong === undefined) return { waitsFor: more.waitsFor };
  return { pods: found.status.availableReplicas, short: more?.tooLong ?? '' };
}

/** No more than came: pods that wait for a node are in nobody's way, but the next decision should not count on them. */
const fitting = (asked: Bounds, pods: number): Bounds => ({ min: Math.min(asked.min, pods), max: Math.min(asked.max, pods) });

/** @throws {Error} where no pod more came: then all of it is taken back */
async function giveBack(
  cluster: Cluster,
  found: HorizontalPodAutoscaler,
  raised: Raised,
  from: Bounds,
  { pods, short }: { pods: number; short: string },
): Promise<void> {
  const to = fitting(raised.asked, pods);
  if (to.min >= from.min && to.max > from.max) return setBounds(cluster, found, to, { ...raised, now: to });
  await setBounds(cluster, found, raised.from, undefined);
  throw new Error(`${found.metadata.name} has ${spokenBounds(raised.from)} again: ${short}`);
}

/** The page raises the maximum to 15; where more pods are wanted than there are, the minimum is what makes them. */
function boundsToType({ toMin, toMax = 15 }: { toMin?: number; toMax?: number }) {
  return [
    ...(toMin === undefined ? [] : [{ op: 'replace', path: '/spec/minReplicas', value: toMin }]),
    { op: 'replace', path: '/spec/maxReplicas', value: toMax },
  ];
}
