import { describe, expect, it } from 'vitest';
import { type Console, console } from './console.ts';

async function questionOf({ get }: Console, id: string) {
  const answer = await get(`/api/incidents/${id}`);
  const [approval] = answer.body.approvals as { id: string; items: string[]; decision: string | null }[];
  if (!approval) throw new Error('nobody was asked');
  return { approval, text: answer.text };
}

describe('a run that waits for a person', () => {
  it('goes on when somebody with a name says yes, and shows nobody its token', async () => {
    const system = await console();
    const id = await system.untilItAsks();
    const { approval, text } = await questionOf(system, id);
    const [stored] = await system.around.store.people.approvals(id);
    expect(stored?.token).toBeTruthy();
    expect(text + (await system.get(`/incidents/${id}`)).text).not.toContain(stored?.token ?? '');
    expect(await system.post(`/api/approvals/${approval.id}`, { decision: 'approve' })).toMatchObject({
      status: 400,
      body: { error: { field: 'by' } },
    });
    expect(await system.post(`/api/approvals/${id}.nope`, { decision: 'approve', by: 'ada' })).toMatchObject({ status: 404 });
    const yes = await system.post(`/api/approvals/${approval.id}`, { decision: 'approve', by: 'ada', reason: 'go' });
    expect(yes).toMatchObject({ status: 200, body: { decision: 'approved', decidedBy: { name: 'ada' } } });
    expect(yes.text).not.toContain('token');
    expect(await system.post(`/api/approvals/${approval.id}`, { decision: 'deny', by: 'bob' })).toMatchObject({
      status: 409,
      body: { error: { field: 'decision', message: expect.stringContaining('by ada') } },
    });
    await system.until(async () => (await system.acts()).length > 0);
    system.alarm('sira-DiskSpaceLow', 'OK');
    await system.until(() => system.quiet());
    expect(await system.acts()).toEqual(['Leave a file']);
    expect((await system.incident()).status).toBe('resolved');
  });

  it('ends without a page when somebody takes it over, and holds no lock', async () => {
    const system = await console();
    const id = await system.untilItAsks();
    const before = system.subjects().length;
    const taken = await system.post(`/api/incidents/${id}/take-over`, { by: 'ada', reason: 'I know this one' });
    expect(taken.body).toMatchObject({ status: 'acknowledged', automation: 'taken-over', stop: { by: { name: 'ada' } } });
    await system.until(() => system.quiet());
    expect(await system.acts()).toEqual([]);
    expect(system.subjects()).toHaveLength(before);
    expect(await system.around.store.controls.lock('sira')).toBeUndefined();
    expect(await system.incident()).toMatchObject({ automation: 'taken-over', runs: { '1': { ended: 'escalated' } } });
    const { timeline } = (await system.get(`/api/incidents/${id}`)).body as { timeline: { type: string }[] };
    expect(timeline.map(({ type }) => type)).toEqual(expect.arrayContaining(['acknowledged', 'taken-over', 'approval-decided']));
  });

  it('ends at a person when it is stopped, and runs again when it is asked to', async () => {
    const system = await console();
    const id = await system.untilItAsks();
    const before = system.subjects().length;
    expect(await system.post(`/api/incidents/${id}/run-again`, { by: 'ada' })).toMatchObject({
      status: 409,
      body: { error: { field: 'automation' } },
    });
    const stopped = await system.post(`/api/incidents/${id}/stop`, { by: 'ada' });
    expect(stopped.body).toMatchObject({ stop: { by: { name: 'ada' } } });
    await system.until(() => system.quiet());
    expect(await system.acts()).toEqual([]);
    const since = () => system.pages().slice(before);
    await system.until(() => since().length === 2);
    expect(since().map(({ role, subject }) => [role, subject])).toEqual([
      ['oncall', expect.stringMatching(/^P1 /)],
      ['lead', expect.stringMatching(/^P1 /)],
    ]);
    expect(await system.incident()).toMatchObject({ automation: 'escalated', status: 'open' });

    await system.post('/api/automation', { scope: 'all', mode: 'auto', reason: 'the drill is over', by: 'ada' });
    const [again, twice] = await Promise.all([
      system.post(`/api/incidents/${id}/run-again`, { by: 'ada' }),
      system.post(`/api/incidents/${id}/run-again`, { by: 'bob' }),
    ]);
    expect([again.status, twice.status].sort()).toEqual([200, 409]);
    system.alarm('sira-DiskSpaceLow', 'OK');
    await system.until(() => system.quiet());
    expect(await system.incident()).toMatchObject({ status: 'resolved', run: 2, stop: null });
    expect(await system.acts()).toEqual(['Leave a file']);
  });

  it('ends quietly when the incident is resolved by hand', async () => {
    const system = await console();
    const id = await system.untilItAsks();
    const before = system.subjects().length;
    expect((await system.post(`/api/incidents/${id}/resolve`, { by: 'ada' })).body).toMatchObject({
      status: 'resolved',
      automation: 'taken-over',
    });
    await system.until(() => system.quiet());
    expect(system.subjects()).toHaveLength(before);
    expect(await system.acts()).toEqual([]);
  });
});

describe('a run by hand', () => {
  it('is rehearsed from the form, whose page leads to its incident', async () => {
    const system = await console();
    const sent = await system.send('/runbooks/sira/counted/executions', {
      how: 'rehearse',
      by: 'ada',
      reason: 'drill',
      request: 'one',
    });
    expect(sent.status).toBe(303);
    const page = sent.headers.get('location') ?? '';
    expect((await system.get(page)).text).toContain('The run is starting');
    await system.until(() => system.quiet());
    expect((await system.get(page)).text).toContain('Rehearsed in');
    expect(await system.incident()).toMatchObject({ origin: 'rehearsal', openedBy: { name: 'ada' } });
    expect(await system.acts()).toEqual([]);
  });

  it('answers with its execution and its incident before the first state has run', async () => {
    const system = await console();
    const { status, body } = await system.post('/api/runbooks/sira/counted/executions', { by: 'ada', reason: 'no file there' });
    expect(status).toBe(201);
    await system.until(() => system.quiet());
    expect(await system.incident()).toMatchObject({ id: body.incidentId, status: 'resolved', origin: 'manual' });
  });

  it('does not start with a field that is not known: a misspelt dryRun would run for real', async () => {
    const system = await console();
    const start = (given: object) => system.post('/api/runbooks/sira/counted/executions', { by: 'ada', ...given });
    expect(await start({ dryrun: true })).toMatchObject({ status: 400, body: { error: { field: 'dryrun' } } });
    expect(await start({ parameters: { nope: 1 } })).toMatchObject({
      status: 400,
      body: { error: { field: 'parameters.nope' } },
    });
    expect(await system.post('/api/runbooks/sira/nope/executions', { by: 'ada' })).toMatchObject({ status: 404 });
    expect(system.aws.executions()).toEqual([]);
  });
});
