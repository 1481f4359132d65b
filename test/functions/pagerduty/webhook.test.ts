import { createHmac } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { acknowledge } from '../../../functions/console/commands/acknowledge.ts';
import { beginGeneration } from '../../../functions/incident/ladder/generation.ts';
import { dedupKeyOf } from '../../../functions/pagerduty/alert.ts';
import { pagerdutyFor } from '../../../functions/pagerduty/pagerduty.ts';
import { isSigned, mayBeSignature } from '../../../functions/pagerduty/signature.ts';
import { pagerdutyRoutes } from '../../../functions/pagerduty/webhook.ts';
import { grace, KEYS, withPagerduty } from './with-pagerduty.ts';

const SECRET = KEYS['/firebreak/pagerduty/webhook'] ?? '';
const user = {
  id: 'PLH1HKV',
  type: 'user_reference',
  summary: 'Tenex  Engineer',
  self: 'https://api.pagerduty.com/users/PLH1HKV',
  html_url: null,
};

const signed = (body: string, secret = SECRET) => `v1=${createHmac('sha256', secret).update(body).digest('hex')}`;

/** An event as webhooks v3 bring it. */
function event(type: string, dedupKey: string, differs: object = {}) {
  const data = {
    id: 'PGR0VU2',
    type: 'incident',
    html_url: 'https://acme.pagerduty.com/incidents/PGR0VU2',
    number: 2,
    status: 'acknowledged',
    incident_key: dedupKey,
    created_at: '2026-10-04T12:00:00Z',
    title: 'Disk space running low',
    urgency: 'high',
    service: { id: 'PF9KMXH', type: 'service_reference', summary: 'SIRA', html_url: null, self: null },
    assignees: [user],
    priority: null,
    resolve_reason: null,
  };
  const about = { id: `01-${type}`, event_type: type, resource_type: 'incident', occurred_at: '2026-10-04T12:01:00.000Z' };
  return { event: { ...about, agent: user, client: null, data, ...differs } };
}

async function webhooks() {
  const { system, around, ...rest } = await withPagerduty();
  const id = await system.untilItAsks();
  await pagerdutyFor(around).trigger(grace, { id }, { subject: 'P1', message: 'P1' });
  const app = pagerdutyRoutes(around);
  const post = async (body: string, signature: string | undefined = signed(body)) => {
    const headers = {
      'content-type': 'application/json',
      ...(signature !== undefined && { 'x-pagerduty-signature': signature }),
    };
    const answer = await system.clock.during(Promise.resolve(app.request('/pagerduty', { method: 'POST', headers, body })));
    return [answer.status, ((await answer.json()) as { status: string }).status];
  };
  const hear = (type: string, differs: object = {}, key = dedupKeyOf(id, 1, 'grace-hopper')) =>
    post(JSON.stringify(event(type, key, differs)));
  const incident = async () => {
    const found = await around.store.incidents.get(id);
    if (!found) throw new Error('the incident is lost');
    return found;
  };
  return { system, around, id, post, hear, incident, ...rest };
}

test('who acknowledges there has it here, by name, and what they resolve there is over here', async () => {
  const { hear, incident, pagerduty } = await webhooks();
  expect(await hear('incident.acknowledged')).toEqual([202, 'done']);
  const by = { name: 'PagerDuty: Tenex Engineer', kind: 'person', verified: true };
  expect(await incident()).toMatchObject({ status: 'acknowledged', acknowledgedBy: by });
  expect(await hear('incident.acknowledged')).toEqual([202, 'heard before']);
  expect(await hear('incident.resolved')).toEqual([202, 'done']);
  expect(await incident()).toMatchObject({ status: 'resolved', resolvedBy: by, resolution: 'Resolved in PagerDuty' });
  // What comes back of our own word to PagerDuty changes nothing.
  expect(await hear('incident.acknowledged', { id: 'late' })).toEqual([202, 'acknowledged or over already']);
  // What was done there needs not be told there.
  expect(pagerduty.taken.map(({ event_action }) => event_action)).toEqual(['trigger']);
});

test('an acknowledgement that ends there ends here, and the ladder begins anew; one that was given here holds', async () => {
  const { hear, incident, around, id } = await webhooks();
  expect(await hear('incident.unacknowledged', { agent: null })).toEqual([202, 'not acknowledged there']);
  await hear('incident.acknowledged');
  expect(await hear('incident.unacknowledged', { agent: null })).toEqual([202, 'done']);
  expect(await incident()).toMatchObject({ status: 'open', acknowledgedBy: null, ladder: { generation: 2 } });
  expect(await hear('incident.unacknowledged', { agent: null })).toEqual([202, 'of an older climb of the ladder']);
  expect((await around.store.incidents.timeline(id)).map(({ type }) => type)).toContain('acknowledgement-ended');
  await acknowledge(around)(id, { by: 'Ada' });
  const now = dedupKeyOf(id, 2, 'grace-hopper');
  expect(await hear('incident.unacknowledged', { agent: null, id: 'another' }, now)).toEqual([202, 'not acknowledged there']);
  expect((await incident()).status).toBe('acknowledged');
});

test('what PagerDuty has not signed is refused, and changes nothing', async () => {
  const { post, incident, id } = await webhooks();
  const body = JSON.stringify(event('incident.acknowledged', dedupKeyOf(id, 1, 'grace-hopper')));
  for (const signature of [
    '',
    'v1=',
    'v2=00',
    signed(body, 'another secret'),
    signed(`${body} `),
    signed(body).toUpperCase().replace('V1', 'v3'),
  ])
    expect(await post(body, signature)).toEqual([401, 'not signed']);
  expect(await post(body, Array.from({ length: 11 }, () => signed(body)).join(','))).toEqual([401, 'not signed']);
  expect((await incident()).status).toBe('open');
  // While a secret is changed there are two signatures.
  expect(await post(body, `${signed(body, 'the next secret')},${signed(body)}`)).toEqual([202, 'done']);
});

test('where the parameter holds nothing that is a secret, nobody is let in by signing with that', async () => {
  const { around, id, incident } = await webhooks();
  const body = JSON.stringify(event('incident.acknowledged', dedupKeyOf(id, 1, 'grace-hopper')));
  for (const secret of ['', ' ', 'changeme']) {
    const app = pagerdutyRoutes({ ...around, parameters: { ...around.parameters, secret: async () => secret } });
    const headers = { 'content-type': 'application/json', 'x-pagerduty-signature': signed(body, secret.trim()) };
    expect((await app.request('/pagerduty', { method: 'POST', headers, body })).status).toBe(500);
  }
  expect((await incident()).status).toBe('open');
});

test('what is not for us, not understood or of an older climb is answered as taken, and changes nothing', async () => {
  const { post, hear, incident, around, id } = await webhooks();
  expect(await post('{"event":{}}')).toEqual([202, 'not understood']);
  expect(await post('no json')).toEqual([202, 'not understood']);
  expect(await hear('pagey.ping')).toEqual([202, 'nothing to do for an event of this type']);
  expect(await hear('incident.acknowledged', {}, 'somebody-elses')).toEqual([202, 'no incident of ours']);
  expect(await hear('incident.acknowledged', {}, '000000000000.1.grace-hopper')).toEqual([202, 'no incident of ours']);
  expect(await hear('incident.acknowledged', { agent: null })).toEqual([202, 'nobody did it']);
  expect(await hear('incident.resolved', { agent: { ...user, type: 'service_reference' } })).toEqual([202, 'nobody did it']);
  for (const why of ['it opened', 'it was raised'])
    await around.store.incidents.change(id, (one) => beginGeneration(one, '2026-10-04T12:00:00.000Z', why));
  expect(await hear('incident.resolved')).toEqual([202, 'of an older climb of the ladder']);
  expect((await incident()).status).toBe('open');
});

test('an outage of ours is a 500, so that PagerDuty tries again, and what was begun is completed', async () => {
  const { hear, around, incident } = await webhooks();
  const told = vi.spyOn(around.store.incidents, 'tell').mockRejectedValueOnce(new Error('outage'));
  expect(await hear('incident.acknowledged')).toEqual([500, 'try again']);
  told.mockRestore();
  expect(await hear('incident.acknowledged')).toEqual([202, 'done']);
  const { id } = await incident();
  expect((await around.store.incidents.timeline(id)).filter(({ type }) => type === 'acknowledged')).toHaveLength(1);
});

test('without a subscription there is no such address', async () => {
  const { around } = await withPagerduty();
  const app = pagerdutyRoutes({ ...around, config: { ...around.config, pagerduty: undefined } });
  expect((await app.request('/pagerduty', { method: 'POST', body: '{}' })).status).toBe(404);
});

test('a signature is one of at most ten, each of 64 hexadecimal digits', () => {
  const body = new TextEncoder().encode('{}');
  expect(isSigned(body, signed('{}'), SECRET)).toBe(true);
  expect(isSigned(body, 'v1=00', SECRET)).toBe(false);
  expect(mayBeSignature(undefined)).toBe(false);
  expect(mayBeSignature(`v1=${'0'.repeat(63)}`)).toBe(false);
  expect(mayBeSignature(`v1=${'0'.repeat(64)}`)).toBe(true);
});
