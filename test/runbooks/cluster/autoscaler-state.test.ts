import { describe, expect, it } from 'vitest';
import { autoscalerState } from '../../../runbooks/cluster/autoscaler-state.ts';
import { autoscalers, deployments } from '../../../runbooks/cluster/kinds.ts';
import { ownerOf } from '../../../runbooks/cluster/owner.ts';
import { backendAutoscaler, backendDeployment } from './backend.ts';
import { InMemoryCluster, oneTurn } from './in-memory-cluster.ts';

const look = (cluster: InMemoryCluster) =>
  oneTurn(cluster, autoscalerState, { deployment: 'saveit-backend' }, { on: ['saveit-backend'] });
const with_ = (...all: ReturnType<typeof backendAutoscaler>[]) => {
  const cluster = new InMemoryCluster().put(deployments, backendDeployment());
  for (const one of all) cluster.put(autoscalers, one);
  return cluster;
};

describe('who decides how many pods there are', () => {
  it('is nobody else where there is no autoscaler', async () =>
    expect(await look(with_())).toMatchObject({
      facts: { deployment: { replicas: 3, generation: 4, ownedBy: '' }, autoscalers: [] },
    }));

  it('is the autoscaler of the deployment, whatever its name', async () => {
    const another = backendAutoscaler({
      metadata: { name: 'frontend' },
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'saveit-frontend' } },
    });
    expect(await look(with_(another, backendAutoscaler()))).toMatchObject({
      facts: {
        autoscalers: [
          {
            ...{ name: 'saveit-backend-hpa', min: 3, max: 10, current: 3, desired: 3, cpuPercent: 36, cpuTargetPercent: 80 },
            ...{ atMost: false, blind: '', ownedBy: '' },
          },
        ],
      },
    });
  });

  it('tells that it would have more than it may', async () => {
    const conditions = [{ type: 'ScalingLimited', status: 'True', reason: 'TooManyReplicas', message: 'more than the maximum' }];
    expect(await look(with_(backendAutoscaler({ status: { conditions } })))).toMatchObject({
      facts: { autoscalers: [{ atMost: true }] },
      evidence: 'saveit-backend-hpa ScalingLimited True TooManyReplicas more than the maximum',
    });
  });

  it('tells that it can not decide, and not so of one that is switched off', async () => {
    const active = (reason: string) => ({
      conditions: [{ type: 'ScalingActive', status: 'False', reason, message: 'no metrics returned' }],
    });
    const blind = with_(backendAutoscaler({ status: active('FailedGetResourceMetric') }));
    expect(await look(blind)).toMatchObject({
      facts: { autoscalers: [{ blind: 'FailedGetResourceMetric: no metrics returned' }] },
    });
    const off = with_(backendAutoscaler({ status: active('ScalingDisabled') }));
    expect(await look(off)).toMatchObject({ facts: { autoscalers: [{ blind: '' }] } });
  });

  it('is no answer where there is no such deployment', async () =>
    expect(look(new InMemoryCluster())).rejects.toThrow('there is no deployment saveit-backend'));
});

describe('the owner of an object', () => {
  const owner = (metadata: object) => ownerOf({ ownerReferences: [], labels: {}, annotations: {}, ...metadata });
  it.each([
    ['KEDA (saveit-backend)', { ownerReferences: [{ kind: 'ScaledObject', name: 'saveit-backend', uid: 'u' }] }],
    ['KEDA (saveit)', { labels: { 'scaledobject.keda.sh/name': 'saveit' } }],
    ['Argo CD (saveit)', { labels: { 'argocd.argoproj.io/instance': 'saveit' } }],
    [
      'Argo CD (saveit:apps/Deployment:saveit/b)',
      { annotations: { 'argocd.argoproj.io/tracking-id': 'saveit:apps/Deployment:saveit/b' } },
    ],
    ['Flux (apps)', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } }],
    ['Flux (saveit)', { labels: { 'helm.toolkit.fluxcd.io/name': 'saveit' } }],
    ['Rollout (saveit)', { ownerReferences: [{ kind: 'Rollout', name: 'saveit', uid: 'u' }] }],
  ])('is %s', (expected, metadata) => expect(owner(metadata)).toBe(expected));
  it('is nobody for what Helm installed once', () =>
    expect(owner({ labels: { 'app.kubernetes.io/managed-by': 'Helm', 'app.kubernetes.io/instance': 'saveit' } })).toBe(''));
});
