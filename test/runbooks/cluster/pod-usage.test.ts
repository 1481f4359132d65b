import { describe, expect, it } from 'vitest';
import { podMetrics, pods } from '../../../runbooks/cluster/kinds.ts';
import { podUsage } from '../../../runbooks/cluster/pod-usage.ts';
import { ClusterFault } from '../../../runbooks/language/cluster.ts';
import { backendPod, SELECTOR } from './backend.ts';
import { InMemoryCluster, oneTurn } from './in-memory-cluster.ts';

const usage = (pod: string, cpu: string, memory: string) => ({
  metadata: { name: pod, labels: { 'app.kubernetes.io/name': 'saveit-backend' } },
  containers: [{ name: 'backend', usage: { cpu, memory } }],
});
const look = (cluster: InMemoryCluster) => oneTurn(cluster, podUsage, { selector: SELECTOR });

describe('what pods use', () => {
  it('stands beside what they may use', async () => {
    const cluster = new InMemoryCluster().put(pods, backendPod('b-1')).put(podMetrics, usage('b-1', '912345678n', '1006632Ki'));
    expect(await look(cluster)).toMatchObject({
      facts: {
        metrics: 'read',
        why: '',
        containers: [
          {
            ...{ pod: 'b-1', container: 'backend', ready: true, runsSeconds: 3_625 },
            ...{ memoryMb: 983, memoryLimitMb: 1_024, memoryPercent: 96 },
            ...{ cpuMillicores: 912, cpuLimitMillicores: 1_000, cpuPercent: 91, oomKilledSecondsAgo: null },
          },
        ],
      },
      evidence: 'b-1 backend 912345678n 1006632Ki',
    });
  });

  it('has no percent where there is no limit, and nothing of who is not measured', async () => {
    const free = { ...backendPod('b-1'), spec: { containers: [{ name: 'backend' }] } };
    const cluster = new InMemoryCluster()
      .put(pods, free)
      .put(pods, backendPod('b-2'))
      .put(podMetrics, usage('b-1', '5m', '64Mi'));
    expect(await look(cluster)).toMatchObject({
      facts: {
        containers: [
          { memoryMb: 64, memoryLimitMb: null, memoryPercent: null, cpuPercent: null },
          { memoryMb: null, memoryLimitMb: 1_024, memoryPercent: null },
        ],
      },
    });
  });

  it('tells who was killed for want of memory within the hour, and not before', async () => {
    const cluster = new InMemoryCluster()
      .put(pods, backendPod('b-1', { killedAt: '2026-10-04T03:00:25Z' }))
      .put(pods, backendPod('b-2', { killedAt: '2026-10-04T02:00:00Z' }));
    expect(await look(cluster)).toMatchObject({
      facts: { containers: [{ oomKilledSecondsAgo: 840 }, { oomKilledSecondsAgo: null }] },
    });
  });

  it('leaves out pods that are over', async () => {
    const cluster = new InMemoryCluster().put(pods, backendPod('b-1', { phase: 'Succeeded' }));
    expect(await look(cluster)).toMatchObject({ facts: { metrics: 'read', containers: [] } });
  });

  it.each([
    [
      'absent',
      new ClusterFault('refused', 'list pods: the cluster answered 404: the server could not find the requested resource'),
    ],
    ['not-ready', new ClusterFault('unreachable', 'list pods: the cluster answered 503: the server is currently unable')],
  ])('says that the metrics are %s, and tells the rest', async (metrics, fault) => {
    const cluster = new InMemoryCluster().put(pods, backendPod('b-1'));
    cluster.faults.set('list metrics.k8s.io/pods', [fault]);
    expect(await look(cluster)).toMatchObject({ facts: { metrics, why: fault.message, containers: [{ memoryMb: null }] } });
  });

  it('is not ready where nothing was measured of pods that run', async () => {
    expect(await look(new InMemoryCluster().put(pods, backendPod('b-1')))).toMatchObject({
      facts: { metrics: 'not-ready', why: 'nothing was measured of these pods yet' },
    });
  });

  it.each(['forbidden', 'throttled', 'unauthorized'] as const)('is no answer where it is %s', async (kind) => {
    const cluster = new InMemoryCluster().put(pods, backendPod('b-1'));
    cluster.faults.set('list metrics.k8s.io/pods', [new ClusterFault(kind, 'no')]);
    await expect(look(cluster)).rejects.toMatchObject({ kind });
  });

  it('is no answer where the pods can not be had', async () => {
    const cluster = new InMemoryCluster();
    cluster.faults.set('list pods', [new ClusterFault('unreachable', 'no answer')]);
    await expect(look(cluster)).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('guesses no unit', async () => {
    const cluster = new InMemoryCluster().put(pods, backendPod('b-1')).put(podMetrics, usage('b-1', '5m', '64 MB'));
    await expect(look(cluster)).rejects.toThrow('no quantity');
  });
});
