import * as z from 'zod';
import { reason } from '../run-step/executors/probe.ts';
import { redact } from '../run-step/redact.ts';
import type { Surroundings } from '../surroundings.ts';

/** An event for PagerDuty's Events API v2, without its key: https://developer.pagerduty.com/docs/send-alert-event. */
export interface PagerdutyEvent {
  event_action: 'trigger' | 'acknowledge' | 'resolve';
  /** 255 characters at most. */
  dedup_key: string;
  client?: string;
  client_url?: string;
  links?: readonly { href: string; text: string }[];
  payload?: {
    /** 1,024 characters at most. */
    summary: string;
    source: string;
    severity: 'critical' | 'error' | 'warning' | 'info';
    timestamp: string;
    component?: string;
    group?: string;
    class?: string;
    custom_details?: Record<string, unknown>;
  };
}

/** What became of it. `why` says nothing that is secret. */
export type Enqueued = { ok: true } | { ok: false; why: string };

export interface Timing {
  /** How long one answer may take. */
  withinMs: number;
  /** How long it waits before each further try. */
  waitsMs: readonly number[];
}

/** Three tries in 15 seconds at most: whoever waits for this function waits half a minute, and other ways to a person are not held up. */
const TIMING: Timing = { withinMs: 4_000, waitsMs: [1_000, 2_000] };
const EVENTS_URL = 'https://events.pagerduty.com';
/** An integration key of Events API v2. */
const Key = z
  .string()
  .trim()
  .regex(/^[0-9a-zA-Z]{32}$/);
const MOST_OF_AN_ANSWER = 300;

type Reaching = Pick<Surroundings, 'clock' | 'fetch' | 'parameters'> & { config: Pick<Surroundings['config'], 'pagerduty'> };

/**
 * Sends one event, and tries again what another try may help: too many at once (429), an outage, no answer. Sent twice, it is one
 * event: its dedup key says so. It never throws, because the same page goes out by other ways, too.
 *
 * @param parameter the SecureString that holds the integration key; the key itself is neither logged nor returned
 */
export async function enqueue(
  around: Reaching,
  parameter: string,
  event: PagerdutyEvent,
  timing: Timing = TIMING,
): Promise<Enqueued> {
  const url = `${(around.config.pagerduty?.eventsUrl ?? EVENTS_URL).replace(/\/+$/, '')}/v2/enqueue`;
  let key: string;
  try {
    const read = Key.safeParse(await around.parameters.secret(parameter));
    if (!read.success)
      return { ok: false, why: `the parameter ${parameter} holds no integration key: expected 32 letters and digits` };
    key = read.data;
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
  const body = JSON.stringify({ routing_key: key, ...event });
  for (let attempt = 0; ; attempt += 1) {
    const { why, mayHelp } = await once(around, url, body, timing.withinMs);
    if (why === undefined) return { ok: true };
    const wait = timing.waitsMs[attempt];
    if (!mayHelp || wait === undefined) return { ok: false, why: redact(why.replaceAll(key, '***')) };
    await around.clock.sleep(wait);
  }
}

/** @returns why it was not taken, and whether another try may help; neither where it was */
async function once(
  { fetch }: Reaching,
  url: string,
  body: string,
  withinMs: number,
): Promise<{ why?: string; mayHelp?: boolean }> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'firebreak' },
      body,
      // A redirect would take the key elsewhere.
      redirect: 'error',
      signal: AbortSignal.timeout(withinMs),
    });
    const said = (await answer.text()).slice(0, MOST_OF_AN_ANSWER);
    if (answer.ok) return {};
    return { why: `PagerDuty answered ${answer.status}: ${said}`, mayHelp: answer.status === 429 || answer.status >= 500 };
  } catch (error) {
    return { why: `PagerDuty gave no answer: ${reason(error)}`, mayHelp: true };
  }
}
