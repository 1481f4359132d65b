import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { impactOf } from '../../../functions/doctor/impact.ts';
import { machineClock } from '../../../functions/incident/clock.ts';
import { listen } from '../../../local/front-door.ts';
import { registered } from '../../../runbooks/language/system.ts';
import { SaveitSettings, saveit } from '../../../runbooks/saveit/system.ts';
import { prometheusServer, vector } from '../run-step/prometheus-server.ts';

async function ready(status: number): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status).end());
  onTestFinished(() => void server.close());
  return await listen(server, 0);
}

test('Prometheus is asked the queries of the settings, and the readiness endpoint once; nothing else', async () => {
  const { url, asked } = await prometheusServer(({ query }) => vector(query.includes('5..') ? '0.2' : '42'));
  const settings = SaveitSettings.parse({ urls: { ready: await ready(503) }, prometheus: url });
  const seen = await impactOf(registered(saveit), settings, machineClock);
  expect(seen?.told.readiness.status).toBe(503);
  expect(seen?.told.requests.now).toEqual({ state: 'known', value: 42 });
  const { errors, requests, ready: wasReady } = settings.queries;
  expect(new Set(asked.map(({ query }) => query))).toEqual(new Set([errors, requests, wasReady]));
  expect(new Set(asked.map(({ method, path }) => `${method} ${path}`))).toEqual(new Set(['POST /api/v1/query']));
});

test('what does not answer is told, and waited for no longer than an incident would', async () => {
  const { url } = await prometheusServer(() => undefined);
  const settings = SaveitSettings.parse({ urls: { ready: await ready(200) }, prometheus: url });
  const seen = await impactOf(registered(saveit), settings, machineClock);
  expect(seen?.told.requests.now).toEqual({ state: 'unknown', why: 'no answer within 2.5 s' });
});

test('placeholders are nobody’s to ask', async () => {
  expect(await impactOf(registered(saveit), undefined, machineClock)).toBeUndefined();
});
