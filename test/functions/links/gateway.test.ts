import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { publicDoor } from '../../../functions/links/door.ts';
import { GatewayEvent, throughGateway } from '../../../functions/links/gateway.ts';
import { linked } from './links.ts';

/** As API Gateway's documentation shows an event of format 2.0. */
const event = (method: string, rawPath: string, more: object = {}) =>
  GatewayEvent.parse({
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: '',
    headers: { accept: 'text/html', host: 'abc123.execute-api.eu-central-1.amazonaws.com', 'user-agent': 'agent' },
    requestContext: {
      accountId: '123456789012',
      apiId: 'abc123',
      domainName: 'abc123.execute-api.eu-central-1.amazonaws.com',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'agent' },
      stage: '$default',
      timeEpoch: 1_583_348_638_390,
    },
    isBase64Encoded: false,
    ...more,
  });

describe('through API Gateway', () => {
  it('a link is shown and used as it is anywhere', async () => {
    const system = await linked();
    await system.untilItAsks();
    const answer = throughGateway(publicDoor(system.around));
    const ask = (...given: Parameters<typeof event>) => system.clock.during(answer(event(...given)));
    const link = await system.linkTo('acknowledge');
    const shown = await ask('GET', link);
    expect(shown).toMatchObject({
      statusCode: 200,
      isBase64Encoded: false,
      headers: { 'content-type': 'text/html; charset=UTF-8', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
      body: expect.stringContaining('Acknowledge: I have it'),
    });
    expect((await system.incident()).status).toBe('open');
    expect(await ask('HEAD', link)).toMatchObject({ statusCode: 200, body: '' });
    const origin = {
      headers: { origin: 'https://abc123.execute-api.eu-central-1.amazonaws.com' },
      body: '',
      isBase64Encoded: true,
    };
    expect((await ask('POST', link, origin)).statusCode).toBe(200);
    expect((await system.incident()).status).toBe('acknowledged');
    const refused = await ask('GET', '/l/nothing');
    expect(refused.statusCode).toBe(404);
    expect(await ask('POST', link)).toEqual(refused);
    for (const path of ['/', '//evil.example/l/x', '', '/api/incidents', '/incidents', '/healthz'])
      expect(await ask('GET', path)).toEqual(refused);
  });

  it('is answered under a name that no URL takes, as an emulator gives it', async () => {
    const system = await linked();
    const { requestContext } = event('GET', '/l/x');
    const odd = { requestContext: { ...requestContext, domainName: 'abc123.execute-api.127.0.0.1' } };
    const answer = throughGateway(publicDoor(system.around));
    expect(await system.clock.during(answer(event('GET', '/l/x', odd)))).toMatchObject({ statusCode: 404 });
  });

  it('whoever sends what no request may have breaks nothing: a function that breaks wakes somebody', async () => {
    const system = await linked();
    const answer = throughGateway(publicDoor(system.around));
    const ask = (...given: Parameters<typeof event>) => system.clock.during(answer(event(...given)));
    const refused = await ask('GET', '/l/nothing');
    for (const headers of [{ 'x-odd': '火' }, { 'x odd': 'y' }, { 'x-odd': 'a\nb: c' }, { '': '' }])
      expect(await ask('GET', '/l/nothing', { headers })).toEqual(refused);
    for (const method of ['TRACE', 'CONNECT', 'G E T', '']) expect((await ask(method, '/l/nothing')).statusCode).toBe(400);
    for (const path of ['/l/%', '/l/#', '/l/?x', '/l/\u0000', '/%2e%2e/l/x', '/l/\ud800'])
      expect((await ask('GET', path)).statusCode).toBe(404);
  });

  it('the page finds its sheet and its picture, and nothing else is there', async () => {
    const system = await linked();
    const answer = throughGateway(publicDoor(system.around));
    expect(await answer(event('GET', '/assets/console.css'))).toMatchObject({
      headers: { 'content-type': 'text/css; charset=utf-8' },
    });
    expect(await answer(event('GET', '/assets/icon.svg'))).toMatchObject({ statusCode: 200 });
    for (const path of ['/assets/../handler.mjs', '/assets/settings.json', '/assets/'])
      expect((await system.clock.during(answer(event('GET', path)))).statusCode).toBe(404);
  });

  it('a webhook reaches PagerDuty’s own door with every byte that was signed', async () => {
    const system = await linked();
    const secret = 'a secret of theirs';
    const around = {
      ...system.around,
      config: { ...system.around.config, pagerduty: { webhookSecret: '/firebreak/pagerduty/webhook' } },
      parameters: { ...system.around.parameters, secret: async () => secret },
    };
    const answer = throughGateway(publicDoor(around));
    const body = '{"event": "é, which they sign as it is"}';
    const signature = `v1=${createHmac('sha256', secret).update(body).digest('hex')}`;
    const sent = { body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
    const signed = { headers: { 'x-pagerduty-signature': signature, 'content-type': 'application/json' }, ...sent };
    expect(await answer(event('POST', '/pagerduty', signed))).toMatchObject({ statusCode: 202 });
    expect(await answer(event('POST', '/pagerduty', sent))).toMatchObject({ statusCode: 401 });
  });
});
