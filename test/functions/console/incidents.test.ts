import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { makeClients } from '../../../functions/aws/clients.ts';
import { HELD_CLAIMS, key, OPEN_INCIDENTS, PAST_INCIDENTS } from '../../../functions/incident/table.ts';
import { log } from '../../../functions/log.ts';
import { console } from './console.ts';

const declaration = { system: 'sira', title: 'Checkout is slow', severity: 'P1', by: 'ada' };
/** A P1 is for the on-call engineer, and the lead hears of it. */
const PAGED = ['oncall', 'lead'];

describe('declaring an incident', () => {
  it('opens one that runs nothing, and pages by the ladder of its severity', async () => {
    const { post, get, pages, until } = await console();
    const { status, body } = await post('/api/incidents', { ...declaration, target: '10.0.1.7:9100' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ origin: 'declared', status: 'open', automation: 'escalated', target: 'sira-prod-1', run: 0 });
    await until(() => pages().length === PAGED.length);
    expect(pages()).toMatchObject(PAGED.map((role) => ({ role, subject: 'P1 SIRA: Checkout is slow on sira-prod-1' })));
    const whole = await get(`/api/incidents/${body.id}`);
    const { timeline } = whole.body as { timeline: { type: string }[] };
    expect(timeline[0]).toMatchObject({ type: 'opened', by: { name: 'ada', kind: 'person' } });
    expect(timeline.map(({ type }) => type).toSorted()).toEqual(['escalated', 'opened', 'page-sent', 'page-sent']);
  });

  it('names the field that is wrong, and what was expected', async () => {
    const { post } = await console();
    const wrong = async (given: object) => (await post('/api/incidents', { ...declaration, ...given })).body.error;
    expect(await wrong({ severity: 'SEV1' })).toMatchObject({ field: 'severity', expected: 'one of P0, P1, P2, P3' });
    expect(await wrong({ system: 'saveit' })).toMatchObject({ field: 'system', expected: 'one of sira' });
    expect(await wrong({ by: '' })).toMatchObject({ field: 'by', expected: 'at least 1 characters' });
    expect(await wrong({ by: undefined })).toEqual({ field: 'by', expected: 'text', message: 'by is missing: expected text' });
    expect(await wrong({ servity: 'P1' })).toMatchObject({ field: 'servity', expected: 'no such field' });
  });

  it('is one incident when the same form is sent twice', async () => {
    const { send, incidents, pages, until } = await console();
    const form = { place: 'sira P1', title: 'Checkout is slow', by: 'ada', request: 'one' };
    const [first, second] = [await send('/incidents', form), await send('/incidents', form)];
    expect([first.status, second.status]).toEqual([303, 303]);
    expect(first.headers.get('location')).toBe(second.headers.get('location'));
    expect(await incidents()).toHaveLength(1);
    await until(() => pages().length === PAGED.length);
    expect(pages().map(({ role }) => role)).toEqual(PAGED);
  });
});

describe('having an incident', () => {
  it('belongs to whoever acknowledged first, and the second reads who that is', async () => {
    const { post, get } = await console();
    const { id } = (await post('/api/incidents', declaration)).body;
    await post(`/api/incidents/${id}/acknowledge`, { by: 'ada' });
    const second = await post(`/api/incidents/${id}/acknowledge`, { by: 'bob' });
    expect(second).toMatchObject({ status: 200, body: { status: 'acknowledged', acknowledgedBy: { name: 'ada' } } });
    const { timeline } = (await get(`/api/incidents/${id}`)).body;
    expect(JSON.stringify(timeline).match(/"type":"acknowledged"/g)).toHaveLength(1);
  });

  it('only moves forward: what is resolved is neither acknowledged, taken over nor run', async () => {
    const { post } = await console();
    const { id } = (await post('/api/incidents', declaration)).body;
    const resolved = await post(`/api/incidents/${id}/resolve`, { by: 'ada', reason: 'it was the holiday sale' });
    expect(resolved.body).toMatchObject({
      status: 'resolved',
      resolvedBy: { name: 'ada' },
      resolution: 'it was the holiday sale',
    });
    for (const path of ['acknowledge', 'take-over', 'stop', 'run-again', 'resolve'])
      expect(await post(`/api/incidents/${id}/${path}`, { by: 'bob' }), path).toMatchObject({
        status: 409,
        body: { error: { field: 'status' } },
      });
    expect((await post(`/api/incidents/${id}/resolve`, { by: 'ada' })).status).toBe(200);
  });

  it('keeps no secret that was pasted into a note', async () => {
    const { post, get } = await console();
    const { id } = (await post('/api/incidents', declaration)).body;
    await post(`/api/incidents/${id}/notes`, { by: 'ada', text: 'db says PGPASSWORD=hunter2 is wrong' });
    expect((await get(`/api/incidents/${id}`)).text).toContain('PGPASSWORD=[redacted]');
    expect((await get(`/incidents/${id}`)).text).not.toContain('hunter2');
  });

  it('says what is not there', async () => {
    const { post, get } = await console();
    expect(await get('/api/incidents/NOPE')).toMatchObject({ status: 404, body: { error: { field: 'id' } } });
    expect(await get(`/api/incidents/${'x'.repeat(3_000)}`)).toMatchObject({ status: 404 });
    expect(await post('/api/incidents/NOPE/acknowledge', { by: 'ada' })).toMatchObject({
      status: 404,
      body: { error: { field: 'id' } },
    });
    const { id } = (await post('/api/incidents', declaration)).body;
    expect(await post(`/api/incidents/${id}/run-again`, { by: 'ada' })).toMatchObject({
      status: 409,
      body: { error: { field: 'runbook' } },
    });
    expect(await post(`/api/incidents/${id}/stop`, { by: 'ada' })).toMatchObject({
      status: 409,
      body: { error: { field: 'automation' } },
    });
  });
});

describe('an alarm that a person resolves', () => {
  it('is counted live while it is open; resolved, it is the same one when it fires again soon', async () => {
    const { alarm, until, post, get, incidents, quiet } = await console(true);
    alarm('sira-DiskSpaceLow', 'ALARM');
    await until(() => quiet());
    const [first] = await incidents();
    alarm('sira-DiskSpaceLow', 'INSUFFICIENT_DATA' as 'OK');
    alarm('sira-DiskSpaceLow', 'ALARM');
    await until(async () => JSON.stringify((await get('/api/incidents')).body).includes('"seen":2'));
    expect((await get(`/api/incidents/${first?.id}`)).body.incident).toMatchObject({ seen: 2, automation: 'escalated' });
    await post(`/api/incidents/${first?.id}/resolve`, { by: 'ada' });
    expect((await get(`/api/incidents?status=resolved&system=sira`)).body.incidents).toMatchObject([{ id: first?.id, seen: 2 }]);
    expect((await get('/api/incidents?status=open')).body.incidents).toEqual([]);
    alarm('sira-DiskSpaceLow', 'OK');
    alarm('sira-DiskSpaceLow', 'ALARM');
    await until(async () => (await incidents())[0]?.status === 'open');
    expect((await get(`/api/incidents/${first?.id}`)).body.incident).toMatchObject({ reopened: 1, resolvedAt: null, seen: 3 });
    expect(await incidents()).toHaveLength(1);
  });
});

describe('a record that is none of ours', () => {
  it('hides no other incident', async () => {
    const { post, get, clock, names } = await console();
    log.setLogLevel('SILENT');
    await post('/api/incidents', declaration);
    const table = makeClients().table;
    const put = (at: object, gsiPk: string) =>
      clock.during(table.send(new PutCommand({ TableName: names.table, Item: { ...at, gsiPk, gsiSk: '0', v: 99 } })));
    await put(key.claim('v1:sira:Other:'), HELD_CLAIMS);
    await put(key.incident('UNREADABLE-1'), OPEN_INCIDENTS);
    await put(key.incident('UNREADABLE-2'), PAST_INCIDENTS);
    const { status, body } = await get('/api/incidents');
    expect([status, body.incidents]).toMatchObject([200, [{ title: declaration.title }]]);
  });
});
