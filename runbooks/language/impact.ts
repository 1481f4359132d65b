import * as z from 'zod';
import { Reading } from './prometheus.ts';

/** What tells how much of a system's users feel an incident. A system declares it, and each of its incidents is measured by it. */
export interface Impact {
  /** The readiness endpoint, through the front door: 200 when it is ready. */
  readiness: string;
  /** PromQL of the rate of errors, per second; its series are added up. */
  errorRate: string;
  /** PromQL of the rate of requests, per second; its series are added up. */
  requestRate: string;
  /** PromQL that was 1 when it was ready, for an hour before; left out where nothing watches that. */
  wasReady?: string;
  /** As `PrometheusUrl` reads it; `null` where there is none. */
  prometheus: string | null;
}

/** Now, and an hour before. */
export const Compared = z.object({ now: Reading, before: Reading });
export type Compared = z.infer<typeof Compared>;

export const ImpactFacts = z.object({
  /** The status is 0 where there was no answer; then the network's own words say why. */
  readiness: z.object({ url: z.string(), status: z.number(), error: z.string() }),
  /** 1 or 0; `null` where nothing watches it. */
  wasReady: Reading.nullable(),
  /** Per second. */
  errors: Compared,
  /** Per second. */
  requests: Compared,
});
export type ImpactFacts = z.infer<typeof ImpactFacts>;

/** `readiness 503; 5xx 12.1/s (an hour ago 0.2/s); 45 requests/s (an hour ago 210/s)`. */
export function sayImpact({ readiness, wasReady, errors, requests }: ImpactFacts): string {
  const ready = `readiness ${readiness.status || `has no answer (${readiness.error})`}`;
  const before = wasReady ? ` (an hour ago ${sayReady(wasReady)})` : '';
  const said = [
    `${ready}${before}`,
    `5xx ${saidRate(errors.now)}${earlier(errors)}`,
    `${requests.now.state === 'known' ? `${rounded(requests.now.value)} requests/s` : `requests ${saidRate(requests.now)}`}${earlier(requests)}`,
  ];
  return [...said, ...whys([errors.now, errors.before, requests.now, requests.before, ...(wasReady ? [wasReady] : [])])].join(
    '; ',
  );
}

/** `12.1/s`, `no data` or `unknown`. */
export function saidRate(reading: Reading): string {
  return reading.state === 'known' ? `${rounded(reading.value)}/s` : reading.state;
}

/** `ready`, `not ready`, `no data` or `unknown`. */
export function sayReady(reading: Reading): string {
  return reading.state === 'known' ? (reading.value >= 1 ? 'ready' : 'not ready') : reading.state;
}

/** Why something is unknown, each reason once. */
export function whys(readings: readonly Reading[]): string[] {
  const reasons = readings.flatMap((reading) => (reading.state === 'unknown' ? [reading.why] : []));
  return reasons.length > 0 ? [`unknown because: ${[...new Set(reasons)].join(', ')}`] : [];
}

/** What was unknown an hour ago for the same reason as it is now is not said twice. */
function earlier({ now, before }: Compared): string {
  const same = now.state === 'unknown' && before.state === 'unknown' && now.why === before.why;
  return same ? '' : ` (an hour ago ${saidRate(before)})`;
}

const rounded = (value: number) => String(Number(value.toPrecision(3)));

/** So little more than before is noise, per second. */
const NOISE_PER_SECOND = 0.1;

/**
 * Whether the rate of errors is back at what it was an hour before: at most half as much again, or noise. Where there was no error
 * Prometheus has no series, so no data before stands for none, and no data now is none where requests are counted.
 * @returns `true`, or what is not so, in a sentence
 */
export function errorsAreBack({ errors, requests }: Pick<ImpactFacts, 'errors' | 'requests'>): true | string {
  const { now, before } = errors;
  if (now.state === 'unknown') return `the rate of errors is unknown: ${now.why}`;
  if (now.state === 'no data') return requests.now.state === 'known' || 'Prometheus has neither errors nor requests now';
  if (before.state === 'unknown') return `the rate of errors an hour ago is unknown: ${before.why}`;
  const was = before.state === 'known' ? before.value : 0;
  if (now.value <= Math.max(was * 1.5, was + NOISE_PER_SECOND)) return true;
  if (before.state === 'no data' && requests.before.state !== 'known')
    return `5xx ${saidRate(now)}, and Prometheus has nothing of an hour ago to compare it with`;
  return `5xx ${saidRate(now)}, and ${before.state === 'known' ? saidRate(before) : 'none'} an hour ago`;
}

/**
 * Whether users feel it: not ready, or more errors than before, is felt. Not felt is only what is known to be well: ready, no more
 * errors than before, and about as many requests.
 * @returns `null` where that is not known
 */
export function isFelt(facts: ImpactFacts): boolean | null {
  const { readiness, errors, requests } = facts;
  if (readiness.status !== 200) return readiness.status >= 500 || readiness.status === 0 ? true : null;
  const back = errorsAreBack(facts);
  if (back !== true) return errors.now.state === 'known' ? true : null;
  const { now, before } = requests;
  if (now.state !== 'known' || before.state !== 'known') return null;
  return now.value >= before.value / 2 ? false : null;
}
