import { type Reading, readingOf, unknown, workspaceOf } from '../../../runbooks/language/prometheus.ts';
import { iso } from '../../incident/clock.ts';
import type { Surroundings } from '../../surroundings.ts';
import { redact } from '../redact.ts';
import { reason } from './probe.ts';

/** What it takes to ask. */
export type Asking = Pick<Surroundings, 'fetch' | 'signatures'>;

/** How long one question may take. Somebody waits for what comes of it. */
const MOST_MS = 2_500;
/** One number, and the series that it is the sum of: more is not what was asked for. */
const MOST_CHARACTERS = 1_000_000;
const MOST_OF_A_REASON = 160;

/**
 * Asks Prometheus for the value of a query at a time. It never throws: what it could not be told is unknown, with the reason.
 *
 * @param prometheus as `PrometheusUrl` reads it
 * @param at ISO 8601
 */
export async function ask(around: Asking, prometheus: string, query: string, at: string): Promise<Reading> {
  const url = `${prometheus}/api/v1/query`;
  // Sent in the body, as Grafana does by default: what is signed there is what arrives, however a query is written.
  const body = new URLSearchParams({ query, time: at, timeout: `${MOST_MS}ms` }).toString();
  try {
    const headers = await headersFor(around, prometheus, url, body);
    const answer = await around.fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(MOST_MS),
    });
    const text = await answer.text();
    if (text.length > MOST_CHARACTERS) return unknown('its answer is over a million characters');
    return said(readingOf(text), answer, text);
  } catch (error) {
    return unknown(brief(isTimeout(error) ? `no answer within ${MOST_MS / 1_000} s` : reason(error)));
  }
}

async function headersFor(around: Asking, prometheus: string, url: string, body: string): Promise<Record<string, string>> {
  const workspace = workspaceOf(prometheus);
  if (!workspace) return { 'content-type': 'application/x-www-form-urlencoded' };
  const { region } = workspace;
  // By the machine's own clock: AWS refuses a signature of another time, whatever the time of the incident is.
  return around.signatures.headers({ url, body, service: 'aps', region }, new Date().toISOString());
}

/** An error of Prometheus says what is wrong with the query; one of what stands before it says only its status. */
function said(reading: Reading, answer: Response, text: string): Reading {
  if (reading.state !== 'unknown') return answer.ok ? reading : unknown(`it answers ${answer.status}`);
  const own = answer.ok || /^\s*\{\s*"status"/.test(text);
  return unknown(brief(own ? reading.why : `it answers ${answer.status}`));
}

const isTimeout = (error: unknown) => error instanceof Error && error.name === 'TimeoutError';
const brief = (text: string) => redact(text).replace(/\s+/g, ' ').slice(0, MOST_OF_A_REASON);

/** ISO 8601 of an hour before now. */
export function anHourBefore(now: Date): string {
  return iso(new Date(now.getTime() - 3_600_000));
}
