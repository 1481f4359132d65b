import { roomOf } from '../cluster/controllers/scheduler.ts';
import type { ClusterFault, World } from '../cluster/fault.ts';
import { AUTOSCALER, NAMESPACE } from '../cluster/healthy.ts';
import { AUTOSCALERS, NODES, PODS } from '../cluster/kinds.ts';
import { BACKEND } from './cluster-objects.ts';

const HPA = 'saveit-backend-hpa';
/** What is left of each node, in thousandths of a processor: less than a backend requests. */
const LEFT = 200;
/** More than ten backends can do, and fifteen can. */
const HEAVY = 12_500;

/** An import that somebody has begun takes what the nodes have left. */
function fill(world: World): undefined {
  for (const [at, node] of world.store.list(NODES).entries()) {
    const cpu = roomOf(world, node).cpu - LEFT;
    const resources = { requests: { cpu: `${cpu}m` } };
    const containers = [
      { name: 'import', image: 'registry.saveit.ai/saveit/import:2.8.1', command: ['sleep', '86400'], resources },
    ];
    world.store.create(PODS, {
      metadata: { name: `bulk-import-${at}`, namespace: 'default' },
      spec: { nodeName: node.metadata.name, containers },
    });
  }
}

function empty({ store }: World): void {
  for (const pod of store.list(PODS, 'default').filter(({ metadata }) => metadata.name.startsWith('bulk-import-')))
    store.remove(PODS, pod);
}

const FULL_MEMORY = ['WARNING:  app.core.memory: memory use is high, caches are not given back'];

export const loadFaults: ClusterFault[] = [
  {
    id: 'saveit-memory-high',
    title: 'The backends hold 94 % of their memory limit, which they do not give back; new pods are well',
    effects: [{ app: BACKEND, pods: 'older', memory: { share: 0.94, afterMinutes: 0 }, lines: FULL_MEMORY }],
  },
  {
    id: 'saveit-memory-leak',
    title: 'The backends hold nearly all of their memory limit, and again eight minutes after a restart',
    effects: [{ app: BACKEND, pods: 'all', memory: { share: 0.97, afterMinutes: 8 }, lines: FULL_MEMORY }],
  },
  {
    id: 'saveit-oom-killed',
    title: 'The backends are killed again and again for want of memory; new pods are well',
    effects: [
      {
        app: BACKEND,
        pods: 'older',
        memory: { share: 0.99, afterMinutes: 0 },
        ends: { afterSeconds: 50, exitCode: 137, reason: 'OOMKilled', lines: [...FULL_MEMORY] },
      },
    ],
  },
  {
    id: 'saveit-memory-load',
    title: 'For an hour so much is asked that three backends hold 95 % of their memory limit; five have room',
    memoryLoad: { mebibytes: 2_300, forMinutes: 60 },
  },
  {
    id: 'saveit-memory-no-room',
    title: 'So much is asked that three backends hold 95 % of their memory limit, and no node has room for another',
    memoryLoad: { mebibytes: 2_300, forMinutes: 600 },
    on: fill,
    off: empty,
  },
  {
    id: 'saveit-cpu-pinned',
    title: 'The processors of all backends are busy, with as many of them as the autoscaler may make; fifteen would do',
    load: { millicores: HEAVY },
  },
  {
    id: 'saveit-cpu-no-hpa',
    title: 'The processors of the backends are busy, and no autoscaler looks after them; five would do',
    load: { millicores: 4_000 },
    on: ({ store }) => {
      const found = store.get(AUTOSCALERS, NAMESPACE, HPA);
      if (found) store.remove(AUTOSCALERS, found);
      return undefined;
    },
    off: ({ store }) => {
      if (!store.get(AUTOSCALERS, NAMESPACE, HPA))
        store.create(AUTOSCALERS, { metadata: { name: HPA, namespace: NAMESPACE }, spec: AUTOSCALER });
    },
  },
  {
    id: 'saveit-cpu-keda',
    title: 'The processors of all backends are busy, and the autoscaler is made by KEDA, which would undo any change of it',
    load: { millicores: HEAVY },
    on: (world) =>
      owned(world, [
        {
          apiVersion: 'keda.sh/v1alpha1',
          kind: 'ScaledObject',
          name: 'saveit-backend',
          uid: '5ca1ed0b-0000-4000-a000-000000000001',
          controller: true,
        },
      ]),
    off: (world) => void owned(world, []),
  },
  {
    id: 'saveit-cpu-no-room',
    title: 'The processors of all backends are busy, and no node has room for another',
    load: { millicores: HEAVY },
    on: fill,
    off: empty,
  },
];

function owned(
  { store }: World,
  ownerReferences: { apiVersion: string; kind: string; name: string; uid: string; controller: boolean }[],
): undefined {
  const found = store.get(AUTOSCALERS, NAMESPACE, HPA);
  if (!found) return;
  const { 'app.kubernetes.io/managed-by': _, ...labels } = found.metadata.labels ?? {};
  const by = ownerReferences.length > 0 && { 'app.kubernetes.io/managed-by': 'keda-operator' };
  store.save(AUTOSCALERS, { ...found, metadata: { ...found.metadata, labels: { ...labels, ...by }, ownerReferences } });
}
