import { CoreV1Api } from '@kubernetes/client-node';
import { BACKEND, NAMESPACE } from '../../cluster/fixtures/saveit.ts';
import {
  configError,
  cordonAll,
  crashLooping,
  type Illness,
  imagePullBackOff,
  letNewPodsBeWell,
  makeIll,
  makeNewPodsIll,
  notReady,
  oomKilled,
  well,
} from '../../cluster/illness.ts';
import { until } from '../until.ts';
import { podsOf, rolledOut, type Stage } from './stage.ts';

const SOON_MS = 120_000;
const BACKENDS = { namespace: NAMESPACE, name: BACKEND };
const ILLNESSES: Record<string, Illness> = {
  CrashLoopBackOff: crashLooping(),
  ImagePullBackOff: imagePullBackOff('registry.test/saveit/backend:nope'),
  CreateContainerConfigError: configError('secret "database" not found'),
};

/** Pods are ill here as they are on a real node, as far as the API tells it; the controllers take it for true. */
export async function illnesses(stage: Stage): Promise<void> {
  const { results, plane } = stage;
  const [pod] = await podsOf(stage, BACKEND);
  if (!pod) throw new Error('the backend has no pod');
  const which = { namespace: NAMESPACE, name: pod.name };
  const container = async () =>
    (await podsOf(stage, BACKEND)).find(({ name }) => name === pod.name)?.status?.containerStatuses?.[0];
  for (const [reason, illness] of Object.entries(ILLNESSES)) {
    await makeIll(plane.admin, which, illness);
    results.equal(`a pod can be in ${reason}`, (await container())?.state?.waiting?.reason, reason);
  }
  await until('the deployment misses the pod', async () => (await rolledOutSoon(stage)) === 'not yet', SOON_MS);
  await makeIll(plane.admin, which, oomKilled());
  const killed = await container();
  results.equal('or have been killed for its memory', killed?.lastState?.terminated?.reason, 'OOMKilled');
  results.equal('and run again', killed?.state?.running !== undefined && killed.restartCount, 3);
  await makeIll(plane.admin, which, notReady());
  results.equal('or not be ready', (await container())?.ready, false);
  await makeIll(plane.admin, which, well());
  results.equal('well again, the deployment is whole', await rolledOut(stage, BACKEND), 3);
  await noRestartHeals(stage, pod.name);
  await noRoom(stage);
}

async function rolledOutSoon(stage: Stage): Promise<'not yet' | 'whole'> {
  const pods = await podsOf(stage, BACKEND);
  return pods.every(({ status }) => status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'))
    ? 'whole'
    : 'not yet';
}

/** The pod that follows one that was deleted is ill as well, until the cause is gone. */
async function noRestartHeals(stage: Stage, name: string): Promise<void> {
  const { results, plane } = stage;
  const core = plane.admin.makeApiClient(CoreV1Api);
  await makeNewPodsIll(plane.admin, BACKENDS, 'backend', crashLooping({ restarts: 2 }));
  await core.deleteNamespacedPod({ name, namespace: NAMESPACE });
  const looping = await until(
    'the next pod crashes too',
    async () => {
      const pods = await podsOf(stage, BACKEND);
      return pods.find(({ status }) => status?.containerStatuses?.[0]?.state?.waiting?.reason === 'CrashLoopBackOff');
    },
    SOON_MS,
  );
  results.equal('what no restart can heal: the next pod crashes too', looping.status?.containerStatuses?.[0]?.restartCount, 2);
  await letNewPodsBeWell(plane.admin, BACKENDS);
  await core.deleteNamespacedPod({ name: looping.name, namespace: NAMESPACE });
  results.equal('the cause gone, the next one is well', await rolledOut(stage, BACKEND), 3);
}

/** The real scheduler says why there is no place. */
async function noRoom(stage: Stage): Promise<void> {
  const { results, plane } = stage;
  const core = plane.admin.makeApiClient(CoreV1Api);
  const [pod] = await podsOf(stage, BACKEND);
  await cordonAll(plane.admin, true);
  await core.deleteNamespacedPod({ name: pod?.name ?? '', namespace: NAMESPACE });
  const pending = await until(
    'a pod finds no node',
    async () =>
      (await podsOf(stage, BACKEND))
        .flatMap(({ status }) => status?.conditions ?? [])
        .find(({ type, status: is }) => type === 'PodScheduled' && is === 'False'),
    SOON_MS,
  );
  results.equal('a pod without a node is Pending, and unschedulable', pending.reason, 'Unschedulable');
  await cordonAll(plane.admin, false);
  results.equal('and is placed as soon as there is room', await rolledOut(stage, BACKEND), 3);
}
