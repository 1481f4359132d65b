import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MODES } from '../../../functions/incident/control.ts';
import { OVERRIDES } from '../../../functions/incident/override.ts';
import { type GateInput, gate } from '../../../functions/run-step/gate.ts';

/** Everything speaks for the act. */
const GO: GateInput = {
  reason: { needed: true, why: 'backend has exited' },
  stale: [],
  passesLeft: 4,
  stopped: null,
  maintenance: null,
  dryRun: false,
  askedByPerson: false,
  alarm: 'firing',
  recentReason: true,
  mode: 'auto',
  safety: 'disruptive',
  breaker: { left: 3, of: '3 acts (restart) per 1h on sira-prod-1/backend' },
  deployment: null,
  approval: 'none',
  lockedBy: null,
  waitedTooLong: false,
  notWell: null,
  scheduled: false,
  supersededBy: null,
  nobodyToAsk: null,
  override: null,
};

/** What speaks against it, each alone, in the order in which the rules are asked: an earlier one wins over a later one. */
const AGAINST: { name: string; given: Partial<GateInput>; answer: string; says: RegExp }[] = [
  { name: 'a person stopped it', given: { stopped: 'Ada asked to stop' }, answer: 'refused', says: /Ada asked to stop/ },
  {
    name: 'what explains it is being repaired',
    given: { supersededBy: 'incident B' },
    answer: 'running',
    says: /waits for incident B/,
  },
  { name: 'a fact is missing', given: { reason: { missing: 'no fact "disk"' } }, answer: 'refused', says: /no fact "disk"/ },
  { name: 'facts are old', given: { stale: ['"Disk" was looked at 90 s ago'] }, answer: 'stale', says: /90 s ago/ },
  {
    name: 'another host is not well after it',
    given: { notWell: 'sira-prod-1 is not well' },
    answer: 'refused',
    says: /not well/,
  },
  { name: 'nothing asks for it', given: { reason: { needed: false, why: '40 % free' } }, answer: 'skipped', says: /40 % free/ },
  { name: 'the alarm has cleared', given: { alarm: 'clear' }, answer: 'skipped', says: /cleared/ },
  { name: 'it is a rehearsal', given: { dryRun: true }, answer: 'skipped', says: /rehearsal/ },
  { name: 'the mode is observe', given: { mode: 'observe' }, answer: 'skipped', says: /observe/ },
  {
    name: 'somebody works on it',
    given: { maintenance: 'in maintenance until four' },
    answer: 'refused',
    says: /in maintenance/,
  },
  { name: 'nobody can say that it fires', given: { alarm: 'unknown', recentReason: false }, answer: 'refused', says: /asked/ },
  { name: 'the breaker has tripped', given: { breaker: { left: 0, of: '3 acts' } }, answer: 'refused', says: /breaker.*3 acts/ },
  { name: 'a person said no', given: { approval: 'denied' }, answer: 'refused', says: /said no/ },
  {
    name: 'no second person can be found',
    given: { nobodyToAsk: 'a name proves nobody' },
    answer: 'refused',
    says: /proves nobody/,
  },
  { name: 'it is destructive', given: { safety: 'destructive' }, answer: 'ask', says: /may want back/ },
  { name: 'another run works', given: { lockedBy: 'OTHER-1' }, answer: 'running', says: /OTHER-1/ },
];

describe('the rules of the gate', () => {
  it('go when everything speaks for the act, and say why', () => {
    expect(gate(GO)).toEqual({
      answer: 'go',
      reasons: [
        'alarm still firing',
        'facts are fresh',
        'no deployment under way',
        '3 of 3 acts (restart) per 1h on sira-prod-1/backend left',
      ],
    });
  });

  it.each(AGAINST)('$answer when $name', ({ given, answer, says }) => {
    const decision = gate({ ...GO, ...given });
    expect(decision.answer).toBe(answer);
    expect(decision.reasons.join('; ')).toMatch(says);
  });

  it('are asked in this order: what is told first is what a person must hear first', () => {
    AGAINST.forEach((first, at) => {
      for (const later of AGAINST.slice(at + 1)) {
        // One field cannot say two things: such a pair cannot come.
        if (Object.keys(first.given).some((field) => field in later.given)) continue;
        // Looking afresh while another run works would be in vain: this one has a rule of its own.
        if ('stale' in first.given && 'lockedBy' in later.given) continue;
        const { answer, reasons } = gate({ ...GO, ...later.given, ...first.given });
        expect(answer, `${first.name}, and ${later.name}`).toBe(first.answer);
        expect(reasons.join('; '), `${first.name}, and ${later.name}`).toMatch(first.says);
      }
    });
  });

  it('wait for another run before they look afresh, and not for ever', () => {
    const locked = { ...GO, stale: ['"Disk" is old'], lockedBy: 'OTHER-1', passesLeft: 0 };
    expect(gate(locked)).toMatchObject({ answer: 'running', reasons: [expect.stringContaining('OTHER-1')] });
    expect(gate({ ...locked, waitedTooLong: true })).toMatchObject({
      answer: 'refused',
      reasons: [expect.stringContaining('OTHER-1')],
    });
    expect(gate({ ...locked, mode: 'observe', passesLeft: 1 }).answer).toBe('stale');
  });

  it('end the looking again somewhere', () => {
    const decision = gate({ ...GO, stale: ['"Disk" is old'], passesLeft: 0 });
    expect(decision).toMatchObject({ answer: 'refused', reasons: ['"Disk" is old', expect.stringContaining('as often as')] });
  });

  it.each(['rehearsal', 'observe'] as const)('say that only the %s held it back', (held) => {
    expect(gate({ ...GO, ...(held === 'rehearsal' ? { dryRun: true } : { mode: 'observe' }) }).held).toBe(held);
  });
});

describe('what asks a person', () => {
  it.each([
    ['a destructive act', { safety: 'destructive' as const }],
    ['the mode ask', { mode: 'ask' as const }],
    ['a deployment', { deployment: 'a deployment runs: .deploying' }],
  ])('%s asks, goes on when approved, and not when denied', (_name, given) => {
    expect(gate({ ...GO, ...given }).answer).toBe('ask');
    expect(gate({ ...GO, ...given, approval: 'approved' })).toMatchObject({
      answer: 'go',
      reasons: expect.arrayContaining(['approved']),
    });
    expect(gate({ ...GO, ...given, approval: 'denied' }).answer).toBe('refused');
  });

  it('gives every reason at once', () => {
    const { reasons } = gate({ ...GO, safety: 'destructive', mode: 'ask', deployment: 'a deployment runs' });
    expect(reasons).toHaveLength(3);
  });
});

describe("a person's request", () => {
  it('is reason enough although the alarm has cleared, or never was', () => {
    for (const alarm of ['clear', 'none'] as const)
      expect(gate({ ...GO, alarm, askedByPerson: true, recentReason: true })).toMatchObject({
        answer: 'go',
        reasons: expect.arrayContaining(['asked for by a person']),
      });
  });

  it('is bound by every other rule', () => {
    for (const { name, given, answer } of AGAINST.filter((one) => one.name !== 'the alarm has cleared'))
      expect(gate({ ...GO, ...given, askedByPerson: true }).answer, name).toBe(answer);
  });
});

describe('a guard that a person goes over', () => {
  const ADA = { by: 'Ada', because: 'the vendor has mended it' };
  const both = { ...GO, alarm: 'none' as const, askedByPerson: true, override: { ...ADA, of: OVERRIDES } };
  const tripped = { breaker: { left: 0, of: '3 acts (restart) per 1h on sira-prod-1/backend' } };
  const deploying = { deployment: 'a deployment runs: .deploying' };

  it('is told with who and why, and with what it would have held back', () => {
    expect(gate({ ...both, ...tripped, ...deploying })).toEqual({
      answer: 'go',
      reasons: [
        'asked for by a person',
        'facts are fresh',
        'Ada went over the breaker, because the vendor has mended it (3 acts (restart) per 1h on sira-prod-1/backend are used up)',
        'Ada went over the deployment guard, because the vendor has mended it (a deployment runs: .deploying)',
      ],
    });
  });

  it('is told only where it would have held something back', () => {
    expect(gate(both).reasons.join()).not.toContain('went over');
    expect(gate({ ...both, ...deploying, safety: 'observe' }).reasons.join()).not.toContain('went over');
  });

  it.each([
    ['the breaker', { ...tripped, override: { ...ADA, of: ['deployment' as const] } }, 'refused'],
    ['the deployment guard', { ...deploying, override: { ...ADA, of: ['breaker' as const] } }, 'ask'],
  ])('leaves the other: %s', (_name, given, answer) => {
    expect(gate({ ...both, ...given }).answer).toBe(answer);
  });

  it.each([
    ['an alarm', { alarm: 'firing' as const, scheduled: false }],
    ['a schedule', { alarm: 'none' as const, scheduled: true }],
  ])('is none in a run that %s started', (_name, given) => {
    const run = { ...both, ...given, askedByPerson: false };
    expect(gate({ ...run, ...tripped }).answer).toBe('refused');
    expect(gate({ ...run, ...deploying })).toEqual({ answer: 'ask', reasons: [deploying.deployment] });
  });

  it('leaves every other rule as it is', () => {
    const others = AGAINST.filter(({ name }) => name !== 'the breaker has tripped' && name !== 'the alarm has cleared');
    expect(others.length).toBe(AGAINST.length - 2);
    for (const { name, given, answer, says } of others) {
      const decision = gate({ ...both, ...tripped, ...deploying, ...given });
      expect(decision.answer, name).toBe(answer);
      expect(decision.reasons.join('; '), name).toMatch(says);
    }
  });

  it('is told to whoever is asked whether something may go', () => {
    const { answer, reasons } = gate({ ...both, ...tripped, safety: 'destructive' });
    expect([answer, reasons.join('; ')]).toEqual(['ask', expect.stringContaining('Ada went over the breaker')]);
  });
});

const text = fc.string({ minLength: 1, maxLength: 12 });
const anything: fc.Arbitrary<GateInput> = fc.record({
  reason: fc.oneof(fc.record({ needed: fc.boolean(), why: text }), fc.record({ missing: text })),
  stale: fc.array(text, { maxLength: 2 }),
  passesLeft: fc.integer({ min: -2, max: 4 }),
  stopped: fc.option(text),
  maintenance: fc.option(text),
  dryRun: fc.boolean(),
  askedByPerson: fc.boolean(),
  alarm: fc.constantFrom('none', 'firing', 'clear', 'unknown'),
  recentReason: fc.boolean(),
  mode: fc.constantFrom(...MODES),
  safety: fc.constantFrom('observe', 'routine', 'disruptive', 'destructive'),
  breaker: fc.record({ left: fc.integer({ min: -1, max: 3 }), of: text }),
  deployment: fc.option(text),
  approval: fc.constantFrom('approved', 'denied', 'none'),
  lockedBy: fc.option(text),
  waitedTooLong: fc.boolean(),
  notWell: fc.option(text),
  scheduled: fc.boolean(),
  supersededBy: fc.option(text),
  nobodyToAsk: fc.option(text),
  override: fc.option(fc.record({ of: fc.subarray([...OVERRIDES]), by: text, because: text })),
});
/** Mostly in favour of the act, so that a good part of what is tried comes near to `go`. */
const nearlyGo = fc
  .tuple(anything, fc.uniqueArray(fc.constantFrom(...(Object.keys(GO) as (keyof GateInput)[])), { maxLength: 4 }))
  .map(([other, fields]) => ({ ...GO, ...Object.fromEntries(fields.map((field) => [field, other[field]])) }) as GateInput);

/** Why this act must not be carried out: said once more, in other words than the rules'. */
function forbidden(input: GateInput): string[] {
  const { reason, alarm, askedByPerson, approval, override } = input;
  const over = new Set(askedByPerson ? override?.of : []);
  const guarded = input.deployment && input.safety !== 'observe' && !over.has('deployment');
  const asks = input.safety === 'destructive' || input.mode === 'ask' || guarded;
  const against: [string, unknown][] = [
    ['missing facts', 'missing' in reason],
    ['no need', 'needed' in reason && !reason.needed],
    ['stale facts', input.stale.length > 0],
    ['observe', input.mode === 'observe'],
    ['a rehearsal', input.dryRun],
    ['stopped', input.stopped],
    ['worked on', input.maintenance],
    ['denied', approval === 'denied'],
    ['no budget', input.breaker.left <= 0 && !over.has('breaker')],
    ['lock held', input.lockedBy],
    ['not asked', asks && approval !== 'approved'],
    ['a host is not well', input.notWell],
    ['superseded', input.supersededBy],
    ['nobody to ask', input.nobodyToAsk],
    ['cleared', alarm === 'clear' && !askedByPerson],
    ['nothing says that it fires', alarm === 'unknown' && !input.recentReason],
  ];
  return against.flatMap(([name, holds]) => (holds ? [name] : []));
}

describe('whatever the gate is told', () => {
  it('it says go exactly when nothing forbids it', () => {
    fc.assert(
      fc.property(fc.oneof(anything, nearlyGo), (input) => {
        expect(gate(input).answer === 'go').toBe(forbidden(input).length === 0);
      }),
      { numRuns: 5_000 },
    );
  });

  it('it gives a reason, and the same one twice', () => {
    fc.assert(
      fc.property(anything, (input) => {
        const decision = gate(input);
        expect(decision.reasons.filter((reason) => reason !== '')).not.toEqual([]);
        expect(gate(structuredClone(input))).toEqual(decision);
      }),
    );
  });
});
