import * as z from 'zod';
import { type Cluster, ClusterFault, clusterCommand } from '../language/cluster.ts';
import { type Pod, type PodMetrics, podMetrics, pods } from './kinds.ts';
import { labelSelector } from './parameters.ts';
import { isReady } from './pods.ts';
import { mebibytes, millicores } from './quantities.ts';

const MOST_CONTAINERS = 100;
/** A container that was killed longer ago says nothing of now. */
const KILLED_WITHIN_SECONDS = 3_600;

export const ContainerUsage = z.object({
  pod: z.string(),
  container: z.string(),
  ready: z.boolean(),
  /** Since it was last started; `null` while it does not run. */
  runsSeconds: z.number().nullable(),
  /** MiB; `null` where nothing was measured. */
  memoryMb: z.number().nullable(),
  /** `null` where it has no limit. */
  memoryLimitMb: z.number().nullable(),
  memoryPercent: z.number().nullable(),
  /** Thousandths of a processor. */
  cpuMillicores: z.number().nullable(),
  cpuLimitMillicores: z.number().nullable(),
  cpuPercent: z.number().nullable(),
  /** Its last end, if that was for want of memory and within the hour. */
  oomKilledSecondsAgo: z.number().nullable(),
});

export const podUsage = clusterCommand('pod-usage', {
  title: 'See what the pods use, beside what they may',
  safety: 'observe',
  parameters: z.object({ selector: labelSelector }),
  facts: z.object({
    /** `absent`: the cluster has no metrics. `not-ready`: it has, and they can not be had now, or not for these pods. */
    metrics: z.enum(['read', 'absent', 'not-ready']),
    /** Why they were not read; `''` when they were. */
    why: z.string(),
    containers: z.array(ContainerUsage),
  }),
  timeout: '20s',
  rights: () => [
    { group: '', resource: 'pods', verbs: ['list'] },
    { group: 'metrics.k8s.io', resource: 'pods', verbs: ['list'] },
  ],
  byHand: ({ given: { selector }, namespace }) => `kubectl top pods -n ${namespace} -l ${selector} --containers`,
  run: async (cluster, { selector }, { now }) => {
    // The pods first: if these can not be had either, it is not the metrics that are missing.
    const found = (await cluster.list(pods, selector)).filter(isAlive);
    const measured = await metricsOf(cluster, selector);
    const by = new Map(measured.metrics.map((one) => [one.metadata.name, one]));
    const none = measured.why === '' && found.length > 0 && !found.some(({ metadata }) => by.has(metadata.name));
    return {
      facts: {
        metrics: none ? 'not-ready' : measured.state,
        why: none ? 'nothing was measured of these pods yet' : measured.why,
        containers: found.flatMap((pod) => usagesOf(pod, by.get(pod.metadata.name), now)).slice(0, MOST_CONTAINERS),
      },
      evidence: measured.metrics
        .flatMap(({ metadata, containers }) =>
          containers.map(({ name, usage }) => `${metadata.name} ${name} ${usage.cpu} ${usage.memory}`),
        )
        .join('\n'),
    };
  },
});

const isAlive = ({ metadata, status }: Pod) =>
  !metadata.deletionTimestamp && status.phase !== 'Succeeded' && status.phase !== 'Failed';

interface Measured {
  state: 'read' | 'absent' | 'not-ready';
  why: string;
  metrics: PodMetrics[];
}

/** Without metrics-server the API does not know the resource; while it starts, the API answers that it is not available. */
async function metricsOf(cluster: Cluster, selector: string): Promise<Measured> {
  try {
    return { state: 'read', why: '', metrics: await cluster.list(podMetrics, selector) };
  } catch (error) {
    if (!(error instanceof ClusterFault)) throw error;
    if (error.kind === 'refused' || error.kind === 'gone')
      return { state: 'absent', why: error.message.slice(0, 300), metrics: [] };
    if (error.kind === 'unreachable') return { state: 'not-ready', why: error.message.slice(0, 300), metrics: [] };
    throw error;
  }
}

function usagesOf(pod: Pod, measured: PodMetrics | undefined, now: string): z.output<typeof ContainerUsage>[] {
  return pod.spec.containers.map(({ name, resources: { limits } }) => {
    const status = pod.status.containerStatuses.find((one) => one.name === name);
    const used = measured?.containers.find((one) => one.name === name)?.usage;
    const memoryMb = used ? mebibytes(used.memory) : null;
    const memoryLimitMb = limits.memory === undefined ? null : mebibytes(limits.memory);
    const cpuMillicores = used ? millicores(used.cpu) : null;
    const cpuLimitMillicores = limits.cpu === undefined ? null : millicores(limits.cpu);
    return {
      pod: pod.metadata.name,
      container: name,
      ready: isReady(pod),
      runsSeconds: secondsSince(status?.state.running?.startedAt ?? '', now),
      memoryMb,
      memoryLimitMb,
      memoryPercent: percent(memoryMb, memoryLimitMb),
      cpuMillicores,
      cpuLimitMillicores,
      cpuPercent: percent(cpuMillicores, cpuLimitMillicores),
      oomKilledSecondsAgo: status ? killedAgo(status, now) : null,
    };
  });
}

function percent(used: number | null, limit: number | null): number | null {
  return used === null || limit === null || limit <= 0 ? null : Math.round((100 * used) / limit);
}

type Status = Pod['status']['containerStatuses'][number];

/** A child of the container's first program that is killed is not told by Kubernetes: only the first program's end is. */
function killedAgo({ state, lastState }: Status, now: string): number | null {
  const ends = [state.terminated, lastState.terminated].filter((end) => end?.reason === 'OOMKilled');
  const ago = ends.map((end) => secondsSince(end?.finishedAt ?? '', now)).filter((one) => one !== null);
  const last = ago.length > 0 ? Math.min(...ago) : null;
  return last !== null && last <= KILLED_WITHIN_SECONDS ? last : null;
}

function secondsSince(time: string, now: string): number | null {
  const ms = Date.parse(now) - Date.parse(time);
  return Number.isNaN(ms) ? null : Math.max(0, Math.round(ms / 1_000));
}
