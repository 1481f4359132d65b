import { createServer, request } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { expect, it, onTestFinished } from 'vitest';
import type { CallWatcher } from '../../../functions/aws/watched.ts';
import { frontDoor, listen } from '../../../local/front-door.ts';
import { type Console, console } from './console.ts';
import { addressOf, getsOf, type Route, routesOf } from './routes.ts';

const READS = /^(Get|BatchGet|Query|Describe|List)/;

/** The console with an open incident, and every call that is more than a look. */
async function watched(): Promise<{ system: Console; id: string; changed: string[] }> {
  const changed: string[] = [];
  const watcher: CallWatcher = (service, operation, call) => {
    if (!READS.test(operation)) changed.push(`${service} ${operation}`);
    return call();
  };
  const system = await console(false, undefined, { watcher });
  const { body } = await system.post('/api/incidents', { system: 'sira', title: 'slow', severity: 'P3', by: 'ada' });
  changed.length = 0;
  return { system, id: String(body.id), changed };
}

const FORM = 'application/x-www-form-urlencoded';
const FIELDS =
  'by=mallory&reason=none&text=x&title=x&place=sira+P0&scope=all&mode=auto&minutes=60&decision=approve&to=lead&turn=on';
const changing = (system: Console): Route[] => routesOf(system.app).filter(({ method }) => method !== 'GET');

it('a page of another site changes nothing by any route', async () => {
  const { system, id, changed } = await watched();
  const foreign: [number, Record<string, string>][] = [
    [403, { 'content-type': FORM, origin: 'https://evil.example' }],
    [403, { 'content-type': FORM, origin: 'null' }],
    [403, { 'content-type': FORM, origin: 'http://localhost.evil.example' }],
    [403, { 'content-type': FORM, origin: 'http://localhost:81' }],
    [403, { 'content-type': FORM, 'sec-fetch-site': 'cross-site' }],
    [403, { 'content-type': FORM, 'sec-fetch-site': 'same-site' }],
    [415, { 'content-type': 'text/plain' }],
    [415, { 'content-type': 'multipart/form-data; boundary=x' }],
  ];
  const routes = changing(system);
  expect(routes.length).toBeGreaterThan(35);
  for (const { method, path } of routes)
    for (const [status, headers] of foreign) {
      const answer = await system.app.request(addressOf(path, id), { method, headers, body: FIELDS });
      expect(answer.status, `${method} ${path} ${JSON.stringify(headers)}`).toBe(status);
      expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none';.*frame-ancestors 'none'/);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  expect(changed).toEqual([]);
  expect(system.simulation.faults().filter(({ on }) => on)).toEqual([]);
  const own = await system.app.request('/api/incidents', {
    method: 'POST',
    headers: { 'content-type': FORM, origin: 'http://localhost' },
    body: 'system=sira&title=slow&severity=P3&by=ada',
  });
  expect(own.status).toBe(201);
  expect(changed).not.toEqual([]);
});

it('a host name of others that leads here is not answered, by any route', async () => {
  const { system, id, changed } = await watched();
  const server = createServer(frontDoor({ aws: system.aws, pages: getRequestListener(system.app.fetch) }));
  onTestFinished(() => void server.close());
  const { port } = new URL(await listen(server, 0));
  const ask = (method: string, path: string, host: string) =>
    new Promise<{ status: number; policy: unknown }>((resolve, reject) => {
      const headers = { host, origin: `http://${host}`, 'content-type': FORM, 'content-length': FIELDS.length };
      const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (answer) => {
        answer.resume();
        resolve({ status: answer.statusCode ?? 0, policy: answer.headers['content-security-policy'] });
      });
      sent.on('error', reject);
      sent.end(FIELDS);
    });
  for (const host of [`evil.example:${port}`, `127.0.0.1.evil.example:${port}`, `localhost.evil.example`])
    for (const { method, path } of routesOf(system.app))
      expect(await ask(method, addressOf(path, id), host), `${method} ${path} at ${host}`).toEqual({
        status: 403,
        policy: "default-src 'none'; frame-ancestors 'none'",
      });
  expect(changed).toEqual([]);
  expect((await ask('GET', '/', `localhost:${port}`)).status).toBe(200);
});

it('a GET changes nothing, whatever it asks for', async () => {
  const { system, id, changed } = await watched();
  const gets = getsOf(system.app);
  expect(gets.length).toBeGreaterThan(15);
  for (const path of gets) {
    const answer = await system.get(`${addressOf(path, id)}?by=mallory&find=x&starting&from=0`);
    expect(answer.status, path).toBeLessThan(500);
  }
  expect(changed).toEqual([]);
});
