import * as z from 'zod';
import { Compared, saidRate, whys } from './impact.ts';

/** What one query of Prometheus says now, and said an hour before. */
export const MetricFacts = z.object({
  /** Why it was not asked, in a sentence; `''` where it was. */
  unasked: z.string(),
  ...Compared.shape,
});
export type MetricFacts = z.infer<typeof MetricFacts>;

/** One query of a system, where there is a Prometheus and where it has one. */
export interface MetricProbe {
  kind: 'metric';
  /** What it counts, for a person: `messages of devices`. */
  counts: string;
  /** PromQL of a rate, per second; its series are added up. `null` where nothing is measured. */
  query: string | null;
  /** As `PrometheusUrl` reads it; `null` where there is none. */
  prometheus: string | null;
  facts: z.ZodType<MetricFacts>;
}

export function metricProbe(counts: string, { query, prometheus }: Pick<MetricProbe, 'query' | 'prometheus'>): MetricProbe {
  return { kind: 'metric', counts, query, prometheus, facts: MetricFacts };
}

/** Whether there is such a metric at all: Prometheus has none now, and had none an hour ago. */
export const isMeasured = ({ unasked, now, before }: MetricFacts): boolean =>
  unasked === '' && (now.state !== 'no data' || before.state !== 'no data');

/** `24/s (an hour ago 36/s)`, or why it is not measured. */
export function sayMetric(facts: MetricFacts): string {
  const { unasked, now, before } = facts;
  if (unasked !== '') return `not measured: ${unasked}`;
  if (!isMeasured(facts)) return 'not measured: Prometheus has no data for the query, now or an hour ago';
  return [`${saidRate(now)} (an hour ago ${saidRate(before)})`, ...whys([now, before])].join('; ');
}

/** So much of an hour before is as much as then. */
const AS_MUCH = 0.8;

/**
 * Whether as much comes as an hour before. Where it was none then, anything is more; where it is none now either, nothing shows that
 * it comes at all.
 * @returns `true`, or what is not so, in a sentence; `undefined` where nothing measures it
 */
export function isBack(facts: MetricFacts): true | string | undefined {
  if (!isMeasured(facts)) return undefined;
  const { now, before } = facts;
  if (now.state === 'unknown') return `how many there are is unknown: ${now.why}`;
  if (now.state === 'no data') return `Prometheus has no data of them now (an hour ago ${saidRate(before)})`;
  if (before.state === 'unknown') return `how many there were an hour ago is unknown: ${before.why}`;
  const was = before.state === 'known' ? before.value : 0;
  return (now.value > 0 && now.value >= was * AS_MUCH) || `${saidRate(now)}, and ${saidRate(before)} an hour ago`;
}
