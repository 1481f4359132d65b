import { describe, expect, it } from 'vitest';
import { deployments, pods } from '../../../runbooks/cluster/kinds.ts';
import { scaleBackDeployment } from '../../../runbooks/cluster/scale-back-deployment.ts';
import { scaleDeployment } from '../../../runbooks/cluster/scale-deployment.ts';
import { ClusterFault } from '../../../runbooks/language/cluster.ts';
import { backendDeployment, backendPod, SELECTOR } from './backend.ts';
import { InMemoryCluster, oneTurn, TURN } from './in-memory-cluster.ts';

const CALL = { deployment: 'saveit-backend', selector: SELECTOR, from: 3, to: 5, generation: 4 };
const ON = ['saveit-backend'];
const SCALE = 'patch deployments/saveit-backend/scale';
/** A turn so many seconds after its start. */
const after = (seconds: number) => ({
  ...TURN,
  now: new Date(Date.parse(TURN.startedAt) + seconds * 1_000).toISOString(),
});
const scale = (cluster: InMemoryCluster, seconds = 5) =>
  oneTurn(cluster, scaleDeployment, CALL, { on: ON, turn: after(seconds) });
const replicas = (cluster: InMemoryCluster) => cluster.raw(deployments, 'saveit-backend')?.spec;

async function asked(): Promise<InMemoryCluster> {
  const cluster = new InMemoryCluster().put(deployments, backendDeployment());
  for (const name of ['b-1', 'b-2', 'b-3']) cluster.put(pods, backendPod(name));
  expect(await scale(cluster)).toEqual({ waitsFor: 'saveit-backend: 5 pods instead of 3' });
  // The API raises the generation with each change of what it is to be.
  await moved(cluster, { metadata: { generation: 5 } });
  cluster.changes.length = 0;
  return cluster;
}
const moved = async (cluster: InMemoryCluster, patch: Record<string, unknown>) => {
  await cluster.patch(deployments, 'saveit-backend', patch);
  cluster.changes.length = 0;
};

describe('giving a deployment more pods', () => {
  it('sets their number once, through the subresource, and waits until they carry their share', async () => {
    const cluster = await asked();
    expect(replicas(cluster)).toMatchObject({ replicas: 5 });
    expect(await scale(cluster)).toEqual({ waitsFor: 'saveit-backend: 3 of 5 pods are available' });
    for (const name of ['b-4', 'b-5']) cluster.put(pods, backendPod(name, { readySince: '2026-10-04T03:15:00Z' }));
    await moved(cluster, { status: { observedGeneration: 5, availableReplicas: 5 } });
    expect(await scale(cluster, 60)).toEqual({ waitsFor: 'saveit-backend: the new pods to take their share' });
    expect(await scale(cluster, 110)).toEqual({
      facts: { deployment: 'saveit-backend', from: 3, to: 5, at: TURN.startedAt, tookSeconds: 110 },
    });
    expect(cluster.changes).toEqual([]);
  });

  it('takes pods back that no node has room for, and says so', async () => {
    const cluster = await asked();
    cluster.put(pods, backendPod('b-4', { unschedulable: '0/3 nodes are available: 3 Insufficient memory.' }));
    expect(await scale(cluster, 100)).toHaveProperty('waitsFor');
    await expect(scale(cluster, 241)).rejects.toThrow(
      'did not come to 5 pods and has 3 again: no node has room: 0/3 nodes are available: 3 Insufficient memory.',
    );
    expect(cluster.changes).toEqual([SCALE]);
    expect(replicas(cluster)).toMatchObject({ replicas: 3 });
    // Had it died before it could say so, it does not begin again.
    await moved(cluster, { metadata: { generation: 6 } });
    await expect(scale(cluster, 246)).rejects.toThrow('is to have 3 pods: that is left alone');
    expect(cluster.changes).toEqual([]);
  });

  it('takes pods back that never become available', async () => {
    const cluster = await asked();
    cluster.put(pods, backendPod('b-4', { waiting: 'CrashLoopBackOff' }));
    expect(await scale(cluster, 300)).toEqual({
      waitsFor: 'saveit-backend: 3 of 5 pods are available (b-4 is CrashLoopBackOff)',
    });
    await expect(scale(cluster, 421)).rejects.toThrow('b-4 is CrashLoopBackOff');
    expect(replicas(cluster)).toMatchObject({ replicas: 3 });
  });

  it.each([
    ['paused', backendDeployment({ spec: { paused: true } }), 'is paused'],
    [
      'set to another number meanwhile',
      backendDeployment({ spec: { replicas: 7 }, metadata: { generation: 5 } }),
      'is to have 7 pods',
    ],
    ['changed otherwise meanwhile', backendDeployment({ metadata: { generation: 5 } }), 'is to have 3 pods'],
  ])('leaves one alone that was %s', async (_, deployment, why) => {
    const cluster = new InMemoryCluster().put(deployments, deployment);
    await expect(scale(cluster)).rejects.toThrow(why);
    expect(cluster.changes).toEqual([]);
  });

  it('never lowers', async () => {
    const cluster = new InMemoryCluster().put(deployments, backendDeployment());
    for (const to of [3, 2])
      await expect(oneTurn(cluster, scaleDeployment, { ...CALL, to }, { on: ON })).rejects.toThrow('is no scale-up');
  });

  it('loses nobody else’s change: a conflict is met again at the next turn', async () => {
    const cluster = new InMemoryCluster().put(deployments, backendDeployment());
    cluster.faults.set('patch apps/deployments', [new ClusterFault('conflict', 'the object has been modified')]);
    await expect(scale(cluster)).rejects.toMatchObject({ kind: 'conflict', passing: true });
    expect(await scale(cluster)).toHaveProperty('waitsFor');
    expect(cluster.changes).toEqual([SCALE]);
  });
});

describe('taking it back', () => {
  const back = (cluster: InMemoryCluster) =>
    oneTurn(cluster, scaleBackDeployment, { deployment: 'saveit-backend', set: 5, former: 3 }, { on: ON });

  it('is done once, to what there was before', async () => {
    const cluster = new InMemoryCluster().put(deployments, backendDeployment({ spec: { replicas: 5 } }));
    const facts = { deployment: 'saveit-backend', replicas: 3, leftAlone: false };
    expect(await back(cluster)).toEqual({ facts });
    expect(await back(cluster)).toEqual({ facts });
    expect(cluster.changes).toEqual([SCALE]);
  });
  it('is not done where somebody has set another number', async () => {
    const cluster = new InMemoryCluster().put(deployments, backendDeployment({ spec: { replicas: 8 } }));
    expect(await back(cluster)).toEqual({ facts: { deployment: 'saveit-backend', replicas: 8, leftAlone: true } });
    expect(cluster.changes).toEqual([]);
  });
  it('has nothing to do where the deployment is gone', async () =>
    expect(await back(new InMemoryCluster())).toMatchObject({ facts: { leftAlone: true } }));
});
