import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { HostCommand } from '../../../runbooks/language/command.ts';
import type { Identity, VerifySpec } from '../../../runbooks/language/define.ts';
import { runbook, slug } from '../../../runbooks/language/define.ts';
import type { Runbook } from '../../../runbooks/language/definition.ts';
import { budgetOf } from '../../../runbooks/language/definition.ts';
import { because } from '../../../runbooks/language/reason.ts';
import type { Budget } from '../../../runbooks/language/system.ts';
import { deploymentState, kiosk, kioskDown, kioskLook, pulse, restart, wipe } from './kiosk.ts';

const IDENTITY = { title: 'Ill', symptom: 'It is ill.', owner: 'keeper', triggers: [], parameters: z.object({}) };
const VERIFY: VerifySpec<Record<string, { command: HostCommand }>, object, object> = {
  looks: { pulse: { command: pulse } },
  holds: () => true,
  settle: '5s',
  times: 3,
  every: '10s',
  within: '1m',
};

const begin = (identity: Partial<Identity<z.ZodObject>> = {}) => runbook(kiosk, 'ill', { ...IDENTITY, ...identity });
const looking = (identity?: Partial<Identity<z.ZodObject>>) =>
  begin(identity).diagnose('pulse', 'Feel the pulse', { command: pulse }).diagnose('deployment', 'Look for a deployment', {
    command: deploymentState,
  });
const mend = {
  when: () => because('it is ill'),
  command: restart,
  with: (): z.input<typeof restart.parameters> => ({ service: 'till' }),
};
const verified = (verify: Partial<typeof VERIFY> = {}, title = 'It lives') =>
  looking()
    .act('Mend it', mend)
    .verify(title, { ...VERIFY, ...verify });
const limited = (limits: Budget) => verified().limits(limits);

const LACKS: [what: string, define: () => Runbook, says: RegExp][] = [
  ['a diagnosis', () => begin().examples(), /no diagnosis/],
  ['a verify', () => looking().act('Mend it', mend).examples(), /an act and no verify/],
  [
    'a look for a deployment',
    () =>
      begin().diagnose('pulse', 'Feel the pulse', { command: pulse }).act('Mend it', mend).verify('It lives', VERIFY).examples(),
    /no diagnosis called "deployment"/,
  ],
  ['titles of their own', () => looking().diagnose('again', 'Feel the pulse', { command: pulse }).examples(), /same title/],
  ['a title of its own for the verify', () => verified({}, 'Mend it').examples(), /same title/],
  ['keys of their own', () => looking().diagnose('pulse', 'Feel it again', { command: pulse }).examples(), /same key/],
  [
    'keys that differ by more than marks',
    () => looking().act('Mend it', mend).act('Mend - it!', mend).verify('It lives', VERIFY).examples(),
    /same key/,
  ],
  ['a short title', () => looking().diagnose('long', 'x'.repeat(65), { command: pulse }).examples(), /over 64 characters/],
  ['a short title for the verify', () => verified({}, 'x'.repeat(65)).examples(), /over 64 characters/],
  ['a plain title', () => looking().diagnose('umlaut', 'Fühle den Puls', { command: pulse }).examples(), /not plain ASCII/],
  ['a title with a word', () => looking().diagnose('marks', '!?', { command: pulse }).examples(), /no word/],
  ['a title without a colon', () => looking().diagnose('colon', 'Mend it: done?', { command: pulse }).examples(), /has a colon/],
  ['a title that no state has', () => verified({}, 'Resolve').examples(), /a state's own name/],
  [
    'looks that only look',
    () => looking().diagnose('mend', 'Look', { command: restart, with: mend.with }).examples(),
    /changes something/,
  ],
  [
    'checks that only look',
    () => verified({ looks: { wiping: { command: wipe } } }).examples(),
    /"It lives: wiping" looks with wipe, which changes something/,
  ],
  [
    'acts that act',
    () =>
      looking()
        .act('Mend it', { ...mend, command: pulse, with: () => ({}) })
        .verify('It lives', VERIFY)
        .examples(),
    /"Mend it" only looks/,
  ],
  ['a good check', () => verified({ times: 0 }).examples(), /asks for no good check/],
  ['whole checks', () => verified({ times: 1.5 }).examples(), /asks for no good check/],
  ['something to check', () => verified({ looks: {} }).examples(), /looks at nothing/],
  ['time to check', () => verified({ times: 10, every: '10s', within: '1m' }).examples(), /cannot be over within its own time/],
  ['a known alert', () => looking({ triggers: [{ alert: 'Fire', severity: 'P0' }] }).examples(), /alert Fire is not declared/],
  [
    'a known severity',
    () => looking({ triggers: [{ alert: 'KioskDown', severity: 'SEV1' }] }).examples(),
    /"SEV1" is not a severity/,
  ],
  [
    'triggers that exclude each other',
    () =>
      looking({
        triggers: [
          { alert: 'KioskErrors', severity: 'P0', value: { above: 5 } },
          { alert: 'KioskErrors', severity: 'P1', value: { above: 2, upTo: 7 } },
        ],
      }).examples(),
    /"KioskErrors above 5" and "KioskErrors above 2 up to 7" have equal weight and overlap/,
  ],
  [
    'a trigger that can match',
    () => looking({ triggers: [{ alert: 'KioskErrors', severity: 'P0', value: { above: 5, upTo: 5 } }] }).examples(),
    /can never match/,
  ],
  [
    'a role to escalate to',
    () =>
      looking()
        .escalate({ to: 'cto', tell: () => '' })
        .examples(),
    /cto, which is not a role/,
  ],
  ['limits under the budget', () => limited({ acts: 4, per: '1h' }).examples(), /above the budget/],
  ['limits that are no faster than the budget', () => limited({ acts: 2, per: '10m' }).examples(), /above the budget/],
];

describe('a definition', () => {
  it.each(LACKS)('needs %s, and the error names the runbook', (_, define, says) => {
    expect(define).toThrow(/^runbook kiosk\/ill: /);
    expect(define).toThrow(says);
  });

  it('tells all of its faults at once', () => {
    const define = () =>
      begin()
        .act('Mend it', mend)
        .escalate({ to: 'cto', tell: () => '' })
        .examples();
    expect(define).toThrow(/no diagnosis.*; .*no verify.*; .*"deployment".*; .*cto/);
  });

  it('stands when it has all of that', () => {
    expect(verified().limits({ acts: 2, per: '2h' }).examples()).toMatchObject({ id: 'kiosk/ill', safety: 'disruptive' });
    expect(limited({ acts: 3, per: '1h' }).examples().limits).toEqual({ acts: 3, per: '1h' });
  });
});

describe('a finished runbook', () => {
  const down = kioskDown();

  it('says what it is', () => {
    expect(down).toMatchObject({
      id: 'kiosk/kiosk-down',
      name: 'kiosk-down',
      safety: 'destructive',
      clearsWithinSeconds: 300,
      supersedes: ['kiosk-slow'],
      limits: { acts: 1, per: '1d' },
    });
    expect(down.looks.map(({ key, kind, freshSeconds }) => [key, kind, freshSeconds])).toEqual([
      ['pulse', 'host', 60],
      ['deployment', 'host', 120],
      ['front', 'probe', 60],
    ]);
    expect(down.acts.map(({ key, safety }) => [key, safety])).toEqual([
      ['restart-the-till', 'disruptive'],
      ['throw-old-tickets-away', 'destructive'],
    ]);
    expect(down.verify).toMatchObject({
      title: 'Tickets come out again',
      settleSeconds: 30,
      times: 3,
      everySeconds: 10,
      withinSeconds: 300,
    });
    expect(Object.isFrozen(down)).toBe(true);
  });

  it('carries its decisions with it', () => {
    const [restartTill, wipeTickets] = down.acts;
    const p = down.parameters.parse({});
    const facts = { pulse: { beats: 3, tickets: ['a1'] }, front: { well: false } };
    expect(restartTill?.when(facts, p, {})).toEqual({ needed: true, why: 'it has 3 beats' });
    expect(restartTill?.with(facts, p, {})).toEqual({ service: 'till' });
    expect(restartTill?.list(facts, p, {})).toEqual([]);
    expect(restartTill?.undo?.takeBackSeconds).toBeNull();
    expect(wipeTickets?.list(facts, p, {})).toEqual(['a1']);
    expect(down.verify?.holds(facts, p, {})).toBe('3 beats, undefined');
    expect(down.escalate.tell(facts, p, {})).toBe('3 beats');
  });

  it('may be one that only looks, and then goes to the first responder', () => {
    expect(kioskLook()).toMatchObject({ safety: 'observe', verify: null, acts: [], escalate: { to: 'oncall' } });
  });

  it('is counted under its verb, or under the rest', () => {
    expect(down.acts.map((act) => budgetOf(kiosk, act))).toEqual([
      { acts: 3, per: '1h' },
      { acts: 1, per: '1d' },
    ]);
  });

  it('makes keys of titles', () => {
    expect(slug('Delete logs older than 7 days!')).toBe('delete-logs-older-than-7-days');
  });
});
