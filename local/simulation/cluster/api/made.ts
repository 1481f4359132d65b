import type { World } from '../fault.ts';
import { memoryOf, processorOf } from '../inside/usage.ts';
import { NODES, PODS } from '../kinds.ts';
import type { Node, Pod } from '../objects.ts';
import { stamp } from '../state.ts';
import { noSuchPath, notFound } from './problem.ts';
import type { ApiRequest } from './request.ts';
import type { ApiAnswer } from './resources.ts';
import { reviewed } from './reviews.ts';
import { labelSelector } from './selectors.ts';

/** What no object stands for: metrics, and who may do what. @returns `undefined` where the path is none of these */
export function made(world: World, request: ApiRequest, allowed: (verb: string) => boolean): ApiAnswer | undefined {
  const [root, group, , ...rest] = request.path;
  if (root !== 'apis') return undefined;
  if (group === 'metrics.k8s.io' && rest.length > 0) return { status: 200, body: metrics(world, request, rest) };
  return reviewed(world, request, allowed);
}

const API = 'metrics.k8s.io/v1beta1';

function metrics(world: World, { query }: ApiRequest, rest: string[]): object {
  const spaced = rest[0] === 'namespaces';
  const [resource, name] = spaced ? rest.slice(2) : rest;
  const labels = labelSelector(query.get('labelSelector') ?? '');
  const pods = world.store
    .list(PODS, spaced ? rest[1] : undefined)
    .filter((pod) => pod.status.containerStatuses[0]?.state.running);
  const all =
    resource === 'pods'
      ? pods.filter(labels).map((pod) => ofPod(world, pod))
      : resource === 'nodes'
        ? world.store.list(NODES).map((node) => ofNode(world, node, pods))
        : undefined;
  if (!all) throw noSuchPath();
  if (name === undefined)
    return { kind: resource === 'pods' ? 'PodMetricsList' : 'NodeMetricsList', apiVersion: API, metadata: {}, items: all };
  const one = all.find(({ metadata }) => metadata.name === name);
  if (!one) throw notFound({ group: 'metrics.k8s.io', resource: resource ?? '' }, name);
  return one;
}

const amounts = (millicores: number, bytes: number) => ({
  cpu: `${Math.round(millicores * 1_000_000)}n`,
  memory: `${Math.round(bytes / 1024)}Ki`,
});

function ofPod(world: World, pod: Pod) {
  const { name, namespace, labels } = pod.metadata;
  const times = { timestamp: stamp(world.now), window: '15s' };
  const usage = amounts(processorOf(world, pod), memoryOf(world, pod));
  const metadata = { name, namespace, labels, creationTimestamp: stamp(world.now) };
  return { kind: 'PodMetrics', apiVersion: API, metadata, ...times, containers: [{ name: pod.spec.containers[0]?.name, usage }] };
}

function ofNode(world: World, { metadata: { name } }: Node, pods: readonly Pod[]) {
  const here = pods.filter(({ spec }) => spec.nodeName === name);
  const sum = (of: (world: World, pod: Pod) => number) => here.reduce((all, pod) => all + of(world, pod), 0);
  const usage = amounts(120 + sum(processorOf), 900 * 1024 * 1024 + sum(memoryOf));
  return {
    kind: 'NodeMetrics',
    apiVersion: API,
    metadata: { name, creationTimestamp: stamp(world.now) },
    timestamp: stamp(world.now),
    window: '15s',
    usage,
  };
}
