import { describe, expect, it } from 'vitest';
import type { ActRecord, LookRecord } from '../../../functions/incident/records.ts';
import { type Changes, staleFacts } from '../../../functions/run-step/staleness.ts';

const MINE = 'INCIDENT-1';
const OTHER = 'OTHER-1';
/** Seconds after the start of the incident. */
const at = (seconds: number) => new Date(Date.parse('2026-10-04T03:00:00Z') + seconds * 1_000).toISOString();
const sent = (pass: number, step: string, startedAt: string) => ({
  ...{ v: 1 as const, run: 1, pass, step, host: '-', title: step, startedAt },
  ...{ deadline: at(600), commandId: null, says: '', evidence: null },
});

function look(pass: number, startedAt: string, endedAt = startedAt, step = 'pods'): Extract<LookRecord, { status: 'done' }> {
  return { ...sent(pass, step, startedAt), status: 'done', facts: {}, endedAt };
}
function act(pass: number, startedAt: string, endedAt: string): Extract<ActRecord, { status: 'done' }> {
  const call = { command: 'restart-deployment', parameters: {} };
  return { ...sent(pass, 'restart', startedAt), because: '', call, undo: null, status: 'done', facts: {}, endedAt };
}
const lock = (holder: string, until: string) => ({ v: 1 as const, system: 'saveit', holder, incidentId: 'I', until });

function stale(looks: LookRecord[], changes: Partial<Changes> = {}, now = at(20)): string[] {
  const definitions = [
    { key: 'pods', freshSeconds: 60 },
    { key: 'backups', freshSeconds: 600 },
  ];
  const nothing: Changes = { acts: [], holder: MINE, lock: undefined, freed: undefined };
  return staleFacts(looks, { ...nothing, ...changes }, { definitions, read: new Set(['pods', 'backups']), now });
}
const BEFORE = ['"pods" was looked at before the last change'];

describe('facts and what this run has done', () => {
  const restarted = act(1, at(1), at(10));

  it('are fresh where they are of a later pass, even of the millisecond in which the act ended', () => {
    expect(stale([look(2, at(10))], { acts: [restarted] })).toEqual([]);
    expect(stale([look(3, at(10))], { acts: [restarted, act(2, at(10), at(10))] })).toEqual([]);
  });
  it('are stale where they are of the same pass, even of that millisecond', () => {
    expect(stale([look(1, at(10))], { acts: [restarted] })).toEqual(BEFORE);
    expect(stale([look(1, at(0))], { acts: [restarted] })).toEqual(BEFORE);
    expect(stale([look(2, at(10))], { acts: [restarted, act(2, at(10), at(10))] })).toEqual(BEFORE);
  });
  it('are stale where the act began when the look had not ended, and nobody knows its end', () => {
    const { status: _, endedAt: __, ...begun } = restarted;
    expect(stale([look(1, at(0), at(2))], { acts: [{ ...begun, status: 'started' }] })).toEqual(BEFORE);
  });
  it('are stale after an act that failed, or of which nobody knows how it ended', () => {
    for (const status of ['failed', 'doubt'] as const)
      expect(stale([look(1, at(5))], { acts: [{ ...restarted, status, error: 'no answer' }] })).toEqual(BEFORE);
  });
  it('are as fresh as their runbook says, where that knows what it does', () =>
    expect(stale([look(1, at(0), at(0), 'backups')], { acts: [restarted] })).toEqual([]));
});

describe('facts and what another run has done', () => {
  it.each([
    ['it let go of the lock after the look', look(2, at(4)), { freed: { by: OTHER, at: at(5) } }],
    ['it let go while it was looked', look(2, at(4), at(6)), { freed: { by: OTHER, at: at(5) } }],
    ['it let go in the same millisecond', look(2, at(5)), { freed: { by: OTHER, at: at(5) } }],
    ['its lease has ended, with nobody to let go', look(2, at(4)), { lock: lock(OTHER, at(5)) }],
  ])('are stale where %s, in whichever pass', (_, seen, changes) => {
    expect(stale([seen], { acts: [act(1, at(0), at(1))], ...changes })).toEqual(BEFORE);
  });
  it.each([
    ['it let go before the look', { freed: { by: OTHER, at: at(3) } }],
    ['it was this run that let go', { freed: { by: MINE, at: at(5) } }],
    ['the lock is held still: whoever holds it is waited for', { lock: lock(OTHER, at(30)) }],
    ['the lock is this run’s own', { lock: lock(MINE, at(5)) }],
  ])('are fresh where %s', (_, changes) => expect(stale([look(2, at(4))], changes)).toEqual([]));
});

describe('facts and time', () => {
  it('are stale when they are older than a minute, or than their runbook says', () => {
    expect(stale([look(1, at(0), at(1))], {}, at(61))).toEqual([]);
    expect(stale([look(1, at(0), at(1))], {}, at(62))).toEqual(['"pods" was looked at 61 s ago']);
    expect(stale([look(1, at(0), at(1), 'backups')], {}, at(602))).toEqual(['"backups" was looked at 601 s ago']);
  });
  it('do not matter where nobody read them, or where they are none', () => {
    expect(stale([look(1, at(0), at(0), 'logs')], {}, at(900))).toEqual([]);
    const failed: LookRecord = { ...look(1, at(0)), status: 'failed', error: 'no answer' };
    expect(stale([failed], {}, at(900))).toEqual([]);
  });
});
