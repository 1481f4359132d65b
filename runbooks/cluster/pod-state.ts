import * as z from 'zod';
import { clusterCommand } from '../language/cluster.ts';
import { type Event, events, type Node, nodes, type Pod, pods } from './kinds.ts';
import { labelSelector } from './parameters.ts';
import { isReady, standing, unschedulable } from './pods.ts';

const MOST_PODS = 50;
const MOST_EVENTS = 20;
/** Conditions of a node that are ill when they are true; `Ready` is ill when it is not. */
const PRESSURES = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'];

export const PodFacts = z.object({
  name: z.string(),
  /** As `kubectl get pods` says it: `Running`, `CrashLoopBackOff`. */
  standing: z.string(),
  ready: z.boolean(),
  restarts: z.number(),
  node: z.string(),
  ageSeconds: z.number(),
  /** What it waits for, in the words of the cluster; `''` when it does not wait. */
  waitsFor: z.string(),
  /** How its container ended last: `OOMKilled`, `Error (1)`; `''` when it never did. */
  lastEnd: z.string(),
  lastEndSecondsAgo: z.number().nullable(),
});

export const podState = clusterCommand('pod-state', {
  title: 'See the pods, and what the cluster says of them',
  safety: 'observe',
  parameters: z.object({ selector: labelSelector }),
  facts: z.object({
    pods: z.array(PodFacts),
    /** Of more than these only so many are told. */
    count: z.number(),
    /** Nodes with pods of these on them that are not ready, or under pressure, in words. */
    illNodes: z.array(z.string()),
  }),
  timeout: '20s',
  rights: () => [
    { group: '', resource: 'pods', verbs: ['list'] },
    { group: '', resource: 'events', verbs: ['list'] },
    { scope: 'cluster', group: '', resource: 'nodes', verbs: ['list'] },
  ],
  byHand: ({ given: { selector }, namespace }) =>
    `kubectl get pods -n ${namespace} -l ${selector} -o wide; kubectl describe pods -n ${namespace} -l ${selector}`,
  run: async (cluster, { selector }, { now }) => {
    const [found, told, machines] = await Promise.all([cluster.list(pods, selector), cluster.list(events), cluster.list(nodes)]);
    const mine = new Set(found.map(({ metadata }) => metadata.name));
    const used = new Set(found.map(({ spec }) => spec.nodeName));
    return {
      facts: {
        pods: found.slice(0, MOST_PODS).map((pod) => factsOf(pod, now)),
        count: found.length,
        illNodes: machines.filter(({ metadata }) => used.has(metadata.name)).flatMap(illness),
      },
      evidence: described(told.filter(({ involvedObject }) => mine.has(involvedObject.name))),
    };
  },
});

function factsOf(pod: Pod, now: string): z.output<typeof PodFacts> {
  const { metadata, spec, status } = pod;
  const waiting = status.containerStatuses.map(({ state }) => state.waiting).find((one) => one?.reason);
  const ends = status.containerStatuses.flatMap(({ lastState, state }) => state.terminated ?? lastState.terminated ?? []);
  const end = ends.sort((a, b) => (b.finishedAt ?? '').localeCompare(a.finishedAt ?? ''))[0];
  return {
    name: metadata.name,
    standing: standing(pod),
    ready: isReady(pod),
    restarts: status.containerStatuses.reduce((sum, { restartCount }) => sum + restartCount, 0),
    node: spec.nodeName,
    ageSeconds: secondsSince(metadata.creationTimestamp, now) ?? 0,
    waitsFor: (unschedulable(pod) ?? waiting?.message ?? '').slice(0, 300),
    lastEnd: end ? (end.reason === 'Error' || !end.reason ? `Error (${end.exitCode})` : end.reason) : '',
    lastEndSecondsAgo: secondsSince(end?.finishedAt ?? '', now),
  };
}

function secondsSince(time: string, now: string): number | null {
  const ms = Date.parse(now) - Date.parse(time);
  return Number.isNaN(ms) ? null : Math.max(0, Math.round(ms / 1_000));
}

function illness({ metadata: { name }, status: { conditions } }: Node): string[] {
  const ready = conditions.find(({ type }) => type === 'Ready');
  const pressed = conditions.filter(({ type, status }) => PRESSURES.includes(type) && status === 'True').map(({ type }) => type);
  if (ready?.status !== 'True') return [`${name} is not ready${ready?.message ? `: ${ready.message.slice(0, 200)}` : ''}`];
  return pressed.length > 0 ? [`${name}: ${pressed.join(', ')}`] : [];
}

/** The newest last, as `kubectl describe` shows them. */
function described(told: readonly Event[]): string {
  const at = ({ lastTimestamp, eventTime }: Event) => lastTimestamp ?? eventTime ?? '';
  return [...told]
    .sort((a, b) => at(a).localeCompare(at(b)))
    .slice(-MOST_EVENTS)
    .map(
      (event) =>
        `${at(event)} ${event.type} ${event.reason} ${event.involvedObject.name} ${event.message}${(event.count ?? 1) > 1 ? ` (x${event.count})` : ''}`,
    )
    .join('\n');
}
