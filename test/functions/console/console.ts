import type { Hono } from 'hono';
import * as z from 'zod';
import type { CallWatcher } from '../../../functions/aws/watched.ts';
import { consoleApp } from '../../../functions/console/app.ts';
import type { Count } from '../../../functions/incident/metrics.ts';
import { localNav, localRoutes } from '../../../local/console.ts';
import type { Duration } from '../../../runbooks/language/duration.ts';
import { type Whole, whole } from '../../local/whole.ts';
import { countedRunbook } from '../counted-runbook.ts';

/** A page's or the API's answer. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Empty where it is no JSON object. */
  body: Record<string, unknown>;
}

/** The console over the whole responder, with one quick runbook on SIRA. */
export interface Console extends Whole {
  app: Hono;
  get(path: string): Promise<Answer>;
  post(path: string, body?: object, headers?: Record<string, string>): Promise<Answer>;
  /** Sends a form as a browser would from the console's own page. */
  send(path: string, fields: Record<string, string>): Promise<Answer>;
  /** The subjects of the messages that reached somebody, in order. */
  subjects(): string[];
  /** Lets an alarm start the runbook, and time pass until it asks a person. @returns the incident's id */
  untilItAsks(): Promise<string>;
}

const JsonObject = z.record(z.string(), z.unknown());

/**
 * @param fails whether the runbook's act fails after it has left its file
 * @param takeBackAfter set where what it did is for a time only
 * @param seeing takes what is counted, or stands around each call of AWS
 */
export async function console(
  fails = false,
  takeBackAfter?: Duration,
  seeing: { counting?: Count; watcher?: CallWatcher } = {},
): Promise<Console> {
  const runbook = countedRunbook(fails, takeBackAfter);
  const registry = { systems: [runbook.system], runbooks: [runbook] };
  const system = await whole({ registry, monitoring: false, ...seeing });
  const { simulation, aws } = system;
  let ids = 0;
  const places = { notifications: () => aws.inbox(), simulation, alarms: () => aws.alarms.all() };
  const app = consoleApp(system.around, {
    nav: localNav(places),
    routes: localRoutes(places),
    newId: () => {
      ids += 1;
      return `request-${ids}`;
    },
  });
  const ask = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const answer = await system.clock.during(Promise.resolve(app.request(path, init)));
    const text = await answer.text();
    const body = answer.headers.get('content-type')?.includes('json') ? JsonObject.parse(JSON.parse(text)) : {};
    return { status: answer.status, headers: answer.headers, text, body };
  };
  const post: Console['post'] = (path, body, headers = { 'content-type': 'application/json' }) =>
    ask(path, { method: 'POST', headers, ...(body && { body: JSON.stringify(body) }) });
  return {
    ...system,
    app,
    get: (path) => ask(path),
    post,
    send: (path, fields) =>
      ask(path, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          origin: 'http://localhost',
          'sec-fetch-site': 'same-origin',
        },
        body: new URLSearchParams(fields).toString(),
      }),
    subjects: () => aws.inbox().map(({ subject }) => subject),
    untilItAsks: async () => {
      await post('/api/automation', { scope: 'all', mode: 'ask', reason: 'a drill', by: 'ada' });
      system.alarm('sira-DiskSpaceLow', 'ALARM');
      await system.until(async () => (await system.incidents())[0]?.automation === 'awaiting-approval');
      return (await system.incident()).id;
    },
  };
}
