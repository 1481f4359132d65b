import { describe, expect, it } from 'vitest';
import { deployments, replicaSets } from '../../../runbooks/cluster/kinds.ts';
import { restartDeployment } from '../../../runbooks/cluster/restart-deployment.ts';
import { rolloutState } from '../../../runbooks/cluster/rollout-state.ts';
import { InMemoryCluster, oneTurn, TURN } from './in-memory-cluster.ts';

const ON = { on: ['saveit-backend'] };
const CALL = { deployment: 'saveit-backend' };

function deployment({ spec = {}, status = {}, annotations = {} }: { spec?: object; status?: object; annotations?: object } = {}) {
  return {
    metadata: { name: 'saveit-backend', uid: 'u1', generation: 4, annotations },
    spec: { replicas: 3, template: { metadata: {}, spec: { containers: [{ name: 'backend', image: 'b:1' }] } }, ...spec },
    status: { observedGeneration: 4, replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3, ...status },
  };
}
const set = (name: string, createdAt: string, image: string, annotations = {}) => ({
  metadata: { name, creationTimestamp: createdAt, ownerReferences: [{ kind: 'Deployment', name: 'saveit-backend', uid: 'u1' }] },
  spec: {
    replicas: 3,
    template: {
      metadata: { annotations, labels: { 'pod-template-hash': name } },
      spec: { containers: [{ name: 'backend', image }] },
    },
  },
});

describe('restarting a deployment', () => {
  it('does what kubectl rollout restart does, once, and waits for the new pods', async () => {
    const cluster = new InMemoryCluster().put(deployments, deployment({ status: { observedGeneration: 3 } }));
    expect(await oneTurn(cluster, restartDeployment, CALL, ON)).toHaveProperty('waitsFor');
    expect(await oneTurn(cluster, restartDeployment, CALL, ON)).toHaveProperty('waitsFor');
    expect(cluster.changes).toEqual(['patch deployments/saveit-backend']);
    expect(cluster.raw(deployments, 'saveit-backend')).toMatchObject({
      spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': TURN.startedAt } } } },
    });
    await cluster.patch(deployments, 'saveit-backend', {
      status: { observedGeneration: 4, updatedReplicas: 1, availableReplicas: 3 },
    });
    expect(await oneTurn(cluster, restartDeployment, CALL, ON)).toEqual({ waitsFor: 'saveit-backend: 1 of 3 pods are new' });
    await cluster.patch(deployments, 'saveit-backend', { status: { updatedReplicas: 3, replicas: 4 } });
    expect(await oneTurn(cluster, restartDeployment, CALL, ON)).toEqual({
      waitsFor: 'saveit-backend: 1 old pods are still there',
    });
    await cluster.patch(deployments, 'saveit-backend', { status: { replicas: 3, availableReplicas: 2 } });
    expect(await oneTurn(cluster, restartDeployment, CALL, ON)).toEqual({
      waitsFor: 'saveit-backend: 2 of 3 new pods are available',
    });
    await cluster.patch(deployments, 'saveit-backend', { status: { availableReplicas: 3 } });
    expect(await oneTurn(cluster, restartDeployment, CALL, ON)).toEqual({
      facts: { deployment: 'saveit-backend', pods: 3, tookSeconds: 5 },
    });
  });

  it('is a new one under another key', async () => {
    const cluster = new InMemoryCluster().put(deployments, deployment());
    await oneTurn(cluster, restartDeployment, CALL, ON);
    await oneTurn(cluster, restartDeployment, CALL, { ...ON, turn: { ...TURN, key: 'another' } });
    expect(cluster.changes).toHaveLength(2);
  });

  it.each([
    ['is not there', new InMemoryCluster(), /no deployment saveit-backend/],
    ['is paused', new InMemoryCluster().put(deployments, deployment({ spec: { paused: true } })), /is paused/],
  ])('changes nothing when it %s', async (_, cluster, why) => {
    await expect(oneTurn(cluster, restartDeployment, CALL, ON)).rejects.toThrow(why);
    expect(cluster.changes).toEqual([]);
  });

  it('gives up when its controller does', async () => {
    const cluster = new InMemoryCluster().put(deployments, deployment({ status: { updatedReplicas: 1 } }));
    await oneTurn(cluster, restartDeployment, CALL, ON);
    const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'timed out' }];
    await cluster.patch(deployments, 'saveit-backend', { status: { conditions } });
    await expect(oneTurn(cluster, restartDeployment, CALL, ON)).rejects.toThrow(/does not go on \(ProgressDeadlineExceeded\)/);
  });

  it('touches no other deployment than its own', async () => {
    const cluster = new InMemoryCluster().put(deployments, deployment());
    await expect(oneTurn(cluster, restartDeployment, CALL, { on: ['redis'] })).rejects.toThrow(/no right/);
  });
});

describe('the state of a rollout', () => {
  const state = async (cluster: InMemoryCluster, now = TURN.now) => {
    const progress = await oneTurn(cluster, rolloutState, CALL, { ...ON, turn: { ...TURN, now } });
    return 'facts' in progress ? progress.facts : progress;
  };

  it('is none where all pods are of one template that nobody changed', async () => {
    const cluster = new InMemoryCluster()
      .put(deployments, deployment())
      .put(replicaSets, set('a', '2026-10-04T03:10:00Z', 'b:1'));
    expect(await state(cluster)).toMatchObject({ underWay: false, endedSecondsAgo: null, sign: 'none' });
  });

  it('knows a deployment by its changed template, for a quarter of an hour', async () => {
    const cluster = new InMemoryCluster()
      .put(deployments, deployment())
      .put(replicaSets, set('a', '2026-10-01T00:00:00Z', 'b:0'))
      .put(replicaSets, set('b', '2026-10-04T03:10:00Z', 'b:1'));
    expect(await state(cluster)).toMatchObject({
      underWay: false,
      endedSecondsAgo: 265,
      sign: 'the template of saveit-backend was changed',
    });
    expect(await state(cluster, '2026-10-04T03:26:00Z')).toMatchObject({ endedSecondsAgo: null, sign: 'none' });
  });

  it('takes a restart for no deployment', async () => {
    const cluster = new InMemoryCluster()
      .put(deployments, deployment())
      .put(replicaSets, set('a', '2026-10-01T00:00:00Z', 'b:1'))
      .put(replicaSets, set('b', '2026-10-04T03:10:00Z', 'b:1', { 'kubectl.kubernetes.io/restartedAt': '2026-10-04T03:10:00Z' }));
    expect(await state(cluster)).toMatchObject({ endedSecondsAgo: null, sign: 'none' });
  });

  it('tells one under way from one that does not go on', async () => {
    const cluster = new InMemoryCluster().put(deployments, deployment({ status: { updatedReplicas: 1 } }));
    expect(await state(cluster)).toMatchObject({ underWay: true, sign: 'saveit-backend: 1 of 3 pods are new', gaveUp: '' });
    const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'timed out' }];
    await cluster.patch(deployments, 'saveit-backend', { status: { conditions } });
    expect(await state(cluster)).toMatchObject({ underWay: false, gaveUp: expect.stringContaining('ProgressDeadlineExceeded') });
  });
});
