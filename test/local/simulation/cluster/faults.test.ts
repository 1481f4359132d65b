import { expect, it } from 'vitest';
import * as z from 'zod';
import { DEPLOYMENTS } from '../../../../local/simulation/cluster/kinds.ts';
import { measurements, readiness } from '../../../../local/simulation/cluster/outside.ts';
import { CLUSTER_FAULTS } from '../../../../local/simulation/faults/cluster.ts';
import { type ClusterStage, clusterStage } from './stage.ts';

/** Which alert each fault raises; the API's own raise none, and neither do others that are harmless alone, because Save-It is well. */
const ALERTS: Readonly<Record<string, string>> = {
  'saveit-connections-exhausted': 'DatabaseConnectionFailures',
  'saveit-pool-leaked': 'DatabaseConnectionFailures',
  'saveit-connections-foreign': 'DatabaseConnectionFailures',
  'saveit-database-refused': 'DatabaseConnectionFailures',
  'saveit-pool-stale': 'DatabaseConnectionFailures',
  'saveit-memory-high': 'HighMemoryUsage',
  'saveit-memory-leak': 'HighMemoryUsage',
  'saveit-oom-killed': 'HighMemoryUsage',
  'saveit-memory-load': 'HighMemoryUsage',
  'saveit-memory-no-room': 'HighMemoryUsage',
};
const ALERTS_BY_PREFIX = {
  'saveit-cpu-': 'HighCpuUsage',
  'saveit-certificate-': 'CertificateExpired',
  'saveit-redis-': 'RedisUnreachable',
  'saveit-mqtt-': 'MqttBrokerDown',
};

const Certificate = z.object({ status: z.object({ revision: z.int(), conditions: z.array(z.looseObject({})) }) });
const Orders = z.object({ items: z.array(z.object({ status: z.object({ state: z.string() }) })) });

const alertOf = (id: string) =>
  ALERTS[id] ?? Object.entries(ALERTS_BY_PREFIX).find(([prefix]) => id.startsWith(prefix))?.[1] ?? 'ApplicationNotResponding';

function firing({ cluster }: ClusterStage): string[] {
  cluster.settle();
  return measurements(cluster).flatMap(({ alert, firing }) => (firing ? [alert] : []));
}

/** A change as a client makes it. */
async function send({ url }: ClusterStage, path: string, body: unknown, type = 'merge-patch'): Promise<number> {
  const headers = { 'content-type': `application/${type}+json` };
  return (await fetch(`${url}${path}`, { method: 'PATCH', headers, body: JSON.stringify(body) })).status;
}
const deployment = (name: string) => `/apis/apps/v1/namespaces/saveit/deployments/${name}`;
async function restart(stage: ClusterStage, name = 'saveit-backend', takes = 90): Promise<void> {
  const annotations = { 'kubectl.kubernetes.io/restartedAt': stage.clock.now().toISOString() };
  expect(await send(stage, deployment(name), { spec: { template: { metadata: { annotations } } } })).toBe(200);
  stage.seconds(takes);
}

it('is well when nothing is wrong', async () => {
  const stage = await clusterStage();
  expect([firing(stage), readiness(stage.cluster).status]).toEqual([[], 200]);
});

it.each(CLUSTER_FAULTS.filter(({ api, harmless }) => !api && !harmless).map(({ id }) => id))(
  '%s raises its own alert, and is over when it is switched off',
  async (id) => {
    const stage = await clusterStage();
    stage.cluster.switchOn(id);
    stage.seconds(20);
    expect(firing(stage)).toContain(alertOf(id));
    // Another process takes up what is wrong.
    expect(
      stage
        .reopen()
        .active()
        .map(({ fault }) => fault.id),
    ).toEqual([id]);
    stage.cluster.switchOff(id);
    stage.seconds(20 * 60);
    expect(firing(stage)).toEqual([]);
  },
);

it.each([
  'saveit-hung',
  'saveit-crash-looping',
  'saveit-pool-leaked',
  'saveit-pool-stale',
  'saveit-memory-high',
  'saveit-oom-killed',
  'saveit-mqtt-one-pod',
  'saveit-mqtt-no-nc',
])('%s is over after a restart of the backend', async (id) => {
  const stage = await clusterStage();
  stage.cluster.switchOn(id);
  stage.seconds(5);
  await restart(stage);
  expect(firing(stage)).toEqual([]);
});

it.each([
  'saveit-crash-broken',
  'saveit-image-pull',
  'saveit-bad-config',
  'saveit-paused',
  'saveit-connections-exhausted',
  'saveit-mqtt-stays',
  'saveit-mqtt-silent',
  'saveit-redis-down',
])('%s is not over after a restart of the backend', async (id) => {
  const stage = await clusterStage();
  stage.cluster.switchOn(id);
  stage.seconds(5);
  await restart(stage);
  expect(firing(stage)).toContain(alertOf(id));
});

it.each([
  ['saveit-redis-down', []],
  ['saveit-redis-no-persistence', []],
  ['saveit-redis-loading', ['RedisUnreachable']],
])('%s, after a restart of Redis', async (id, left) => {
  const stage = await clusterStage();
  stage.cluster.switchOn(id);
  await restart(stage, 'redis');
  expect(firing(stage)).toEqual(left);
});

it('relieves processors by a higher bound of the autoscaler, by replicas where there is none, and not without room', async () => {
  const stage = await clusterStage();
  const hpa = '/apis/autoscaling/v2/namespaces/saveit/horizontalpodautoscalers/saveit-backend-hpa';
  stage.cluster.switchOn('saveit-cpu-pinned');
  stage.seconds(300);
  expect(firing(stage), 'at its maximum').toEqual(['HighCpuUsage']);
  expect(await send(stage, hpa, [{ op: 'replace', path: '/spec/maxReplicas', value: 15 }], 'json-patch')).toBe(200);
  stage.seconds(120);
  expect(firing(stage)).toEqual([]);
  const without = await clusterStage();
  without.cluster.switchOn('saveit-cpu-no-hpa');
  expect(await send(without, `${deployment('saveit-backend')}/scale`, { spec: { replicas: 5 } })).toBe(200);
  without.seconds(60);
  expect(firing(without)).toEqual([]);
  const full = await clusterStage();
  full.cluster.switchOn('saveit-memory-no-room');
  expect(await send(full, hpa, { spec: { minReplicas: 5 } })).toBe(200);
  full.seconds(1);
  const pods = await (await fetch(`${full.url}/api/v1/namespaces/saveit/pods?fieldSelector=status.phase%3DPending`)).text();
  expect(pods).toContain('0/3 nodes are available: 3 Insufficient cpu.');
});

it('makes no more pods because the first that is back has the load of all', async () => {
  const stage = await clusterStage();
  stage.cluster.switchOn('saveit-crash-looping');
  stage.seconds(120);
  await restart(stage, 'saveit-backend', 0);
  // It looks whenever something happens: at each second, here.
  for (let second = 0; second < 90; second += 1) {
    stage.seconds(1);
    stage.cluster.settle();
  }
  expect(stage.cluster.store.get(DEPLOYMENTS, 'saveit', 'saveit-backend')?.spec.replicas).toBe(3);
});

it.each([
  ['saveit-certificate-expired', [], undefined, 5],
  ['saveit-certificate-order-fails', ['CertificateExpired'], 'invalid', 4],
  ['saveit-certificate-rate-limited', ['CertificateExpired'], 'errored', 4],
])('%s: renewed as cmctl asks for it', async (id, left, state, revision) => {
  const stage = await clusterStage();
  stage.cluster.switchOn(id);
  const path = '/apis/cert-manager.io/v1/namespaces/saveit/certificates/saveit-tls';
  const look = async () => Certificate.parse(await (await fetch(`${stage.url}${path}`)).json());
  const certificate = await look();
  const issuing = {
    type: 'Issuing',
    status: 'True',
    reason: 'ManuallyTriggered',
    message: 'Certificate re-issuance manually triggered',
  };
  expect(await send(stage, `${path}/status`, { status: { conditions: [...certificate.status.conditions, issuing] } })).toBe(200);
  stage.seconds(30);
  expect(firing(stage)).toEqual(left);
  const orders = Orders.parse(await (await fetch(`${stage.url}/apis/acme.cert-manager.io/v1/namespaces/saveit/orders`)).json());
  expect(orders.items.at(-1)?.status.state).toBe(state ?? 'valid');
  expect((await look()).status.revision).toBe(revision);
});

it('throttles, breaks off, forgets who asks, and forbids', async () => {
  const stage = await clusterStage();
  const ask = async () => {
    try {
      const answer = await fetch(`${stage.url}/api/v1/namespaces/saveit/pods`);
      await answer.text();
      return [answer.status, answer.headers.get('retry-after')];
    } catch {
      return 'broken off';
    }
  };
  stage.cluster.switchOn('saveit-api-throttles');
  expect([await ask(), await ask(), await ask()]).toEqual([
    [429, '1'],
    [429, '1'],
    [200, null],
  ]);
  stage.cluster.switchOff('saveit-api-throttles');
  stage.cluster.switchOn('saveit-api-cuts');
  const answers = [await ask(), await ask()];
  expect(answers, 'every second one').toContainEqual([200, null]);
  expect(answers).toContain('broken off');
  stage.cluster.switchOff('saveit-api-cuts');
  stage.cluster.switchOn('saveit-api-forgets');
  expect(await ask()).toEqual([401, null]);
  stage.cluster.switchOff('saveit-api-forgets');
  stage.cluster.switchOn('saveit-api-forbids');
  expect(await ask()).toEqual([200, null]);
  expect(await send(stage, deployment('redis'), {})).toBe(403);
});
