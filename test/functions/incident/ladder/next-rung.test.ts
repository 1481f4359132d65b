import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  acknowledgementEnds,
  type Due,
  dueTogether,
  isExhausted,
  nextRung,
  rungToWant,
  type Standing,
} from '../../../../functions/incident/ladder/next-rung.ts';
import { BusinessHours } from '../../../../runbooks/language/business-hours.ts';
import { type Ladder, rungName } from '../../../../runbooks/language/ladder.ts';
import { saveit } from '../../../../runbooks/saveit/system.ts';
import { sira } from '../../../../runbooks/sira/system.ts';

const hours = BusinessHours.parse({
  timeZone: 'Europe/Berlin',
  from: '09:00',
  days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
});
const OPENED = '2026-11-06T17:00:00.000Z';
const opened: Standing = {
  since: OPENED,
  handedOverAt: null,
  acknowledgedAt: null,
  resolvedAt: null,
  snoozedUntil: null,
  felt: null,
  responder: 'oncall',
  climbed: [],
  hurriedAt: null,
  wanted: null,
  lowered: null,
  handed: false,
};

/** Every page of a ladder that nobody answers, as `minutes role`; a ticket is said. */
function climbed(system: typeof sira | typeof saveit, severity: string, from: Partial<Standing> = {}): string[] {
  const ladder = ladderOf(system, severity);
  const pages: string[] = [];
  let standing = { ...opened, ...from };
  for (let due = next(); due; due = next()) {
    const minutes = (Date.parse(due.at) - Date.parse(standing.since)) / 60_000;
    pages.push(`${minutes} ${due.role}${due.rung.by === 'ticket' ? ' (ticket)' : ''}`);
    standing = climb(standing, due);
  }
  expect(isExhausted(ladder, standing, { ...system, hours })).toBe(
    standing.acknowledgedAt === null && standing.resolvedAt === null,
  );
  return pages;
  function next() {
    return nextRung(ladder, standing, { ...system, hours });
  }
}

function climb(standing: Standing, { round, name }: Due): Standing {
  return { ...standing, climbed: [...standing.climbed, { round, rung: name }] };
}

function ladderOf(system: typeof sira | typeof saveit, severity: string): Ladder {
  const found = system.ladders.find(({ severities }) => severities.includes(severity));
  if (!found) throw new Error(`there is no ladder for ${severity}`);
  return found;
}

describe("SIRA's ladders", () => {
  it('P0: the on-call engineer at once, and again when the automation gives up; then lead and CTO', () => {
    const once = ['0 oncall', '8 oncall', '15 lead', '30 cto'];
    expect(climbed(sira, 'P0').slice(0, 5)).toEqual([...once, '30 oncall']);
    expect(climbed(sira, 'P0')).toHaveLength(5 * once.length);
    expect(climbed(sira, 'P0', { handedOverAt: '2026-11-06T17:03:00.000Z' }).slice(0, 4)).toEqual([
      '0 oncall',
      '3 oncall',
      '15 lead',
      '30 cto',
    ]);
  });
  it('P0 of the database: its admin, too, and even where the on-call engineer has it', () => {
    const from = { responder: 'dba', handedOverAt: '2026-11-06T17:03:00.000Z' };
    expect(climbed(sira, 'P0', from).slice(0, 5)).toEqual(['0 oncall', '3 oncall', '3 dba', '15 lead', '30 cto']);
    expect(climbed(sira, 'P0', { ...from, acknowledgedAt: '2026-11-06T17:01:00.000Z' })[0]).toBe('3 dba');
  });
  it('security goes to the CISO, who stands alone', () => {
    expect(climbed(sira, 'P0', { responder: 'security' }).slice(3, 5)).toEqual(['15 ciso', '30 ciso']);
  });
  it('P1: the lead is told as well; nobody for an hour, and it is the CTO', () => {
    expect(climbed(sira, 'P1', { handedOverAt: '2026-11-06T17:04:00.000Z' }).slice(0, 3)).toEqual([
      '4 oncall',
      '4 lead',
      '60 cto',
    ]);
  });
  it('P2: a ticket, and the lead after four hours', () => {
    expect(climbed(sira, 'P2', { handedOverAt: OPENED }).slice(0, 2)).toEqual(['0 oncall (ticket)', '240 lead']);
  });
  it('P3, on a Friday evening: Monday at nine, then Tuesday', () => {
    const untilMonday = 63 * 60;
    expect(climbed(sira, 'P3')).toEqual(
      [0, 1, 2].flatMap((day) => [`${untilMonday + day * 1_440} oncall`, `${untilMonday + day * 1_440 + 480} lead`]),
    );
  });
});

describe("Save-It's ladders", () => {
  it('SEV1: lead, manager, and the VP where users feel it or nobody knows', () => {
    const rungs = ['0 oncall', '8 oncall', '15 oncall', '30 lead', '45 manager', '60 vp'];
    expect(climbed(saveit, 'SEV1').slice(0, 6)).toEqual(rungs);
    expect(climbed(saveit, 'SEV1', { felt: true }).slice(0, 6)).toEqual(rungs);
    expect(climbed(saveit, 'SEV1', { felt: false })).not.toContain('60 vp');
  });
  it('an acknowledgement spares the on-call engineer, and not those who are told until it is resolved', () => {
    const from = { acknowledgedAt: '2026-11-06T17:05:00.000Z' };
    expect(climbed(saveit, 'SEV1', from), 'and nobody twice: it is climbed again for want of an answer').toEqual([
      '30 lead',
      '45 manager',
      '60 vp',
    ]);
  });
  it('SEV3 has no manager', () => expect(climbed(saveit, 'SEV3').join()).not.toContain('manager'));
  it('SEV4 waits for the business day', () =>
    expect(climbed(saveit, 'SEV4').slice(0, 2)).toEqual([`${63 * 60} oncall`, `${63 * 60 + 30} lead`]));
});

const systems = fc.constantFrom(sira, saveit);
const minutes = (most: number) => fc.option(fc.integer({ min: 0, max: most }).map(later), { nil: null });

describe('the next rung', () => {
  it('is never due before one that was, whoever hands over when', () => {
    fc.assert(
      fc.property(
        systems,
        fc.nat(3),
        minutes(600),
        minutes(600),
        fc.option(fc.boolean(), { nil: null }),
        (system, at, handedOverAt, acknowledgedAt, felt) => {
          const severity = system.severities[at]?.name ?? '';
          const times = climbed(system, severity, { handedOverAt, acknowledgedAt, felt }).map((page) =>
            Number(page.split(' ')[0]),
          );
          expect(times).toEqual(times.toSorted((a, b) => a - b));
        },
      ),
    );
  });
  it('is none for what is resolved', () => {
    for (const system of [sira, saveit])
      for (const { name } of system.severities) expect(climbed(system, name, { resolvedAt: OPENED })).toEqual([]);
  });
  it('pages somebody for every severity, whatever is known', () => {
    fc.assert(
      fc.property(systems, fc.nat(3), fc.constantFrom('oncall', 'dba', 'security'), (system, at, responder) => {
        expect(climbed(system, system.severities[at]?.name ?? '', { felt: false, responder })).not.toEqual([]);
      }),
    );
  });
  it('waits while somebody has asked for quiet, and is not lost', () => {
    const snoozedUntil = later(40);
    expect(climbed(sira, 'P0', { snoozedUntil }).slice(0, 5)).toEqual([
      '40 oncall',
      '40 oncall',
      '40 lead',
      '40 cto',
      '40 oncall',
    ]);
  });
});

describe('a ladder that is changed while an incident stands on it', () => {
  const p0 = ladderOf(sira, 'P0');
  const ground = { ...sira, hours };
  const two = [0, 1].reduce<Standing>((standing) => {
    const due = nextRung(p0, standing, ground);
    return due ? climb(standing, due) : standing;
  }, opened);

  it('loses no rung where one was taken away that has been climbed', () => {
    for (const gone of [0, 1]) {
      const ladder = { ...p0, rungs: p0.rungs.filter((_, at) => at !== gone) };
      expect(nextRung(ladder, two, ground)).toMatchObject({ role: 'lead', round: 0, at: later(15) });
    }
  });
  it('goes on to the one behind, where the next was taken away', () => {
    const ladder = { ...p0, rungs: p0.rungs.filter(({ to }) => typeof to !== 'object' || !('above' in to) || to.above !== 1) };
    expect(nextRung(ladder, two, ground)).toMatchObject({ role: 'cto', round: 0, at: later(30) });
  });
  it('climbs what was added, once', () => {
    const added = { ...p0.rungs[0], to: { role: 'devops' }, after: '5m' } as const;
    const [first, ...rest] = p0.rungs;
    if (!first) throw new Error('P0 has no rung');
    const ladder = { ...p0, rungs: [first, { ...first, ...added }, ...rest] };
    const due = nextRung(ladder, two, ground);
    expect(due).toMatchObject({ role: 'devops', at: later(5) });
    expect(due && nextRung(ladder, climb(two, due), ground)).toMatchObject({ role: 'lead' });
  });
});

describe('rungs that are due together', () => {
  const ground = { ...sira, hours };
  it('are one page, where they are for one role', () => {
    const standing = { ...opened, handedOverAt: OPENED };
    expect(dueTogether(ladderOf(sira, 'P0'), standing, ground, OPENED)).toHaveLength(2);
    expect(
      dueTogether(ladderOf(sira, 'P0'), { ...standing, responder: 'dba' }, ground, later(16)).map(({ role }) => role),
    ).toEqual(['oncall', 'oncall']);
  });
  it('are none before their time', () => expect(dueTogether(ladderOf(sira, 'P1'), opened, ground, later(1))).toEqual([]));
});

it('the next rung is due at once where the one before it found nobody', () => {
  const first = nextRung(ladderOf(sira, 'P0'), opened, { ...sira, hours });
  const standing = first ? climb({ ...opened, hurriedAt: later(1) }, first) : opened;
  expect(nextRung(ladderOf(sira, 'P0'), standing, { ...sira, hours })).toMatchObject({ role: 'oncall', at: later(1) });
});

describe('an acknowledgement', () => {
  it('comes back where no resolution follows', () => {
    const p0 = ladderOf(sira, 'P0');
    expect(acknowledgementEnds(p0, { ...opened, acknowledgedAt: later(5) })).toBe(later(65));
    expect(acknowledgementEnds(p0, { ...opened, acknowledgedAt: later(5), resolvedAt: later(20) })).toBeNull();
    expect(acknowledgementEnds(p0, opened)).toBeNull();
  });
});

function later(minutes: number): string {
  return new Date(Date.parse(OPENED) + minutes * 60_000).toISOString();
}

const BEHIND = { round: 0 };
const rungs = (severity: string, many: number) =>
  ladderOf(sira, severity)
    .rungs.slice(0, many)
    .map((rung) => ({ ...BEHIND, rung: rungName(rung) }));

describe('a hand-over to a role', () => {
  const handed = { responder: 'lead', handed: true, handedOverAt: OPENED };
  it('pages it instead of the first responder, and then whoever stands above it', () => {
    expect(climbed(sira, 'P0', handed).slice(0, 5)).toEqual(['0 lead', '0 lead', '0 lead', '15 cto', '30 cto']);
    expect(climbed(sira, 'P1', handed).slice(0, 3)).toEqual(['0 lead', '0 lead', '60 cto']);
    expect(climbed(saveit, 'SEV1', handed).slice(2, 6)).toEqual(['0 lead', '15 lead', '30 lead', '45 manager']);
  });
});

describe('a severity that was lowered', () => {
  it('pages nobody for what was due by then, and goes on with what comes', () => {
    const lowered = { handedOverAt: OPENED, lowered: later(20) };
    expect(climbed(sira, 'P1', lowered)[0]).toBe('60 cto');
    expect(climbed(sira, 'P2', lowered)[0]).toBe('240 lead');
    expect(climbed(sira, 'P3', { ...lowered, lowered: later(63 * 60) })[0]).toBe(`${63 * 60 + 480} lead`);
  });
});

describe('a rung that somebody wants now', () => {
  const want = (severity: string, from: Partial<Standing>, minutes: number) => {
    const rung = rungToWant(ladderOf(sira, severity), { ...opened, ...from }, { ...sira, hours });
    return climbed(sira, severity, { ...from, wanted: rung && { ...rung, at: later(minutes) } });
  };
  it('comes at once, whoever has it and whatever quiet was asked for; the rest comes when it is due', () => {
    const acknowledgedAt = later(1);
    const first = { climbed: rungs('P0', 1) };
    expect(want('P0', { ...first, acknowledgedAt }, 3)).toEqual(['3 lead']);
    expect(want('P0', { ...first, acknowledgedAt, snoozedUntil: later(50) }, 3)).toEqual(['3 lead']);
    expect(want('P0', first, 3).slice(0, 3)).toEqual(['3 oncall', '3 lead', '30 cto']);
  });
  it('is the next that pages somebody else, and no ticket', () => {
    expect(want('P2', { handedOverAt: OPENED }, 2).slice(0, 2)).toEqual(['0 oncall (ticket)', '2 lead']);
    expect(want('P0', { climbed: rungs('P0', 4) }, 16)[0]).toBe('16 cto');
  });
  it('is the next at all where everybody was paged', () => {
    expect(want('P0', { climbed: rungs('P0', 5) }, 20)[0]).toBe('20 oncall');
  });
  it('is never later than it would have been, and pages nobody twice', () => {
    fc.assert(
      fc.property(systems, fc.nat(3), fc.nat(300), fc.nat(2), fc.nat(6), (system, at, minute, round, index) => {
        const severity = system.severities[at]?.name ?? '';
        const rung = ladderOf(system, severity).rungs[index];
        const wanted = rung ? { round, rung: rungName(rung), at: later(minute) } : null;
        const [without, hurried] = [climbed(system, severity), climbed(system, severity, { wanted })];
        expect(hurried.map(roleIn).toSorted()).toEqual(without.map(roleIn).toSorted());
        const times = hurried.map(minuteOf).toSorted((a, b) => a - b);
        for (const [n, time] of without.map(minuteOf).entries()) expect(times[n]).toBeLessThanOrEqual(time);
      }),
    );
  });
});

const roleIn = (page: string) => page.split(' ').slice(1).join(' ');
const minuteOf = (page: string) => Number(page.split(' ')[0]);

it('an acknowledgement of somebody who asked for quiet lasts as long as the quiet', () => {
  const [p0, acknowledgedAt] = [ladderOf(sira, 'P0'), later(5)];
  expect(acknowledgementEnds(p0, { ...opened, acknowledgedAt, snoozedUntil: later(10) })).toBe(later(10));
  expect(acknowledgementEnds(p0, { ...opened, acknowledgedAt, snoozedUntil: later(90) })).toBe(later(90));
});
