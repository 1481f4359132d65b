import { describe, expect, it } from 'vitest';
import { iso, after as plus } from '../../../functions/incident/clock.ts';
import { beginGeneration, endLadder } from '../../../functions/incident/ladder/generation.ts';
import { type Console, console } from './console.ts';

const MINUTE = 60_000;

/** An open P1 that somebody is paged for. */
async function paged(): Promise<Console & { id: string; do: (path: string, said?: object) => ReturnType<Console['post']> }> {
  const system = await console();
  const { body } = await system.post('/api/incidents', { system: 'sira', title: 'Checkout is slow', severity: 'P1', by: 'ada' });
  const id = String(body.id);
  await system.around.store.incidents.change(id, (before) =>
    before.ladder ? undefined : beginGeneration(before, before.openedAt, 'it was declared'),
  );
  return { ...system, id, do: (path, said = {}) => system.post(`/api/incidents/${id}/${path}`, { by: 'ada', ...said }) };
}

const generationOf = ({ body }: { body: Record<string, unknown> }) => (body.ladder as { generation: number }).generation;

describe('handing over', () => {
  it('begins a generation for the other, who has to acknowledge; said twice it is said once', async () => {
    const { do: it, get, id } = await paged();
    const before = generationOf(await it('acknowledge'));
    const handed = await it('hand-over', { to: 'Engineering lead', reason: 'I am leaving' });
    expect(handed).toMatchObject({
      status: 200,
      body: {
        status: 'open',
        responder: 'lead',
        acknowledgedBy: null,
        ladder: { generation: before + 1, handed: { to: 'lead' } },
      },
    });
    expect(generationOf(await it('hand-over', { to: 'lead' }))).toBe(before + 1);
    await it('acknowledge', { by: 'bob' });
    expect(generationOf(await it('hand-over', { to: 'lead' })), 'handed over anew').toBe(before + 2);
    expect((await get(`/incidents/${id}`)).text).toContain('Handed over to');
  });
  it('names the roles that there are', async () => {
    const { do: it } = await paged();
    for (const to of ['nobody', 'stakeholders'])
      expect(await it('hand-over', { to }), 'whoever is only told takes nothing').toMatchObject({
        status: 400,
        body: { error: { field: 'to', expected: expect.stringMatching(/oncall, lead, cto(?!.*stakeholders)/) } },
      });
  });
});

describe('asking for quiet', () => {
  it('acknowledges, and lasts no longer than an acknowledgement does', async () => {
    const { do: it, clock } = await paged();
    const now = iso(clock.now());
    expect(await it('snooze', { minutes: 30, reason: 'lunch' })).toMatchObject({
      body: { status: 'acknowledged', acknowledgedBy: { name: 'ada' }, snoozed: { until: plus(now, 30 * MINUTE) } },
    });
    const tooLong = await it('snooze', { until: plus(now, 4 * 60 * MINUTE + MINUTE) });
    expect(tooLong).toMatchObject({
      status: 400,
      body: { error: { field: 'until', message: expect.stringContaining('4h at most') } },
    });
    expect((await it('snooze', { until: plus(now, 4 * 60 * MINUTE) })).status).toBe(200);
  });
  it('takes a time to come, or minutes', async () => {
    const { do: it, clock } = await paged();
    for (const [said, field] of [
      [{}, 'until'],
      [{ until: iso(clock.now()) }, 'until'],
      [{ until: plus(iso(clock.now()), MINUTE), minutes: 5 }, 'minutes'],
      [{ minutes: 0 }, 'minutes'],
      [{ until: 'tomorrow' }, 'until'],
    ] as const)
      expect(await it('snooze', said), JSON.stringify(said)).toMatchObject({ status: 400, body: { error: { field } } });
  });
  it('is over once it is worse', async () => {
    const { do: it } = await paged();
    await it('snooze', { minutes: 30 });
    expect(await it('severity', { severity: 'P0' })).toMatchObject({ body: { severity: 'P0', status: 'open', snoozed: null } });
  });
});

describe('the severity', () => {
  it('raised begins its ladder at once; lowered, whoever has it still does', async () => {
    const { do: it, get, id, clock } = await paged();
    const before = generationOf(await it('acknowledge'));
    expect(await it('severity', { severity: 'P0', reason: 'customers call' })).toMatchObject({
      body: { severity: 'P0', status: 'open', ladder: { generation: before + 1, lowered: null } },
    });
    const since = ((await get(`/api/incidents/${id}`)).body.incident as { ladder: { since: string } }).ladder.since;
    await it('acknowledge');
    expect(await it('severity', { severity: 'P2', reason: 'only one customer' })).toMatchObject({
      body: { severity: 'P2', status: 'acknowledged', ladder: { generation: before + 2, since, lowered: iso(clock.now()) } },
    });
    await it('severity', { severity: 'P2' });
    const { timeline } = (await get(`/api/incidents/${id}`)).body as { timeline: { type: string }[] };
    expect(timeline.map(({ type }) => type).filter((type) => type.startsWith('severity'))).toEqual([
      'severity-raised',
      'severity-lowered',
    ]);
  });
  it("is one of the system's own", async () => {
    const { do: it } = await paged();
    expect(await it('severity', { severity: 'SEV1' })).toMatchObject({
      status: 400,
      body: { error: { field: 'severity', expected: 'one of P0, P1, P2, P3' } },
    });
  });
});

describe('closing', () => {
  it('is for what is over, final, and said once', async () => {
    const { do: it, get, id } = await paged();
    expect(await it('close')).toMatchObject({ status: 409, body: { error: { field: 'status', expected: 'resolved' } } });
    await it('resolve', { reason: 'the sale is over' });
    expect((await get(`/incidents/${id}`)).text).toContain('/close');
    expect(await it('close', { by: 'bob' })).toMatchObject({ body: { status: 'closed', closedBy: { name: 'bob' } } });
    expect(await it('close', { by: 'eve' })).toMatchObject({ body: { status: 'closed', closedBy: { name: 'bob' } } });
    expect(await it('severity', { severity: 'P0' })).toMatchObject({ status: 409 });
  });
  it('resolves what has cleared and waits for a person', async () => {
    const { do: it, around, id, clock } = await paged();
    await around.store.incidents.change(id, (before) => endLadder(before, iso(clock.now()), 'it has cleared'));
    expect(await it('close', { reason: 'seen' })).toMatchObject({
      body: { status: 'closed', resolution: 'seen', resolvedBy: { name: 'ada' } },
    });
  });
});

describe('the forms of the page', () => {
  it('do what the API does, and come back with what was wrong', async () => {
    const { send, get, id } = await paged();
    const page = (await get(`/incidents/${id}`)).text;
    for (const path of ['hand-over', 'snooze', 'severity']) expect(page).toContain(`action="/incidents/${id}/${path}"`);
    expect(await send(`/incidents/${id}/snooze`, { minutes: '30', by: 'ada', reason: '' })).toMatchObject({ status: 303 });
    expect(await send(`/incidents/${id}/severity`, { severity: 'P0', by: 'ada', reason: '' })).toMatchObject({ status: 303 });
    expect(await send(`/incidents/${id}/hand-over`, { to: 'cto', by: 'ada', reason: '' })).toMatchObject({ status: 303 });
    const refused = await send(`/incidents/${id}/snooze`, { minutes: '240', by: 'ada', reason: '' });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('1h at most')]);
    expect((await get(`/api/incidents/${id}`)).body.incident).toMatchObject({ responder: 'cto', severity: 'P0', status: 'open' });
  });
});
