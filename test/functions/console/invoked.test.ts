import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import type { Mode } from '../../../functions/incident/control.ts';
import { approvalAddress } from '../../../functions/incident/records.ts';
import { type Whole, whole } from '../../local/whole.ts';
import { countedRunbook } from '../counted-runbook.ts';

const runbook = countedRunbook(false);
const quiet = () => whole({ registry: { systems: [runbook.system], runbooks: [runbook] }, monitoring: false });

/** As `aws lambda invoke` does it. @throws {Error} when the function ended with an error */
async function invoke(system: Whole, functionName: string, payload: unknown): Promise<unknown> {
  const call = new InvokeCommand({ FunctionName: functionName, Payload: new TextEncoder().encode(JSON.stringify(payload)) });
  const answer = await system.clock.during(new LambdaClient({}).send(call));
  const text = new TextDecoder().decode(answer.Payload);
  if (answer.FunctionError) throw new Error(text);
  return JSON.parse(text);
}

const REJECTED = { error: { field: 'mode', message: expect.stringContaining('only firebreak-promote may') } };

describe('firebreak-mode', () => {
  it('makes everything stricter, and never less strict; firebreak-promote does both', async () => {
    const system = await quiet();
    const mode = (said: object) => invoke(system, 'firebreak-mode', { by: 'Ada', reason: 'drill', ...said });
    expect(await mode({ scope: 'all', mode: 'ask' })).toMatchObject({ scope: 'all', mode: 'ask', by: { name: 'Ada' } });
    expect(await mode({ scope: 'all', mode: 'observe' })).toMatchObject({ mode: 'observe' });
    expect(await mode({ scope: 'all', mode: 'observe' }), 'pressed twice').toMatchObject({ mode: 'observe' });
    for (const less of ['ask', 'auto'] satisfies Mode[]) expect(await mode({ scope: 'all', mode: less })).toMatchObject(REJECTED);
    expect(await mode({ scope: 'all', mode: 'observe', until: '2026-10-04T04:00:00Z' }), 'not after its end').toMatchObject(
      REJECTED,
    );
    expect(await mode({ scope: 'sira', mode: 'observe', until: '2026-10-04T04:00:00Z' })).toMatchObject({ scope: 'sira' });
    expect(await mode({ scope: 'sira', mode: 'observe', until: '2026-10-04T03:30:00Z' }), 'nor for less long').toMatchObject(
      REJECTED,
    );
    expect(await mode({ scope: 'sira', mode: 'observe', until: '2026-10-04T05:00:00Z' }), 'longer').toMatchObject({
      scope: 'sira',
    });

    const promote = { scope: 'all', mode: 'auto', by: 'Grace', reason: 'mended' };
    expect(await invoke(system, 'firebreak-promote', promote)).toMatchObject({ mode: 'auto', by: { name: 'Grace' } });
  });

  it('looks again when somebody sets the same at the same moment', async () => {
    const system = await quiet();
    const pressed = { scope: 'all', by: 'Ada', reason: 'a drill' };
    const modes = ['ask', 'observe', 'ask', 'observe'];
    await Promise.all(modes.map((mode) => invoke(system, 'firebreak-mode', { ...pressed, mode })));
    expect(await system.around.store.controls.modes(['all'])).toMatchObject([{ mode: 'observe' }]);
  });

  it('says what it takes where it was given something else', async () => {
    const system = await quiet();
    expect(await invoke(system, 'firebreak-mode', { scope: 'all', mode: 'stop', by: 'Ada', reason: 'a drill' })).toMatchObject({
      error: { field: 'mode', expected: 'one of observe, ask, auto' },
    });
    expect(await invoke(system, 'firebreak-mode', { scope: 'all', mode: 'ask', reason: 'a drill' })).toMatchObject({
      error: { field: 'by' },
    });
    expect(await invoke(system, 'firebreak-promote', null)).toMatchObject({ error: { expected: 'an object' } });
  });
});

describe('firebreak-approve', () => {
  it('answers a question once, and says so to whoever comes later', async () => {
    const system = await quiet();
    await invoke(system, 'firebreak-mode', { scope: 'all', mode: 'ask', by: 'Ada', reason: 'a drill' });
    system.alarm('sira-DiskSpaceLow', 'ALARM');
    await system.until(async () => (await system.incidents())[0]?.automation === 'awaiting-approval');
    const [asked] = await system.around.store.people.approvals((await system.incident()).id);
    if (!asked) throw new Error('nobody was asked');
    const id = approvalAddress(asked);
    expect(system.aws.inbox().at(-1)?.message, 'the mail says what to answer').toContain(`Question ${id}`);
    const yes = { id, decision: 'approve', reason: 'go', by: 'Ada' };
    const answered = await invoke(system, 'firebreak-approve', yes);
    expect(answered).toMatchObject({ id, decision: 'approved', decidedBy: { name: 'Ada' } });
    expect(answered).not.toHaveProperty('token');
    expect(await invoke(system, 'firebreak-approve', yes)).toMatchObject({
      error: { field: 'decision', message: expect.stringContaining('approved at') },
    });
    await system.until(async () => (await system.acts()).length > 0);
  });

  it('wants a name, and a question that there is', async () => {
    const system = await quiet();
    const said = { id: 'NONE.x', decision: 'approve', by: 'Ada' };
    expect(await invoke(system, 'firebreak-approve', said)).toMatchObject({ error: { field: 'id' } });
    expect(await invoke(system, 'firebreak-approve', { ...said, by: ' ' })).toMatchObject({ error: { field: 'by' } });
    expect(await invoke(system, 'firebreak-approve', { decision: 'deny' })).toMatchObject({ error: { field: 'id' } });
  });
});

describe('firebreak-console', () => {
  const api = (system: Whole, call: object) => invoke(system, 'firebreak-console', call);

  it('gives what the API gives, and does what it does', async () => {
    const system = await quiet();
    const body = { system: 'sira', severity: 'P1', title: 'Slow since lunch', by: 'Ada' };
    const declared = await api(system, { method: 'POST', path: '/api/incidents', body });
    expect(declared).toMatchObject({ status: 201, body: { status: 'open', title: 'Slow since lunch' } });
    const { id } = await system.incident();
    const taken = { method: 'POST', path: `/api/incidents/${id}/acknowledge`, body: { by: 'Ada' } };
    expect(await api(system, taken)).toMatchObject({ status: 200, body: { status: 'acknowledged' } });
    expect(await api(system, { path: `/api/incidents/${id}` })).toMatchObject({ status: 200, body: { incident: { id } } });
    expect(await api(system, { path: '/api/incidents?status=open' })).toEqual({ status: 200, body: { incidents: [] } });
  });

  it('gives a review as the text that it is', async () => {
    const system = await quiet();
    const declared = { system: 'sira', severity: 'P1', title: 'Slow since lunch', by: 'Ada' };
    await api(system, { method: 'POST', path: '/api/incidents', body: declared });
    const path = `/api/reviews/${(await system.incident()).id}`;
    expect(await api(system, { path })).toMatchObject({ status: 404, body: { error: { field: 'id' } } });
    expect(await api(system, { method: 'POST', path, body: { by: 'Ada' } })).toMatchObject({ status: 200, body: { version: 2 } });
    expect(await api(system, { path })).toEqual({ status: 200, body: expect.stringMatching(/^# Review: P1 Slow since lunch\n/) });
  });

  it.each([
    ['/api/automation', 'firebreak-mode or firebreak-promote'],
    ['/api/%61utomation', 'firebreak-mode or firebreak-promote'],
    ['/api/approvals/X.1', 'firebreak-approve'],
    ['/api/runbooks/../approvals/X.1', 'firebreak-approve'],
  ])('lets nobody do by POST %s what another function is for', async (path, named) => {
    const system = await quiet();
    const body = { scope: 'all', mode: 'auto', by: 'Ada' };
    const answer = await api(system, { method: 'POST', path, body });
    expect(answer).toMatchObject({ status: 403, body: { error: { message: expect.stringContaining(named) } } });
    expect(await system.around.store.controls.modes(['all'])).toEqual([]);
  });

  it('answers with what is wrong, and never with a crash', async () => {
    const system = await quiet();
    expect(await api(system, {})).toMatchObject({
      error: { field: 'path', expected: expect.stringContaining('/api/incidents') },
    });
    expect(await api(system, { path: '/' })).toMatchObject({ error: { field: 'path' } });
    expect(await api(system, { path: '/api/incidents', body: {} })).toMatchObject({ error: { field: 'method' } });
    expect(await api(system, { path: '/api/incidents', methd: 'POST' })).toMatchObject({ error: { field: 'methd' } });
    expect(await api(system, { path: '/api/nothing' })).toMatchObject({ status: 404, body: { error: { field: 'path' } } });
    expect(await api(system, { path: '/api/incidents/NONE' })).toMatchObject({ status: 404, body: { error: { field: 'id' } } });
  });
});
