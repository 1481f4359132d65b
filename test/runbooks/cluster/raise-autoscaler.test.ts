import { describe, expect, it } from 'vitest';
import { autoscalers, deployments, pods } from '../../../runbooks/cluster/kinds.ts';
import { raiseAutoscaler } from '../../../runbooks/cluster/raise-autoscaler.ts';
import { restoreAutoscaler } from '../../../runbooks/cluster/restore-autoscaler.ts';
import { ClusterFault } from '../../../runbooks/language/cluster.ts';
import { backendAutoscaler, backendDeployment, backendPod, SELECTOR } from './backend.ts';
import { InMemoryCluster, oneTurn, TURN } from './in-memory-cluster.ts';

const HPA = 'saveit-backend-hpa';
const ON = [HPA, 'saveit-backend'];
const PATCH = `patch horizontalpodautoscalers/${HPA}`;
const MOST = { fromMin: 3, fromMax: 10, toMin: 3, toMax: 15 };
type To = typeof MOST;
const after = (seconds: number, key = TURN.key) => ({
  ...{ key, startedAt: TURN.startedAt },
  now: new Date(Date.parse(TURN.startedAt) + seconds * 1_000).toISOString(),
});
const raise = (cluster: InMemoryCluster, seconds = 5, to: To = MOST, key = TURN.key) =>
  oneTurn(
    cluster,
    raiseAutoscaler,
    { autoscaler: HPA, deployment: 'saveit-backend', selector: SELECTOR, ...to },
    { on: ON, turn: after(seconds, key) },
  );
const restore = (cluster: InMemoryCluster, askedMin: number, askedMax: number) =>
  oneTurn(cluster, restoreAutoscaler, { autoscaler: HPA, askedMin, askedMax }, { on: ON });
const bounds = (cluster: InMemoryCluster) => cluster.raw(autoscalers, HPA)?.spec;
/** As the deployment is with so many pods, of which so many are available. */
const pod = (replicas: number, availableReplicas = replicas) =>
  backendDeployment({ spec: { replicas }, status: { availableReplicas } });
const cluster = (replicas = 10) =>
  new InMemoryCluster().put(autoscalers, backendAutoscaler()).put(deployments, pod(replicas)).put(pods, backendPod('b-1'));

describe('raising the bounds of an autoscaler', () => {
  it('is written once with what they were, and over when what it decides on is there', async () => {
    const at = cluster();
    expect(await raise(at)).toEqual({ waitsFor: `${HPA}: 3 to 15 pods instead of 3 to 10 pods` });
    expect(bounds(at)).toMatchObject({ minReplicas: 3, maxReplicas: 15 });
    expect(await raise(at, 30)).toHaveProperty('waitsFor');
    at.put(deployments, pod(13, 11));
    expect(await raise(at, 40)).toEqual({ waitsFor: `${HPA}: 11 of 13 pods are available` });
    at.put(deployments, pod(13));
    expect(await raise(at, 80)).toMatchObject({
      facts: { from: { min: 3, max: 10 }, to: { min: 3, max: 15 }, pods: 13, short: '', at: TURN.startedAt },
    });
    expect(at.changes).toEqual([PATCH]);
  });

  it('is over, too, when the autoscaler has had its time and wants no more', async () => {
    const at = cluster(8);
    await raise(at);
    expect(await raise(at, 60)).toHaveProperty('waitsFor');
    expect(await raise(at, 95)).toMatchObject({ facts: { pods: 8, short: '' } });
  });

  it('waits for the least that is asked for', async () => {
    const at = cluster(3);
    const least = { ...MOST, toMin: 5, toMax: 10 };
    await raise(at, 5, least);
    expect(await raise(at, 100, least)).toEqual({ waitsFor: `${HPA}: it decides how many pods it wants (3 now)` });
    at.put(deployments, pod(5));
    expect(await raise(at, 110, least)).toMatchObject({ facts: { pods: 5 } });
  });

  it('keeps what came where no node has room for the rest', async () => {
    const at = cluster();
    await raise(at);
    at.put(deployments, pod(15, 12)).put(pods, backendPod('b-13', { unschedulable: '0/3 nodes are available' }));
    expect(await raise(at, 100)).toHaveProperty('waitsFor');
    expect(await raise(at, 245)).toMatchObject({
      facts: { to: { min: 3, max: 12 }, pods: 12, short: 'no node has room: 0/3 nodes are available' },
    });
    expect(bounds(at)).toMatchObject({ maxReplicas: 12 });
    // And it goes back from there, too.
    expect(await restore(at, 3, 15)).toEqual({ facts: { autoscaler: HPA, min: 3, max: 10, leftAlone: false } });
  });

  it('takes all of it back where no pod more came, and does not begin again', async () => {
    const at = cluster();
    await raise(at);
    at.put(deployments, pod(12, 10)).put(pods, backendPod('b-11', { unschedulable: '0/3 nodes are available' }));
    await expect(raise(at, 245)).rejects.toThrow('has 3 to 10 pods again: no node has room');
    expect(bounds(at)).toMatchObject({ minReplicas: 3, maxReplicas: 10 });
    expect(at.raw(autoscalers, HPA)?.metadata).not.toHaveProperty('annotations.firebreak.dev/raised');
    await expect(raise(at, 250)).rejects.toThrow('was taken back');
    expect(at.changes).toHaveLength(2);
  });

  it.each([
    ['lowers the most', { ...MOST, toMin: 4, toMax: 9 }],
    ['lowers the least', { ...MOST, toMin: 2 }],
    ['raises nothing', { ...MOST, toMax: 10 }],
    ['is no range', { ...MOST, toMin: 20, toMax: 15 }],
  ])('is refused where it %s', async (_, to) => {
    const at = cluster();
    await expect(raise(at, 5, to)).rejects.toThrow('raises nothing, or lowers something');
    expect(at.changes).toEqual([]);
  });

  it('leaves alone what somebody changed before or meanwhile', async () => {
    const before = cluster().put(autoscalers, backendAutoscaler({ spec: { maxReplicas: 20 } }));
    await expect(raise(before)).rejects.toThrow('was changed meanwhile, to 3 to 20 pods');
    const meanwhile = cluster();
    await raise(meanwhile);
    await meanwhile.patch(autoscalers, HPA, { spec: { maxReplicas: 11 } });
    await expect(raise(meanwhile, 30)).rejects.toThrow('somebody has set saveit-backend-hpa to 3 to 11 pods');
  });

  it('loses nobody else’s change: a conflict is met again at the next turn', async () => {
    const at = cluster();
    at.faults.set('patch autoscaling/horizontalpodautoscalers', [new ClusterFault('conflict', 'the object has been modified')]);
    await expect(raise(at)).rejects.toMatchObject({ passing: true });
    expect(await raise(at)).toHaveProperty('waitsFor');
  });
});

describe('giving it its former bounds', () => {
  it('is done once', async () => {
    const at = cluster();
    await raise(at);
    at.changes.length = 0;
    const facts = { autoscaler: HPA, min: 3, max: 10, leftAlone: false };
    expect(await restore(at, 3, 15)).toEqual({ facts });
    expect(await restore(at, 3, 15)).toEqual({ facts });
    expect(at.changes).toEqual([PATCH]);
  });

  it('is not done where somebody has changed them since', async () => {
    const at = cluster();
    await raise(at);
    await at.patch(autoscalers, HPA, { spec: { maxReplicas: 20 } });
    expect(await restore(at, 3, 15)).toEqual({ facts: { autoscaler: HPA, min: 3, max: 20, leftAlone: true } });
  });

  it('is the later step’s where it was raised twice, and goes back to before both', async () => {
    const at = cluster();
    await raise(at, 5, { ...MOST, toMin: 5, toMax: 10 });
    await raise(at, 5, { fromMin: 5, fromMax: 10, toMin: 5, toMax: 15 }, 'another step');
    expect(await restore(at, 5, 10)).toMatchObject({ facts: { leftAlone: true, max: 15 } });
    expect(await restore(at, 5, 15)).toMatchObject({ facts: { leftAlone: false, min: 3, max: 10 } });
  });

  it('has nothing to do where it is gone', async () =>
    expect(await restore(new InMemoryCluster(), 3, 15)).toMatchObject({ facts: { leftAlone: true } }));
});
