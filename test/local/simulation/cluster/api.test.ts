import { Writable } from 'node:stream';
import { ApiException, AppsV1Api, AutoscalingV2Api, BatchV1Api, CoreV1Api, Exec, Metrics, Watch } from '@kubernetes/client-node';
import { expect, it } from 'vitest';
import { type ClusterStage, clusterStage } from './stage.ts';

const namespace = 'saveit';
const labelSelector = 'app.kubernetes.io/name=saveit-backend';

async function backends({ config }: ClusterStage) {
  return (await config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace, labelSelector })).items;
}

const code = (error: unknown) => (error instanceof ApiException ? error.code : String(error));

/** As `kubectl rollout restart` does it, but with a merge of the annotation alone. */
async function restart({ url }: ClusterStage, deployment: string, at: string): Promise<void> {
  const body = JSON.stringify({ spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': at } } } } });
  const path = `${url}/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`;
  const answer = await fetch(path, {
    method: 'PATCH',
    headers: { 'content-type': 'application/strategic-merge-patch+json' },
    body,
  });
  expect(answer.status).toBe(200);
}

it('shows a well Save-It to the official client: pods, autoscaler, metrics, a log', async () => {
  const stage = await clusterStage();
  const pods = await backends(stage);
  expect(pods.map(({ status }) => status?.containerStatuses?.[0]?.ready)).toEqual([true, true, true]);
  const { items } = await stage.config.makeApiClient(AutoscalingV2Api).listNamespacedHorizontalPodAutoscaler({ namespace });
  expect(items.map(({ spec }) => [spec?.minReplicas, spec?.maxReplicas])).toEqual([[3, 10]]);
  const metrics = await new Metrics(stage.config).getPodMetrics(namespace);
  expect(metrics.items.find(({ metadata }) => metadata.name === pods[0]?.metadata?.name)?.containers[0]?.usage.memory).toBe(
    '419840Ki',
  );
  const log = await stage.config
    .makeApiClient(CoreV1Api)
    .readNamespacedPodLog({ namespace, name: pods[0]?.metadata?.name ?? '', tailLines: 3, sinceSeconds: 60 });
  expect(log.trim().split('\n')).toHaveLength(3);
});

it('rolls a restart pod by pod, never with fewer than wanted, and says when it is over', async () => {
  const stage = await clusterStage();
  const apps = stage.config.makeApiClient(AppsV1Api);
  await restart(stage, 'saveit-backend', '2026-10-04T03:14:00Z');
  const available: number[] = [];
  const progress: string[] = [];
  for (let second = 0; second < 60; second += 1) {
    stage.seconds(1);
    const { status } = await apps.readNamespacedDeployment({ namespace, name: 'saveit-backend' });
    available.push(status?.availableReplicas ?? 0);
    progress.push(status?.conditions?.find(({ type }) => type === 'Progressing')?.reason ?? '');
  }
  expect(Math.min(...available)).toBe(3);
  expect([progress[0], progress.at(-1)]).toEqual(['ReplicaSetUpdated', 'NewReplicaSetAvailable']);
  const sets = (await apps.listNamespacedReplicaSet({ namespace, labelSelector })).items.map(({ spec }) => spec?.replicas);
  expect(sets.sort()).toEqual([0, 3]);
  expect(stage.reopen().store.state.objects, 'a restart reads what was written').toEqual(stage.cluster.store.state.objects);
});

it('runs programs in containers, with their exit codes', async () => {
  const stage = await clusterStage();
  const [pod] = await backends(stage);
  const run = async (...command: string[]) => {
    let said = '';
    const into = new Writable({
      write: (chunk, _encoding, done) => {
        said += String(chunk);
        done();
      },
    });
    const status = Promise.withResolvers<string>();
    const tell = ({
      status: how,
      details,
      message,
    }: {
      status?: string;
      message?: string;
      details?: { causes?: { message?: string }[] };
    }) => status.resolve(how === 'Success' ? '0' : (details?.causes?.[0]?.message ?? message ?? ''));
    await new Exec(stage.config).exec(namespace, pod?.metadata?.name ?? '', 'backend', command, into, into, null, false, tell);
    return [await status.promise, said.trim()];
  };
  expect(await run('redis-cli', '-h', 'redis', '-p', '6379', 'ping')).toEqual(['0', 'PONG']);
  expect(await run('nc', '-zv', 'localhost', '1883')).toEqual([
    '0',
    'Connection to localhost (127.0.0.1) 1883 port [tcp/*] succeeded!',
  ]);
  expect(await run('nc', '-zv', 'localhost', '1884')).toEqual([
    '1',
    'nc: connect to localhost (127.0.0.1) 1884 port (tcp) failed: Connection refused',
  ]);
  expect((await run('python', '-c', 'from app.core.database import engine; print(engine.connect())'))[0]).toBe('0');
  expect((await run('sh', '-c', 'absent --version'))[0]).toBe('127');
  expect((await run('absent'))[0]).toMatch(/executable file not found/);
});

it('runs a Job once, keeps what it printed, and forgets it when its time is up', async () => {
  const stage = await clusterStage();
  const command = [
    'psql',
    '-X',
    '-A',
    '-t',
    '-c',
    'SELECT count(*) AS connections, max(now() - query_start) AS longest_query FROM pg_stat_activity',
  ];
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'psql', image: 'postgres:16-alpine', command }] } };
  await stage.config
    .makeApiClient(BatchV1Api)
    .createNamespacedJob({ namespace, body: { metadata: { name: 'look' }, spec: { template, ttlSecondsAfterFinished: 60 } } });
  stage.seconds(5);
  const job = await stage.config.makeApiClient(BatchV1Api).readNamespacedJob({ namespace, name: 'look' });
  expect(job.status?.succeeded).toBe(1);
  const core = stage.config.makeApiClient(CoreV1Api);
  const [pod] = (await core.listNamespacedPod({ namespace, labelSelector: 'job-name=look' })).items;
  expect(await core.readNamespacedPodLog({ namespace, name: pod?.metadata?.name ?? '' })).toBe('16|00:00:05\n');
  stage.seconds(61);
  expect((await core.listNamespacedPod({ namespace, labelSelector: 'job-name=look' })).items).toEqual([]);
});

it('tells refusals apart: absence, conflict, a wrong shape, an unknown patch, an unknown or old token', async () => {
  const stage = await clusterStage();
  const apps = stage.config.makeApiClient(AppsV1Api);
  const body = await apps.readNamespacedDeployment({ namespace, name: 'redis' });
  await restart(stage, 'redis', '2026-10-04T03:14:00Z');
  expect(await apps.replaceNamespacedDeployment({ namespace, name: 'redis', body }).catch(code)).toBe(409);
  expect(await apps.readNamespacedDeployment({ namespace, name: 'absent' }).catch(code)).toBe(404);
  const patch = (type: string, sent: unknown, token?: string) =>
    fetch(`${stage.url}/apis/autoscaling/v2/namespaces/saveit/horizontalpodautoscalers/saveit-backend-hpa`, {
      method: 'PATCH',
      headers: { 'content-type': type, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(sent),
    }).then(({ status }) => status);
  const json = 'application/json-patch+json';
  expect(await patch(json, [{ op: 'replace', path: '/spec/maxReplicas', value: 2 }])).toBe(422);
  expect(await patch(json, [{ op: 'test', path: '/spec/maxReplicas', value: 11 }])).toBe(422);
  expect(await patch(json, [{ op: 'replace', path: '/spec/maxReplicas', value: 15 }])).toBe(200);
  expect(await patch('application/apply-patch+yaml', {})).toBe(415);
  expect(await patch(json, [], 'nobody')).toBe(401);
  expect(await patch(json, [], presigned('20261004T031400Z'))).toBe(200);
  expect(await patch(json, [], presigned('20261004T021400Z')), 'an hour old').toBe(401);
});

function presigned(at: string): string {
  const query = `Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Date=${at}&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id`;
  return `k8s-aws-v1.${Buffer.from(`https://sts.us-east-1.amazonaws.com/?${query}`).toString('base64url')}`;
}

it('watches from a version on, and ends with the request', async () => {
  const stage = await clusterStage();
  const before = await stage.config.makeApiClient(AppsV1Api).listNamespacedDeployment({ namespace });
  const seen: string[] = [];
  const over = Promise.withResolvers<void>();
  await restart(stage, 'saveit-frontend', '2026-10-04T03:14:00Z');
  await new Watch(stage.config).watch(
    `/apis/apps/v1/namespaces/${namespace}/deployments`,
    { resourceVersion: before.metadata?.resourceVersion, fieldSelector: 'metadata.name=saveit-frontend', timeoutSeconds: 30 },
    (type, object) => seen.push(`${type} ${object.metadata.name}`),
    () => over.resolve(),
  );
  await over.promise;
  expect(new Set(seen)).toEqual(new Set(['MODIFIED saveit-frontend']));
  expect(seen.length).toBeGreaterThan(3);
});
