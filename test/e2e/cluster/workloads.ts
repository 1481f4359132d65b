import { AppsV1Api, AutoscalingV2Api, CoreV1Api, Watch } from '@kubernetes/client-node';
import * as z from 'zod';
import type { ClusterRule, Kind } from '../../../runbooks/language/cluster.ts';
import { apply } from '../../cluster/apply.ts';
import { autoscaler, BACKEND, BACKEND_HPA, FRONTEND, NAMESPACE, REDIS } from '../../cluster/fixtures/saveit.ts';
import { until } from '../until.ts';
import { identity, podsOf, rolledOut, type Stage } from './stage.ts';

const SOON_MS = 120_000;
const RIGHTS: ClusterRule[] = [
  { group: 'apps', resource: 'deployments', verbs: ['get', 'patch'], names: [BACKEND] },
  { group: 'apps', resource: 'deployments/scale', verbs: ['get', 'patch'], names: [BACKEND] },
  { group: 'autoscaling', resource: 'horizontalpodautoscalers', verbs: ['get', 'patch'], names: [BACKEND_HPA] },
];
const DEPLOYMENT: Kind<{ metadata: { generation: number } }> = {
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
  kind: 'Deployment',
  namespaced: true,
  object: z.object({ metadata: z.object({ generation: z.number() }) }),
};
const SCALE: Kind<{ spec: { replicas: number } }> = {
  ...DEPLOYMENT,
  kind: 'Scale',
  object: z.object({ spec: z.object({ replicas: z.number() }) }),
};
const AUTOSCALER: Kind<{ spec: { minReplicas: number; maxReplicas: number } }> = {
  group: 'autoscaling',
  version: 'v2',
  plural: 'horizontalpodautoscalers',
  kind: 'HorizontalPodAutoscaler',
  namespaced: true,
  object: z.object({ spec: z.object({ minReplicas: z.number(), maxReplicas: z.number() }) }),
};

/** Deployments do what they do on any cluster: they are rolled out, restarted, scaled, and owned by an autoscaler. */
export async function workloads(stage: Stage): Promise<void> {
  const { results, plane } = stage;
  const counts = await Promise.all([BACKEND, FRONTEND, REDIS].map((name) => rolledOut(stage, name)));
  results.equal('the deployments of Save-It.AI are available', counts, [3, 2, 1]);
  const nodes = new Set((await podsOf(stage, BACKEND)).map(({ spec }) => spec?.nodeName));
  results.holds('the scheduler has spread the pods', nodes.size > 1);
  const { cluster } = await identity(stage, 'workloads', RIGHTS);

  await restarted(stage, async (patch) => void (await cluster.patch(DEPLOYMENT, BACKEND, patch)));

  const scaled = await cluster.patch(SCALE, BACKEND, { spec: { replicas: 5 } }, 'scale');
  results.equal('a patch of its scale says what is wished', scaled.spec.replicas, 5);
  results.equal('and gives it five pods', await rolledOut(stage, BACKEND), 5);
  await apply(plane.admin, [autoscaler({ min: 3, max: 10, cpuPercent: 70 })]);
  const { spec } = await cluster.patch(AUTOSCALER, BACKEND_HPA, { spec: { maxReplicas: 15 } });
  results.equal("the autoscaler's maximum is raised, and its minimum left", spec, { minReplicas: 3, maxReplicas: 15 });
  await goneAgain(stage);
  await cluster.patch(DEPLOYMENT, BACKEND, { spec: { replicas: 3 } });
  results.equal('a patch of the deployment takes it back to three', await rolledOut(stage, BACKEND), 3);
}

/** As `kubectl rollout restart` does it, watched. */
async function restarted(stage: Stage, patch: (body: Record<string, unknown>) => Promise<void>): Promise<void> {
  const { results, plane } = stage;
  const apps = plane.admin.makeApiClient(AppsV1Api);
  const before = await podsOf(stage, BACKEND);
  const path = `/api/v1/namespaces/${NAMESPACE}/pods`;
  const seen: string[] = [];
  const watching = await new Watch(plane.admin).watch(
    path,
    {},
    (type) => seen.push(type),
    () => undefined,
  );
  const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() };
  await patch({ spec: { template: { metadata: { annotations } } } });
  results.equal('restarted by the annotation, it is available again', await rolledOut(stage, BACKEND), 3);
  const { items } = await apps.listNamespacedReplicaSet({
    namespace: NAMESPACE,
    labelSelector: `app.kubernetes.io/name=${BACKEND}`,
  });
  const sizes = items.map(({ status }) => status?.replicas).sort();
  results.equal('a new ReplicaSet has all the pods, the old one none', sizes, [0, 3]);
  const names = new Set(before.map(({ name }) => name));
  results.equal(
    'no pod is one from before',
    (await podsOf(stage, BACKEND)).filter(({ name }) => names.has(name)),
    [],
  );
  await until('the old pods are gone', () => seen.filter((type) => type === 'DELETED').length >= 3, SOON_MS);
  watching.abort();
  results.holds(
    'a watch tells of pods that come, change and go',
    ['ADDED', 'MODIFIED', 'DELETED'].every((type) => seen.includes(type)),
  );
  const core = plane.admin.makeApiClient(CoreV1Api);
  const { items: events } = await core.listNamespacedEvent({ namespace: NAMESPACE });
  results.holds(
    'and events say what the controllers did',
    events.some(({ reason }) => reason === 'ScalingReplicaSet'),
  );
}

async function goneAgain({ plane }: Stage): Promise<void> {
  const autoscaling = plane.admin.makeApiClient(AutoscalingV2Api);
  await autoscaling.deleteNamespacedHorizontalPodAutoscaler({ name: BACKEND_HPA, namespace: NAMESPACE });
}
