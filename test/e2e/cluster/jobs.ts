import { BatchV1Api, CoreV1Api } from '@kubernetes/client-node';
import { apply, type Manifest } from '../../cluster/apply.ts';
import { NAMESPACE } from '../../cluster/fixtures/saveit.ts';
import { until } from '../until.ts';
import type { Stage } from './stage.ts';

const SOON_MS = 120_000;
/** None is late that is not to be. */
const LONG_SECONDS = 300;
const SECRET = 'job-secret';

/** What a Job is made for is done, with what it takes from a Secret, and the real controller says how it ended. */
export async function jobs(stage: Stage): Promise<void> {
  const { results, plane } = stage;
  const metadata = { name: SECRET, namespace: NAMESPACE };
  await apply(plane.admin, [{ apiVersion: 'v1', kind: 'Secret', metadata, stringData: { word: 'sesame' } }]);
  const good = await ended(stage, 'asks', 'echo "open $WORD"; echo "in $HOME."', 'word');
  results.equal('a Job is done', good.condition, 'Complete');
  results.equal('with the Secret that it names, and nothing of this machine', good.log, 'open sesame\nin .\n');
  const bad = await ended(stage, 'fails', 'echo refused >&2; exit 2', 'word');
  results.equal('one that ends ill has failed', [bad.condition, bad.log], ['Failed', 'refused\n']);
  const late = await ended(stage, 'sleeps', 'sleep 600', 'word', 8);
  results.equal('one that takes too long is ended', late.condition, 'Failed');
  await apply(plane.admin, [job('misses', 'true', 'another-word')]);
  const core = plane.admin.makeApiClient(CoreV1Api);
  const waiting = await until(
    'the pod waits for its Secret',
    async () => {
      const { items } = await core.listNamespacedPod({ namespace: NAMESPACE, labelSelector: 'job-name=misses' });
      return items[0]?.status?.containerStatuses?.[0]?.state?.waiting?.reason;
    },
    SOON_MS,
  );
  results.equal('one whose Secret lacks the key waits, as on a node', waiting, 'CreateContainerConfigError');
}

async function ended(
  { plane }: Stage,
  name: string,
  script: string,
  key: string,
  seconds = LONG_SECONDS,
): Promise<{ condition: string; log: string }> {
  await apply(plane.admin, [job(name, script, key, seconds)]);
  const batch = plane.admin.makeApiClient(BatchV1Api);
  const core = plane.admin.makeApiClient(CoreV1Api);
  const condition = await until(
    `the Job ${name} ends`,
    async () => {
      const { status } = await batch.readNamespacedJob({ name, namespace: NAMESPACE });
      return status?.conditions?.find(({ type, status: is }) => is === 'True' && /^(Complete|Failed)$/.test(type))?.type;
    },
    SOON_MS,
  );
  const { items } = await core.listNamespacedPod({ namespace: NAMESPACE, labelSelector: `job-name=${name}` });
  const pod = items[0]?.metadata?.name;
  // A Job that is ended takes its pod with it.
  const log = pod === undefined ? '' : await core.readNamespacedPodLog({ name: pod, namespace: NAMESPACE }).catch(() => '');
  return { condition, log };
}

function job(name: string, script: string, key: string, activeDeadlineSeconds = LONG_SECONDS): Manifest {
  const env = [{ name: 'WORD', valueFrom: { secretKeyRef: { name: SECRET, key } } }];
  const containers = [{ name: 'job', image: 'registry.test/job:1', command: ['/bin/sh', '-c', script], env }];
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds,
      template: { spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, containers } },
    },
  };
}
