import {
  AUTOSCALERS,
  CERTIFICATES_KIND,
  CHALLENGES,
  CONFIGMAPS,
  DEPLOYMENTS,
  EVENTS,
  JOBS,
  type Kind,
  NAMESPACES,
  NODES,
  ORDERS,
  PODS,
  REPLICASETS,
  REQUESTS,
  SECRETS,
  SERVICES,
} from '../kinds.ts';
import type { Condition, KubeObject, Pod } from '../objects.ts';
import { isTrue } from '../world.ts';
import { isRecord } from './patch.ts';

type Cell = string | number;

interface TableOf {
  columns: string[];
  cells(object: KubeObject, now: number): Cell[];
}

const table = <T extends KubeObject>(
  { schema }: Kind<T>,
  columns: string[],
  cells: (object: T, now: number) => Cell[],
): TableOf => ({
  columns: ['Name', ...columns, 'Age'],
  cells: (object, now) => [object.metadata.name, ...cells(schema.parse(object), now), age(object, now)],
});

/** As kubectl writes it: `12d`, `3h4m`, `95s`. */
function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3_600), Math.floor(seconds / 86_400)];
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  if (hours < 48) return `${hours}h`;
  if (days < 8) return hours % 24 === 0 ? `${days}d` : `${days}d${hours % 24}h`;
  return days < 730 ? `${days}d` : `${Math.floor(days / 365)}y`;
}

const age = ({ metadata }: KubeObject, now: number) => duration(now - Date.parse(metadata.creationTimestamp));

/** What the column STATUS says: why it waits or ended, before the phase. */
function podStatus({ metadata, status }: Pod): string {
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  const { waiting, terminated } = status.containerStatuses[0]?.state ?? {};
  if (status.reason) return status.reason;
  return waiting?.reason ?? (terminated && (terminated.reason || `ExitCode:${terminated.exitCode}`)) ?? status.phase;
}

function restarts({ status }: Pod, now: number): string {
  const [one] = status.containerStatuses;
  const last = one?.lastState.terminated?.finishedAt;
  return last === undefined ? String(one?.restartCount ?? 0) : `${one?.restartCount} (${duration(now - Date.parse(last))} ago)`;
}

const readyOf = (conditions: readonly Condition[]) => conditions.find(({ type }) => type === 'Ready')?.status ?? '';
const text = (value: unknown) => (typeof value === 'string' ? value : '');

const TABLES = new Map<Kind, TableOf>([
  [
    PODS,
    table(PODS, ['Ready', 'Status', 'Restarts'], (pod, now) => [
      `${pod.status.containerStatuses.filter(({ ready }) => ready).length}/${pod.spec.containers.length}`,
      podStatus(pod),
      restarts(pod, now),
    ]),
  ],
  [
    DEPLOYMENTS,
    table(DEPLOYMENTS, ['Ready', 'Up-to-date', 'Available'], ({ spec, status }) => [
      `${status.readyReplicas ?? 0}/${spec.replicas}`,
      status.updatedReplicas ?? 0,
      status.availableReplicas ?? 0,
    ]),
  ],
  [
    REPLICASETS,
    table(REPLICASETS, ['Desired', 'Current', 'Ready'], ({ spec, status }) => [
      spec.replicas,
      status.replicas,
      status.readyReplicas,
    ]),
  ],
  [
    JOBS,
    table(JOBS, ['Status', 'Completions', 'Duration'], ({ status }, now) => [
      status.conditions.find((one) => one.status === 'True')?.type ?? 'Running',
      `${status.succeeded ?? 0}/1`,
      status.startTime === undefined
        ? ''
        : duration((status.completionTime ? Date.parse(status.completionTime) : now) - Date.parse(status.startTime)),
    ]),
  ],
  [
    AUTOSCALERS,
    table(AUTOSCALERS, ['Reference', 'Targets', 'MinPods', 'MaxPods', 'Replicas'], ({ spec, status }) => [
      `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`,
      `cpu: ${used(status.currentMetrics[0])}/${spec.metrics[0]?.resource?.target.averageUtilization ?? '<none>'}%`,
      ...[spec.minReplicas, spec.maxReplicas, status.currentReplicas],
    ]),
  ],
  [
    CERTIFICATES_KIND,
    table(CERTIFICATES_KIND, ['Ready', 'Secret'], ({ spec, status }) => [readyOf(status.conditions), spec.secretName]),
  ],
  [
    REQUESTS,
    table(REQUESTS, ['Approved', 'Ready', 'Issuer'], ({ spec, status }) => [
      isTrue(status.conditions, 'Approved') ? 'True' : '',
      readyOf(status.conditions),
      spec.issuerRef.name,
    ]),
  ],
  [ORDERS, table(ORDERS, ['State'], ({ status }) => [status.state])],
  [CHALLENGES, table(CHALLENGES, ['State', 'Domain'], ({ spec, status }) => [status.state, spec.dnsName])],
  [SECRETS, table(SECRETS, ['Type', 'Data'], ({ type, data }) => [type, Object.keys(data).length])],
  [CONFIGMAPS, table(CONFIGMAPS, ['Data'], ({ data }) => [isRecord(data) ? Object.keys(data).length : 0])],
  [NAMESPACES, table(NAMESPACES, ['Status'], ({ status }) => [isRecord(status) ? text(status.phase) : ''])],
  [
    SERVICES,
    table(SERVICES, ['Type', 'Cluster-IP'], ({ spec }) => (isRecord(spec) ? [text(spec.type), text(spec.clusterIP)] : ['', ''])),
  ],
  [
    NODES,
    table(NODES, ['Status', 'Roles', 'Version'], ({ spec, status }) => [
      `${isTrue(status.conditions, 'Ready') ? 'Ready' : 'NotReady'}${spec.unschedulable ? ',SchedulingDisabled' : ''}`,
      '<none>',
      isRecord(status.nodeInfo) ? text(status.nodeInfo.kubeletVersion) : '',
    ]),
  ],
  [
    EVENTS,
    {
      columns: ['Last Seen', 'Type', 'Reason', 'Object', 'Message'],
      cells: (object, now) => {
        const event = EVENTS.schema.parse(object);
        const { kind, name } = event.involvedObject;
        return [
          duration(now - Date.parse(event.lastTimestamp ?? event.metadata.creationTimestamp)),
          event.type,
          event.reason,
          `${kind.toLowerCase()}/${name}`,
          event.message,
        ];
      },
    },
  ],
]);

function used(metric: unknown): string {
  const current =
    isRecord(metric) && isRecord(metric.resource) && isRecord(metric.resource.current)
      ? metric.resource.current.averageUtilization
      : undefined;
  return typeof current === 'number' ? `${current}%` : '<unknown>';
}

/** Objects as `kubectl get` shows them. */
export function tableOf(
  kind: Kind,
  objects: readonly KubeObject[],
  { now, whole, metadata }: { now: number; whole: boolean; metadata: object },
): object {
  const { columns, cells } = TABLES.get(kind) ?? table(kind, [], () => []);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map((name) => ({
      name,
      type: 'string',
      format: name === 'Name' ? 'name' : '',
      description: '',
      priority: 0,
    })),
    rows: objects.map((object) => ({ cells: cells(object, now), object: whole ? object : partial(object) })),
  };
}

const partial = ({ metadata }: KubeObject) => ({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata });
