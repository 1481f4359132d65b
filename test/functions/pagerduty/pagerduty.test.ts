import { expect, test, vi } from 'vitest';
import { acknowledge } from '../../../functions/console/commands/acknowledge.ts';
import { resolve } from '../../../functions/console/commands/resolve.ts';
import { beginGeneration } from '../../../functions/incident/ladder/generation.ts';
import { log } from '../../../functions/log.ts';
import { pagerdutyFor, tellPagerduty } from '../../../functions/pagerduty/pagerduty.ts';
import { ada, grace, KEYS, withPagerduty } from './with-pagerduty.ts';

const PAGE = { subject: 'P1 SIRA: Disk space running low', message: 'P1 SIRA: Disk space running low.\nPlease take it.' };

test('a person’s service is alerted by the published schema, and told when it is acknowledged and when it is over', async () => {
  const { system, pagerduty, around } = await withPagerduty();
  const id = await system.untilItAsks();
  const { trigger } = pagerdutyFor(around);
  expect(await trigger(grace, { id }, PAGE)).toEqual({ ok: true });
  expect(await trigger(ada, { id }, PAGE)).toEqual({ ok: true });
  expect(pagerduty.taken).toMatchObject([
    {
      event_action: 'trigger',
      routing_key: KEYS['/firebreak/pagerduty/oncall'],
      dedup_key: `${id}.1.grace-hopper`,
      client_url: `${system.url}/incidents/${id}`,
      payload: { summary: PAGE.subject, severity: 'error', source: 'sira-prod-1', class: 'DiskSpaceLow' },
    },
    { event_action: 'trigger', routing_key: KEYS['/firebreak/pagerduty/lead'], dedup_key: `${id}.1.ada-lovelace` },
  ]);
  pagerduty.taken.length = 0;
  await system.clock.during(tellPagerduty(around, await acknowledge(around)(id, { by: 'Ada' })));
  expect(pagerduty.taken.map(({ event_action }) => event_action)).toEqual(['acknowledge', 'acknowledge']);
  pagerduty.taken.length = 0;
  await system.clock.during(tellPagerduty(around, await resolve(around)(id, { by: 'Ada', reason: '' })));
  expect(new Set(pagerduty.taken.map((event) => `${event.event_action} ${event.dedup_key}`))).toEqual(
    new Set([`resolve ${id}.1.grace-hopper`, `resolve ${id}.1.ada-lovelace`]),
  );
});

test('no link of a person stands where everybody who sees their service can press it', async () => {
  const { system, pagerduty, around } = await withPagerduty();
  const id = await system.untilItAsks();
  const link = `https://pages.example.com/l/${'a'.repeat(43)}`;
  await pagerdutyFor(around).trigger(grace, { id }, { ...PAGE, message: `${PAGE.message}\nApprove: ${link}` });
  expect(pagerduty.taken).toHaveLength(1);
  expect(JSON.stringify(pagerduty.taken)).toContain('Please take it.');
  expect(JSON.stringify(pagerduty.taken)).not.toContain('/l/');
});

test('each climb of the ladder is an alert of its own: one that was acknowledged wakes nobody again', async () => {
  const { system, pagerduty, around } = await withPagerduty();
  const id = await system.untilItAsks();
  await pagerdutyFor(around).trigger(grace, { id }, PAGE);
  await around.store.incidents.change(id, (one) => beginGeneration(one, '2026-10-04T12:00:00.000Z', 'it was raised'));
  await pagerdutyFor(around).trigger(grace, { id }, PAGE);
  expect(pagerduty.taken.map(({ dedup_key }) => dedup_key)).toEqual([`${id}.1.grace-hopper`, `${id}.2.grace-hopper`]);
});

test('nobody is told of what nobody was alerted about', async () => {
  const { system, pagerduty, around } = await withPagerduty();
  const id = await system.untilItAsks();
  await system.clock.during(tellPagerduty(around, await resolve(around)(id, { by: 'Ada' })));
  expect(pagerduty.asked()).toBe(0);
});

test('too many at once, an outage and silence are tried again; what is refused is not; an end is an answer, and no key is in it', async () => {
  const { system, pagerduty, around } = await withPagerduty();
  const said = vi.spyOn(log, 'error').mockImplementation(() => undefined);
  const id = await system.untilItAsks();
  const tried = async (...answers: (number | 'silence')[]) => {
    const before = pagerduty.asked();
    pagerduty.next(...answers);
    let came: unknown;
    void pagerdutyFor(around, { withinMs: 200, waitsMs: [1_000, 2_000] })
      .trigger(grace, { id }, PAGE)
      .then((answer) => {
        came = answer;
      });
    await system.until(() => came !== undefined);
    return [came, pagerduty.asked() - before];
  };
  expect(await tried(429, 503)).toEqual([{ ok: true }, 3]);
  expect(await tried('silence')).toEqual([{ ok: true }, 2]);
  expect(await tried(500, 429, 500)).toEqual([{ ok: false, why: expect.stringContaining('PagerDuty answered 500') }, 3]);
  expect(await tried(400)).toEqual([{ ok: false, why: expect.stringContaining('PagerDuty answered 400') }, 1]);
  expect(await tried('silence', 'silence', 'silence')).toEqual([{ ok: false, why: expect.stringContaining('no answer') }, 3]);
  const everything = JSON.stringify([said.mock.calls, await around.store.incidents.timeline(id)]);
  for (const key of Object.values(KEYS)) expect(everything).not.toContain(key);
  said.mockRestore();
});

test('what PagerDuty was not told stands in the timeline, and stops nobody', async () => {
  const { system, pagerduty, around } = await withPagerduty();
  const id = await system.untilItAsks();
  await pagerdutyFor(around).trigger(grace, { id }, PAGE);
  pagerduty.next(400);
  const incident = await acknowledge(around)(id, { by: 'Ada' });
  expect(incident.status).toBe('acknowledged');
  await tellPagerduty(around, incident);
  const note = (await around.store.incidents.timeline(id)).find(({ type }) => type === 'note');
  expect(note).toMatchObject({ text: expect.stringContaining('Grace Hopper: PagerDuty answered 400') });
  expect(JSON.stringify(note)).not.toContain(KEYS['/firebreak/pagerduty/oncall']);
});

test('a key that is none, and one that is not there, are said by the parameter’s name', async () => {
  const { system, around } = await withPagerduty();
  const id = await system.untilItAsks();
  const trigger = (pagerduty: string) => pagerdutyFor(around).trigger({ name: 'Typo', pagerduty }, { id }, PAGE);
  expect(await trigger('/firebreak/pagerduty/typo')).toEqual({
    ok: false,
    why: 'the parameter /firebreak/pagerduty/typo holds no integration key: expected 32 letters and digits',
  });
  expect(await trigger('/firebreak/none')).toMatchObject({ ok: false, why: expect.stringContaining('/firebreak/none') });
});

test('an outage of the table does not stop whoever tells', async () => {
  const { system, around } = await withPagerduty();
  const id = await system.untilItAsks();
  const incident = await acknowledge(around)(id, { by: 'Ada' });
  const people = Object.assign(Object.create(around.store.people), { alerts: async () => Promise.reject(new Error('outage')) });
  await tellPagerduty({ ...around, store: { ...around.store, people } }, incident);
});
