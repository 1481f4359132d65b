import { describe, expect, it } from 'vitest';
import { useUpTheBudget } from '../used-up.ts';
import { console } from './console.ts';

const RUN = '/runbooks/sira/counted/executions';
const TYPED = { request: 'one', by: 'Ada', reason: 'the disk fills', how: 'run' };

describe('the form of a runbook', () => {
  it('asks why, and comes back with every fault beside its field and with what was typed', async () => {
    const { send, incidents } = await console();
    const back = await send(RUN, { ...TYPED, reason: '  ', by: '', 'override.breaker': 'yes' });
    expect(back.status).toBe(400);
    expect(back.text).toContain('id="start-reason-fault">Expected why you run it, in a few words');
    expect(back.text).toContain('id="start-by-fault">Expected at least 1 characters');
    expect(back.text).toMatch(/name="override\.breaker" value="yes" checked/);
    expect(back.text).toContain('<details class="over" open>');
    expect(back.text).toContain('name="request" value="one"');
    expect(await incidents()).toEqual([]);
  });

  it('takes a reason from the API only where a guard is gone over', async () => {
    const { post } = await console();
    expect((await post(`/api${RUN}`, { by: 'Ada' })).status).toBe(201);
    expect(await post(`/api${RUN}`, { by: 'Ada', override: ['deployment'] })).toMatchObject({
      status: 400,
      body: { error: { field: 'reason', expected: 'why it may go over the deployment guard' } },
    });
  });
});

describe('the summary before a run', () => {
  it('starts nothing, says what may happen, and carries on what was typed', async () => {
    const { send, incidents, runs } = await console();
    const { status, text } = await send(RUN, { ...TYPED, 'override.breaker': 'yes' });
    expect(status).toBe(200);
    expect(text).toContain('Nothing has been started');
    expect(text).toContain('<strong>Leave a file</strong> <span class="chip safety-disruptive">disruptive</span>');
    expect(text).toContain('<dt>Where</dt><dd>sira-prod-1</dd>');
    expect(text).toContain('interrupts or slows the service for a moment');
    expect(text).toContain('undone if it stays half done');
    expect(text).toContain('breaker: 3 of 3 (leave) per 1h left on sira-prod-1');
    expect(text).toContain('mode auto: it acts by itself');
    expect(text).toContain('lock: no other run works on the system');
    expect(text).toContain('It goes over the breaker, because the disk fills.');
    for (const [name, value] of Object.entries({
      request: 'one',
      by: 'Ada',
      reason: 'the disk fills',
      'override.breaker': 'yes',
    }))
      expect(text).toContain(`<input type="hidden" name="${name}" value="${value}">`);
    expect([await incidents(), runs()]).toEqual([[], []]);
  });

  it('is followed by one run, however often "Start it" is pressed', async () => {
    const { send, until, quiet, runs, incident } = await console();
    const confirmed = { ...TYPED, confirmed: 'yes', 'override.breaker': 'yes' };
    const [first, second] = [await send(RUN, confirmed), await send(RUN, confirmed)];
    expect(first.status).toBe(303);
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    await until(quiet);
    expect(runs()).toHaveLength(1);
    expect(await incident()).toMatchObject({
      origin: 'manual',
      runs: { '1': { by: { name: 'Ada', kind: 'person' }, reason: 'the disk fills', override: ['breaker'] } },
    });
  });

  it('leads back to the form as it was', async () => {
    const { send, incidents } = await console();
    const { status, text } = await send(RUN, { ...TYPED, how: 'back', confirmed: 'yes', 'override.deployment': 'yes' });
    expect(status).toBe(200);
    expect(text).toContain('value="the disk fills"');
    expect(text).toMatch(/name="override\.deployment" value="yes" checked/);
    expect(text).not.toContain('role="alert"');
    expect(await incidents()).toEqual([]);
  });

  it('does not stand before a rehearsal', async () => {
    const { send, until, quiet, incident } = await console();
    expect((await send(RUN, { ...TYPED, how: 'rehearse' })).status).toBe(303);
    await until(quiet);
    expect((await incident()).origin).toBe('rehearsal');
  });

  it('checks first: with a fault it is the form that comes', async () => {
    const { send } = await console();
    const { status, text } = await send(RUN, { ...TYPED, reason: '' });
    expect([status, text]).toEqual([400, expect.stringContaining('It was not started')]);
    const wrong = await send('/runbooks/sira/nosuch/executions', TYPED);
    expect(wrong.status).toBe(404);
  });

  it('says what would hold it back now', async () => {
    const { send, post, around, clock } = await console();
    const to = new Date(clock.now().getTime() + 3_600_000).toISOString();
    await post('/api/maintenance', { system: 'sira', to, by: 'Bob', reason: 'the database moves' });
    await post('/api/automation', { scope: 'sira/counted', mode: 'ask', by: 'Bob', reason: 'we look first' });
    const lock = { v: 1 as const, system: 'sira', holder: 'OTHER-1', incidentId: 'OTHER', until: to };
    await clock.during(around.store.controls.acquire(lock, clock.now().toISOString()));
    await useUpTheBudget({ around, clock });
    const declared = await post('/api/incidents', { system: 'sira', title: 'slow', severity: 'P2', by: 'Bob' });
    await post(`/api/incidents/${declared.body.id}/take-over`, { by: 'Bob' });
    const { text } = await send(RUN, TYPED);
    expect(text).toMatch(/<span class="chip gate-stops">Stops it<\/span> in maintenance until .*Bob: the database moves/);
    expect(text).toContain('mode ask: each act waits for an approval');
    expect(text).toContain('lock: run OTHER-1 works on the system');
    expect(text).toContain(
      '<span class="chip gate-stops">Stops it</span> breaker: all of 3 (leave) per 1h are used up on sira-prod-1',
    );
    expect(text).toContain(`Bob has taken over incident ${declared.body.id} (slow)`);
    const over = await send(RUN, { ...TYPED, 'override.breaker': 'yes' });
    expect(over.text).toContain(
      'goes over the breaker, because the disk fills: all of 3 (leave) per 1h are used up on sira-prod-1',
    );
  });
});
