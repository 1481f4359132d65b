import type { Compared, Impact, ImpactFacts } from '../../../runbooks/language/impact.ts';
import type { MetricFacts, MetricProbe } from '../../../runbooks/language/metric.ts';
import { httpProbe } from '../../../runbooks/language/probe.ts';
import { type Reading, unknown } from '../../../runbooks/language/prometheus.ts';
import { iso } from '../../incident/clock.ts';
import type { Surroundings } from '../../surroundings.ts';
import { probe } from './probe.ts';
import { type Asking, anHourBefore, ask } from './prometheus.ts';

type Measuring = Asking & Pick<Surroundings, 'clock'>;
const NO_PROMETHEUS = 'no Prometheus is configured';

/** What users feel now, and an hour before: all at once, each within three seconds. Whatever fails is unknown, and stops nothing. */
export async function measure(around: Measuring, impact: Impact): Promise<ImpactFacts> {
  const now = around.clock.now();
  const { prometheus } = impact;
  const read = async (query: string, time: string): Promise<Reading> =>
    prometheus === null ? unknown(NO_PROMETHEUS) : ask(around, prometheus, query, time);
  const compared = (query: string) => compare((time) => read(query, time), now);
  const [door, errors, requests, wasReady] = await Promise.all([
    probe(around, httpProbe(impact.readiness, [200], '3s')),
    compared(impact.errorRate),
    compared(impact.requestRate),
    impact.wasReady === undefined ? null : read(impact.wasReady, anHourBefore(now)),
  ]);
  const { url, status, error } = door;
  return { readiness: { url, status, error }, wasReady, errors, requests };
}

/** One number, where there is somebody to ask: that nothing measures it is no outage of what would. */
export async function measureOne(around: Measuring, { query, prometheus }: MetricProbe): Promise<MetricFacts> {
  const none = { state: 'no data' } as const;
  if (prometheus === null) return { unasked: NO_PROMETHEUS, now: none, before: none };
  if (query === null) return { unasked: 'no query for it is configured', now: none, before: none };
  return { unasked: '', ...(await compare((time) => ask(around, prometheus, query, time), around.clock.now())) };
}

async function compare(read: (time: string) => Promise<Reading>, at: Date): Promise<Compared> {
  const [now, before] = await Promise.all([read(iso(at)), read(anHourBefore(at))]);
  return { now, before };
}
