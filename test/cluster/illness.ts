import { CoreV1Api, CustomObjectsApi, type KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { apply } from './apply.ts';
import { FOR } from './fixtures/nodes.ts';
import type { PodName } from './pods.ts';

/** What the kubelet says of the one container of a pod that is ill. Times are ISO 8601. */
interface ContainerTrouble {
  state: object;
  lastState?: object;
  ready: boolean;
  restartCount: number;
}

export interface Illness {
  phase: 'Pending' | 'Running';
  trouble(container: string, at: string): ContainerTrouble;
}

interface Death {
  restarts?: number;
  exitCode?: number;
}

/** Its program ends soon after each start, and the kubelet waits longer each time. */
export function crashLooping({ restarts = 7, exitCode = 1 }: Death = {}): Illness {
  return {
    phase: 'Running',
    trouble: (container, at) => ({
      state: {
        waiting: { reason: 'CrashLoopBackOff', message: `back-off 5m0s restarting failed container=${container}` },
      },
      lastState: died('Error', exitCode, at),
      ready: false,
      restartCount: restarts,
    }),
  };
}

/** The kernel killed it for its memory; it runs again. */
export function oomKilled({ restarts = 3 }: Death = {}): Illness {
  return {
    phase: 'Running',
    trouble: (_, at) => ({
      state: { running: { startedAt: at } },
      lastState: died('OOMKilled', 137, at),
      ready: true,
      restartCount: restarts,
    }),
  };
}

/** Its image can't be had. */
export function imagePullBackOff(image: string): Illness {
  return waiting('ImagePullBackOff', `Back-off pulling image "${image}"`);
}

/** What it names, such as a Secret's key, is not there. */
export function configError(message: string): Illness {
  return waiting('CreateContainerConfigError', message);
}

/** It runs, and its readiness probe says no. */
export function notReady(): Illness {
  return { phase: 'Running', trouble: (_, at) => ({ state: { running: { startedAt: at } }, ready: false, restartCount: 0 }) };
}

/** What it is when nothing ails it: takes an illness back. */
export function well(): Illness {
  return { phase: 'Running', trouble: (_, at) => ({ state: { running: { startedAt: at } }, ready: true, restartCount: 0 }) };
}

function waiting(reason: string, message: string): Illness {
  return { phase: 'Pending', trouble: () => ({ state: { waiting: { reason, message } }, ready: false, restartCount: 0 }) };
}

function died(reason: string, exitCode: number, at: string): object {
  return { terminated: { reason, exitCode, startedAt: at, finishedAt: at } };
}

function conditions(ready: boolean, container: string, at: string): object[] {
  const unready = { reason: 'ContainersNotReady', message: `containers with unready status: [${container}]` };
  const of = (type: string) => ({ type, status: ready ? 'True' : 'False', lastTransitionTime: at, ...(ready ? {} : unready) });
  return [of('Ready'), of('ContainersReady')];
}

/** Makes a pod ill that is there. kwok leaves its status alone from then on. */
export async function makeIll(admin: KubeConfig, { name, namespace }: PodName, illness: Illness, at = new Date()): Promise<void> {
  const core = admin.makeApiClient(CoreV1Api);
  const pod = await core.readNamespacedPod({ name, namespace });
  const time = at.toISOString();
  const containers = pod.spec?.containers ?? [];
  const containerStatuses = containers.map(({ name: container, image }) => ({
    name: container,
    image,
    imageID: '',
    ...illness.trouble(container, time),
  }));
  const ready = containerStatuses.every((status) => status.ready);
  const status = {
    phase: illness.phase,
    conditions: conditions(ready, containers[0]?.name ?? '', time),
    containerStatuses,
  };
  const body = { status };
  // Merged as a whole: a list in it replaces the one before, so that nothing of an earlier illness is left.
  await core.patchNamespacedPodStatus({ name, namespace, body }, setHeaderOptions('Content-Type', PatchStrategy.MergePatch));
}

/** Makes every pod ill that a workload gets from now on, whoever starts it: what no restart can heal. */
export async function makeNewPodsIll(
  admin: KubeConfig,
  { namespace, name: workload }: PodName,
  container: string,
  illness: Illness,
): Promise<void> {
  const now = '{{ Now }}';
  const trouble = illness.trouble(container, now);
  const status = {
    phase: illness.phase,
    conditions: conditions(trouble.ready, container, now),
    containerStatuses: [{ name: container, image: 'IMAGE', imageID: '', ...trouble }],
    hostIP: '127.0.0.1',
    podIP: 'ADDRESS',
    startTime: now,
  };
  // JSON is YAML; what only kwok knows is filled in by its template.
  const statusTemplate = JSON.stringify(status)
    .replace('"IMAGE"', '{{ (index .spec.containers 0).image | Quote }}')
    .replace('"ADDRESS"', '{{ PodIPWith .spec.nodeName false .metadata.uid .metadata.name .metadata.namespace | Quote }}')
    .replaceAll('"{{ Now }}"', '{{ Now | Quote }}');
  await apply(admin, [
    {
      apiVersion: 'kwok.x-k8s.io/v1alpha1',
      kind: 'Stage',
      metadata: { name: `ill-${namespace}-${workload}` },
      spec: {
        resourceRef: { apiGroup: 'v1', kind: 'Pod' },
        selector: {
          matchLabels: { 'app.kubernetes.io/name': workload },
          matchExpressions: [
            { key: '.metadata.namespace', operator: 'In', values: [namespace] },
            { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' },
            { key: '.status.podIP', operator: 'DoesNotExist' },
          ],
        },
        // Only a stage without any weight beside it is taken at random: this one always wins over kwok's own.
        weight: 1,
        next: { statusTemplate },
      },
    },
  ]);
}

/** New pods of the workload are well again. */
export async function letNewPodsBeWell(admin: KubeConfig, { namespace, name }: PodName): Promise<void> {
  const custom = admin.makeApiClient(CustomObjectsApi);
  await custom.deleteClusterCustomObject({
    group: 'kwok.x-k8s.io',
    version: 'v1alpha1',
    plural: 'stages',
    name: `ill-${namespace}-${name}`,
  });
}

/** Closes nodes to new pods, or opens them again: pods that are made meanwhile stay Pending. @param namespace whose nodes; everybody's if not said */
export async function cordonAll(admin: KubeConfig, unschedulable: boolean, namespace?: string): Promise<void> {
  const core = admin.makeApiClient(CoreV1Api);
  const { items } = await core.listNode({ labelSelector: namespace === undefined ? `!${FOR}` : `${FOR}=${namespace}` });
  for (const { metadata } of items)
    await core.patchNode(
      { name: metadata?.name ?? '', body: { spec: { unschedulable } } },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );
}
