import { AutoscalingV2Api, Metrics } from '@kubernetes/client-node';
import { apply } from '../../cluster/apply.ts';
import { autoscaler, BACKEND, BACKEND_HPA, NAMESPACE, saveit } from '../../cluster/fixtures/saveit.ts';
import { podUses } from '../../cluster/pods.ts';
import { until } from '../until.ts';
import { podsOf, rolledOut, type Stage } from './stage.ts';

/** metrics-server wants two measurements, ten seconds apart, of a pod that has run for some time. */
const MEASURED_MS = 240_000;

/** What `kubectl top` reads: the real metrics-server behind the API server, over the kubelet's figures. */
export async function metrics(stage: Stage): Promise<void> {
  const { results, plane } = stage;
  const client = new Metrics(plane.admin);
  const usage = await until(
    'metrics-server has measured the CPU that the backend is said to use',
    async () => {
      const { items } = await client.getPodMetrics(NAMESPACE).catch(() => ({ items: [] }));
      const measured = items.filter(({ metadata }) => metadata.name.startsWith(`${BACKEND}-`));
      const used = measured.map(({ containers }) => containers[0]?.usage);
      // CPU is a difference of two measurements, and so not exact: on a busy machine one can be far off, and the next is not.
      return used.length === 3 && used.every((one) => near(one?.cpu, 100)) && used;
    },
    MEASURED_MS,
  );
  results.equal('the pods use the CPU that they are said to use', usage.length, 3);
  results.equal('and the memory', [...new Set(usage.map((used) => used?.memory))], ['210Mi']);
  const nodes = await until(
    'metrics-server has measured the nodes',
    async () => {
      const { items } = await client.getNodeMetrics().catch(() => ({ items: [] }));
      return items.length >= 3 && items;
    },
    MEASURED_MS,
  );
  results.holds(
    'nodes are measured too',
    nodes.every(({ usage: used }) => used.cpu !== undefined),
  );
  await autoscaled(stage);
}

/** The real autoscaler goes by these figures, as far as its bounds let it. */
async function autoscaled(stage: Stage): Promise<void> {
  const { results, plane } = stage;
  for (const { name } of await podsOf(stage, BACKEND))
    await podUses(plane.admin, { namespace: NAMESPACE, name }, '800m', '400Mi');
  await apply(plane.admin, [autoscaler({ min: 3, max: 4, cpuPercent: 70 })]);
  const autoscaling = plane.admin.makeApiClient(AutoscalingV2Api);
  const which = { name: BACKEND_HPA, namespace: NAMESPACE };
  const status = await until(
    'the autoscaler is at its maximum',
    async () => {
      const { status: found } = await autoscaling.readNamespacedHorizontalPodAutoscaler(which);
      return found?.desiredReplicas === 4 && found;
    },
    MEASURED_MS,
  );
  const limited = status.conditions?.find(({ type }) => type === 'ScalingLimited');
  results.equal('pinned CPU: the autoscaler says that it is at its maximum', limited?.reason, 'TooManyReplicas');
  results.equal('and the deployment has so many pods', await rolledOut(stage, BACKEND), 4);
  await autoscaling.deleteNamespacedHorizontalPodAutoscaler(which);
  await apply(plane.admin, saveit());
  await rolledOut(stage, BACKEND);
  for (const { name } of await podsOf(stage, BACKEND))
    await podUses(plane.admin, { namespace: NAMESPACE, name }, '100m', '210Mi');
}

/** @param quantity such as `100m` or `99874312n` @param milli thousandths of a core */
function near(quantity: string | undefined, milli: number): boolean {
  const [, digits = '0', unit = ''] = /^(\d+)([num]?)$/.exec(quantity ?? '') ?? [];
  const cores = Number(digits) / ({ n: 1e9, u: 1e6, m: 1e3 }[unit] ?? 1);
  return Math.abs(cores * 1_000 - milli) < milli / 5;
}
