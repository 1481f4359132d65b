import { DescribeClusterCommand, EKSClient, ListClustersCommand } from '@aws-sdk/client-eks';
import { expect, it } from 'vitest';
import { pods } from '../../runbooks/cluster/kinds.ts';
import { registered } from '../../runbooks/language/system.ts';
import { registry } from '../../runbooks/registry.ts';
import applicationNotResponding from '../../runbooks/saveit/application-not-responding.ts';
import { saveit } from '../../runbooks/saveit/system.ts';
import { whole } from './whole.ts';

it('serves Save-It’s cluster as EKS does: its address, a token, and the adapter that the functions use', async () => {
  const local = await whole({ monitoring: false });
  const eks = new EKSClient({});
  expect((await eks.send(new ListClustersCommand({}))).clusters).toEqual(['saveit']);
  const { cluster } = await eks.send(new DescribeClusterCommand({ name: 'saveit' }));
  expect(cluster?.endpoint).toBe(`${local.url}/kubernetes/saveit`);
  await expect(eks.send(new DescribeClusterCommand({ name: 'other' }))).rejects.toThrow('No cluster found');
  const opened = await local.around.clusters.open('saveit', 'saveit');
  const backends = await opened.list(pods, 'app.kubernetes.io/name=saveit-backend');
  expect(backends.map(({ status }) => status.phase)).toEqual(['Running', 'Running', 'Running']);
  const ran = await opened.exec(backends[0]?.metadata.name ?? '', 'backend', ['redis-cli', '-h', 'redis', 'ping'], '5s');
  expect([ran.exitCode, ran.stdout]).toEqual([0, 'PONG\n']);
});

it('serves what users see of it, its certificate and its Prometheus, and takes its faults', async () => {
  const local = await whole({ monitoring: false });
  const ready = () => fetch(`${local.url}/simulated/saveit/api/v1/health/ready`).then(({ status }) => status);
  const ask = async () =>
    (
      await fetch(`${local.url}/simulated/saveit/prometheus/api/v1/query`, {
        method: 'POST',
        body: new URLSearchParams({ query: 'sum(rate(http_requests_total{status=~"5.."}[5m]))' }),
      })
    ).text();
  expect([await ready(), (await local.around.handshake('api.saveit.ai', 443, 1_000)).trusted]).toEqual([200, true]);
  expect(await ask()).toContain('"0.04"');
  local.simulation.switchOn('saveit-hung');
  local.simulation.switchOn('saveit-certificate-expired');
  expect([await ready(), (await local.around.handshake('api.saveit.ai', 443, 1_000)).verification]).toEqual([
    503,
    'CERT_HAS_EXPIRED',
  ]);
  expect(await ask()).toContain('"17"');
  expect(
    local.simulation
      .faults()
      .filter(({ on }) => on)
      .map(({ id }) => id),
  ).toEqual(['saveit-hung', 'saveit-certificate-expired']);
  await expect(local.around.handshake('elsewhere.example', 443, 1_000)).rejects.toThrow('no front door');
});

it('lets no web page into the cluster', async () => {
  const { url } = await whole({ monitoring: false });
  const answer = await fetch(`${url}/kubernetes/saveit/api/v1/pods`, { headers: { origin: 'https://elsewhere.example' } });
  expect(answer.status).toBe(403);
});

it('raises an alert as Prometheus would, is repaired through its API, and clears', async () => {
  const system = registered(saveit);
  const local = await whole({
    registry: {
      systems: [...registry.systems.filter(({ id }) => id !== 'saveit'), system],
      runbooks: [applicationNotResponding],
    },
  });
  local.simulation.switchOn('saveit-hung');
  await local.until(async () => (await local.incidents()).some(({ status }) => status === 'resolved') && local.quiet());
  expect(await local.acts()).toEqual(['Restart the backend, pod by pod']);
}, 60_000);
