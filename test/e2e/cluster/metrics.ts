import { Metrics } from '@kubernetes/client-node';
import { BACKEND, NAMESPACE } from '../../cluster/fixtures/saveit.ts';
import { until } from '../until.ts';
import type { Stage } from './stage.ts';

/** metrics-server wants two measurements, ten seconds apart, of a pod that has run for some time. */
const MEASURED_MS = 90_000;

/** What `kubectl top` reads: the real metrics-server behind the API server, over the kubelet's figures. */
export async function metrics(stage: Stage): Promise<void> {
  const { results, plane } = stage;
  const client = new Metrics(plane.admin);
  const usage = await until(
    'metrics-server has measured the backend',
    async () => {
      const { items } = await client.getPodMetrics(NAMESPACE).catch(() => ({ items: [] }));
      const measured = items.filter(({ metadata }) => metadata.name.startsWith(`${BACKEND}-`));
      return measured.length === 3 && measured.map(({ containers }) => containers[0]?.usage);
    },
    MEASURED_MS,
  );
  // CPU is a difference of two measurements, and so not exact.
  results.holds(
    'the pods use the CPU that they are said to use',
    usage.every((used) => near(used?.cpu, 100)),
  );
  results.equal('and the memory', [...new Set(usage.map((used) => used?.memory))], ['210Mi']);
  const { items: nodes } = await client.getNodeMetrics();
  results.equal('nodes are measured too', nodes.length, 3);
}

/** @param quantity such as `100m` or `99874312n` @param milli thousandths of a core */
function near(quantity: string | undefined, milli: number): boolean {
  const [, digits = '0', unit = ''] = /^(\d+)([num]?)$/.exec(quantity ?? '') ?? [];
  const cores = Number(digits) / ({ n: 1e9, u: 1e6, m: 1e3 }[unit] ?? 1);
  return Math.abs(cores * 1_000 - milli) < milli / 5;
}
