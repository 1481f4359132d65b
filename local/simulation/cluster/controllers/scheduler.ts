import { NODES, PODS } from '../kinds.ts';
import type { Node, Pod } from '../objects.ts';
import { bytes, millicores } from '../quantity.ts';
import { conditionsWith, isTrue, note, type World } from '../world.ts';

export interface Room {
  node: Node;
  cpu: number;
  memory: number;
  pods: number;
}

/** A node for every pod that has none: the one with the most room left. */
export function scheduler(world: World): void {
  const { store } = world;
  const waiting = store
    .list(PODS)
    .filter(({ spec, metadata }) => spec.nodeName === undefined && metadata.deletionTimestamp === undefined);
  for (const pod of waiting) place(world, pod);
}

function place(world: World, pod: Pod): void {
  const { store, now } = world;
  const nodes = store.list(NODES);
  const needs = requestsOf(pod);
  const open = nodes
    .filter(({ spec, status }) => !spec.unschedulable && isTrue(status.conditions, 'Ready'))
    .map((node) => roomOf(world, node));
  const fitting = open
    .filter(({ cpu, memory }) => cpu >= needs.cpu && memory >= needs.memory)
    .sort((a, b) => a.pods - b.pods || b.cpu - a.cpu);
  const [best] = fitting;
  const conditions = (status: 'True' | 'False', why: { reason?: string; message?: string } = {}) =>
    conditionsWith(pod.status.conditions, { type: 'PodScheduled', status, ...why }, now);
  if (best) {
    const { name } = best.node.metadata;
    store.save(PODS, {
      ...pod,
      spec: { ...pod.spec, nodeName: name },
      status: { ...pod.status, conditions: conditions('True') },
    });
    note(
      world,
      PODS,
      pod,
      'Normal',
      'Scheduled',
      `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${name}`,
    );
    return;
  }
  const closed = nodes.length - open.length;
  const full = open.filter(({ cpu }) => cpu < needs.cpu).length;
  const why = [
    ...(closed > 0 ? [`${closed} node(s) were unschedulable`] : []),
    ...(full > 0 ? [`${full} Insufficient cpu`] : []),
    ...(open.length > full ? [`${open.length - full} Insufficient memory`] : []),
  ];
  const message = `0/${nodes.length} nodes are available: ${why.join(', ')}.`;
  if (isUnschedulable(pod, message)) return;
  store.save(PODS, { ...pod, status: { ...pod.status, conditions: conditions('False', { reason: 'Unschedulable', message }) } });
  note(world, PODS, pod, 'Warning', 'FailedScheduling', message);
}

const isUnschedulable = ({ status }: Pod, message: string) =>
  status.conditions.some((one) => one.reason === 'Unschedulable' && one.message === message);

function requestsOf({ spec }: Pod): { cpu: number; memory: number } {
  const sum = (of: 'cpu' | 'memory', read: (quantity: string | number) => number) =>
    spec.containers.reduce((all, { resources }) => all + read(resources?.requests?.[of] ?? 0), 0);
  return { cpu: sum('cpu', millicores), memory: sum('memory', bytes) };
}

/** What a node has left for more pods. */
export function roomOf({ store }: World, node: Node): Room {
  const { allocatable } = node.status;
  const here = store
    .list(PODS)
    .filter(
      ({ spec, status }) => spec.nodeName === node.metadata.name && status.phase !== 'Succeeded' && status.phase !== 'Failed',
    );
  const used = here.map(requestsOf);
  return {
    node,
    cpu: used.reduce((left, { cpu }) => left - cpu, millicores(allocatable.cpu ?? 0)),
    memory: used.reduce((left, { memory }) => left - memory, bytes(allocatable.memory ?? 0)),
    pods: here.length,
  };
}
