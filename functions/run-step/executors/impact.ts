import type { Impact, ImpactFacts } from '../../../runbooks/language/impact.ts';
import { httpProbe } from '../../../runbooks/language/probe.ts';
import { type Reading, unknown } from '../../../runbooks/language/prometheus.ts';
import { iso } from '../../incident/clock.ts';
import type { Surroundings } from '../../surroundings.ts';
import { probe } from './probe.ts';
import { type Asking, anHourBefore, ask } from './prometheus.ts';

/** What users feel now, and an hour before: all at once, each within three seconds. Whatever fails is unknown, and stops nothing. */
export async function measure(around: Asking & Pick<Surroundings, 'clock'>, impact: Impact): Promise<ImpactFacts> {
  const now = around.clock.now();
  const [at, before] = [iso(now), anHourBefore(now)];
  const { prometheus } = impact;
  const read = async (query: string, time: string): Promise<Reading> =>
    prometheus === null ? unknown('no Prometheus is configured') : ask(around, prometheus, query, time);
  const compared = async (query: string) => {
    const [then, hourAgo] = await Promise.all([read(query, at), read(query, before)]);
    return { now: then, before: hourAgo };
  };
  const [door, errors, requests, wasReady] = await Promise.all([
    probe(around, httpProbe(impact.readiness, [200], '3s')),
    compared(impact.errorRate),
    compared(impact.requestRate),
    impact.wasReady === undefined ? null : read(impact.wasReady, before),
  ]);
  const { url, status, error } = door;
  return { readiness: { url, status, error }, wasReady, errors, requests };
}
