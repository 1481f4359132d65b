import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as z from 'zod';
import { between, iso } from '../incident/clock.ts';
import { asError, log } from '../log.ts';
import type { Surroundings } from '../surroundings.ts';
import { hear } from './hear.ts';
import { isSigned, mayBeSignature } from './signature.ts';
import { WebhookEvent } from './webhook-event.ts';

/** What PagerDuty sends is a few kilobytes. */
const MOST_BYTES = 256 * 1024;
/** How long the secret is kept: whoever sends what is not signed must not make a call of each try. */
const KEPT_MS = 60_000;
/** PagerDuty's own are longer by far. */
const SHORTEST_SECRET = 16;

const Body = z.object({ event: WebhookEvent });

/**
 * `POST /pagerduty`: what people do there is done here. Nothing is believed that PagerDuty has not signed, and what says the same twice
 * is heard once. What is not for us, or not understood, is answered as taken: sent again it would mean the same. An outage of ours
 * is a 500, after which PagerDuty tries again.
 */
export function pagerdutyRoutes(around: Surroundings): Hono {
  const app = new Hono();
  const secret = keptSecret(around);
  app.post('/pagerduty', bodyLimit({ maxSize: MOST_BYTES }), async (c) => {
    const parameter = around.config.pagerduty?.webhookSecret;
    if (parameter === undefined) return c.json({ status: 'not configured' }, 404);
    const header = c.req.header('x-pagerduty-signature');
    const body = new Uint8Array(await c.req.arrayBuffer());
    try {
      if (!mayBeSignature(header) || !isSigned(body, header, await secret(parameter)))
        return c.json({ status: 'not signed' }, 401);
      return c.json({ status: await taken(around, body) }, 202);
    } catch (error) {
      log.error('a webhook of PagerDuty could not be handled', asError(error));
      return c.json({ status: 'try again' }, 500);
    }
  });
  return app;
}

async function taken(around: Surroundings, body: Uint8Array): Promise<string> {
  const read = Body.safeParse(parsed(body));
  if (!read.success) {
    log.warn('a webhook of PagerDuty was not understood', {
      why: read.error.issues.map(({ path, code }) => `${path.join('.')}: ${code}`),
    });
    return 'not understood';
  }
  const { event } = read.data;
  const status = await hear(around, event);
  log.info('a webhook of PagerDuty', { event: event.id, type: event.event_type, status });
  return status;
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

function keptSecret({ clock, parameters }: Surroundings): (parameter: string) => Promise<string> {
  let kept: { value: string; at: string } | undefined;
  return async (parameter) => {
    const now = iso(clock.now());
    if (!kept || between(kept.at, now) > KEPT_MS) {
      const value = (await parameters.secret(parameter)).trim();
      // By what anybody can guess, anybody could sign: nothing is let in, and PagerDuty tries again.
      if (value.length < SHORTEST_SECRET)
        throw new Error(`${parameter} holds no secret of a webhook: expected ${SHORTEST_SECRET} characters at least`);
      kept = { value, at: now };
    }
    return kept.value;
  };
}
