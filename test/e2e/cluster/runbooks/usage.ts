import { Metrics, type V1Pod } from '@kubernetes/client-node';
import { BACKEND } from '../../../cluster/fixtures/saveit.ts';
import { podUses } from '../../../cluster/pods.ts';
import { until } from '../../until.ts';
import type { Lane } from './lane.ts';
import { isReady, nameOf, podsOf, type Seen, see } from './seen.ts';

/** metrics-server wants two measurements, ten seconds apart, of a pod that has run for some time. */
const MEASURED_MS = 240_000;

/** What a pod is said to use: kwok's kubelet tells it, and the real metrics-server measures it. */
const said = ({ metadata }: V1Pod) => ({
  cpu: Number.parseInt(metadata?.annotations?.['kwok.x-k8s.io/usage-cpu'] ?? '0', 10),
  memory: Number.parseInt(metadata?.annotations?.['kwok.x-k8s.io/usage-memory'] ?? '0', 10),
});

/** What is measured, of each pod: thousandths of a processor, and Mi. */
export type Measured = ReadonlyMap<string, { cpu: number; memory: number }>;

export async function measured({ admin, name }: Lane): Promise<Measured> {
  const { items } = await new Metrics(admin).getPodMetrics(name);
  return new Map(
    items.map(({ metadata, containers }) => {
      const { cpu = '0', memory = '0' } = containers[0]?.usage ?? {};
      return [metadata.name, { cpu: quantity(cpu) * 1_000, memory: quantity(memory) / 1_048_576 }];
    }),
  );
}

const UNITS: Record<string, number> = { n: 1e-9, u: 1e-6, m: 1e-3, '': 1, Ki: 1_024, Mi: 1_048_576, Gi: 1_073_741_824 };

function quantity(text: string): number {
  const [, digits = '0', unit = ''] = /^(\d+)([a-zA-Z]*)$/.exec(text) ?? [];
  return Number(digits) * (UNITS[unit] ?? Number.NaN);
}

/** Whether measurements lag behind what the backend's pods use by now. */
export function lags(seen: Seen, known: Measured): boolean {
  return podsOf(seen, BACKEND)
    .filter(isReady)
    .some((pod) => {
      const [uses, found] = [said(pod), known.get(nameOf(pod))];
      return !found || Math.abs(found.cpu - uses.cpu) > uses.cpu / 5 || Math.abs(found.memory - uses.memory) > 10;
    });
}

/** Says what each of the backend's pods uses from now on, and waits until it is measured. */
export async function allUse(lane: Lane, cpu: string, memory: string): Promise<void> {
  for (const pod of podsOf(await see(lane), BACKEND))
    await podUses(lane.admin, { namespace: lane.name, name: nameOf(pod) }, cpu, memory);
  await until(
    'metrics-server has measured it',
    async () => !lags(await see(lane), await measured(lane).catch(() => new Map())),
    MEASURED_MS,
  );
}

/** The two things that stories of usage do while they are played: they know what is measured, and let load be shared. */
export function watching(lane: Lane) {
  let known: Measured = new Map();
  const look = async () => {
    known = await measured(lane).catch(() => known);
  };
  return { look, lags: (seen: Seen) => lags(seen, known), known: () => known };
}
