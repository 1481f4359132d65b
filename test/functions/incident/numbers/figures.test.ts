import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { after as later } from '../../../../functions/incident/clock.ts';
import { Incident } from '../../../../functions/incident/incident.ts';
import {
  FIGURES,
  type Figure,
  figuresOf,
  listOf,
  minutesOf,
  personFigures,
} from '../../../../functions/incident/numbers/figures.ts';
import { pageTallies, type Tally, tallies } from '../../../../functions/incident/numbers/tally.ts';
import { REVIEW } from '../../../../functions/incident/rungs.ts';
import { incident, run, T0 } from '../../aws/table/records.ts';
import { drawn } from './incidents.ts';

const HOUR = 3_600_000;
const acting = () => false;
const hours = () => ({ timeZone: 'Europe/Berlin' });
const names = Object.keys(FIGURES) as Figure[];
const ids = (all: readonly Tally[]) => all.map(({ id }) => id).sort();

describe('for any incidents', () => {
  it('each figure is as many as its list, over all of them as over each part of them', () => {
    fc.assert(
      fc.property(drawn, ({ incidents }) => {
        const all = tallies(incidents, acting);
        const whole = figuresOf(all);
        for (const by of ['system', 'severity', 'runbook'] as const) {
          const parts = [...Map.groupBy(all, (tally) => tally[by]).values()];
          for (const figure of names) {
            expect(whole.counts[figure]).toBe(listOf(all, figure).length);
            expect(ids(parts.flatMap((part) => listOf(part, figure)))).toEqual(ids(listOf(all, figure)));
            expect(parts.reduce((sum, part) => sum + figuresOf(part).counts[figure], 0)).toBe(whole.counts[figure]);
          }
        }
      }),
    );
  });

  it('what is over and what is not are all of them; a success is over, and has not come back', () => {
    fc.assert(
      fc.property(drawn, ({ incidents }) => {
        const all = tallies(incidents, acting);
        expect(ids([...listOf(all, 'open'), ...listOf(all, 'resolved')])).toEqual(ids(listOf(all, 'incidents')));
        const back = new Set(ids(listOf(all, 'recurred')));
        for (const tally of listOf(all, 'without-person')) {
          expect(tally.resolvedAt).not.toBeNull();
          expect(tally.minutesToAcknowledge).toBeNull();
          expect(back.has(tally.id)).toBe(false);
        }
        const { share, toResolve, toAcknowledge, counts } = figuresOf(all);
        expect(share === null || (share >= 0 && share <= 1)).toBe(true);
        expect([toResolve.of, toAcknowledge.of]).toEqual([counts.resolved, counts.acknowledged]);
      }),
    );
  });

  it('each page is one person’s, once; what a night’s pages are is some of them', () => {
    fc.assert(
      fc.property(drawn, ({ incidents, pages }) => {
        const all = tallies(incidents, acting);
        const counted = pageTallies(pages, all, hours);
        const people = personFigures(counted, 7);
        expect(people.reduce((sum, { counts }) => sum + counts.pages, 0)).toBe(counted.length);
        const known = new Set(ids(all));
        expect(counted.length).toBe(pages.filter(({ by, incidentId }) => by === 'page' && known.has(incidentId)).length);
        for (const { counts, perWeek } of people) {
          expect(counts['pages-at-night']).toBeLessThanOrEqual(counts.pages);
          expect(perWeek).toEqual(counts);
        }
      }),
    );
  });

  it('neither a rehearsal nor a run by hand that only looked is in any figure', () => {
    fc.assert(
      fc.property(drawn, ({ incidents }) => {
        const counted = new Set(ids(tallies(incidents, acting)));
        for (const { id, origin, runs } of incidents) {
          if (origin === 'signal' || origin === 'declared') expect(counted.has(id)).toBe(true);
          if (origin === 'rehearsal') expect(counted.has(id)).toBe(false);
          if (origin === 'manual' && runs['1']?.ended === 'looked') expect(counted.has(id)).toBe(false);
        }
      }),
    );
  });
});

describe('an incident that comes back', () => {
  const mended = (id: string, said: object = {}): Incident =>
    Incident.parse({
      ...incident(id),
      status: 'resolved',
      resolvedAt: later(T0, HOUR),
      resolvedBy: { name: 'firebreak', kind: 'automation', verified: true },
      resolution: 'Verified well',
      runs: { 1: run(1, { ended: 'resolved' }) },
      ...said,
    });

  it('within 24 hours of its end is a failure of the automation; a millisecond later it is another matter', () => {
    const next = (ms: number) => incident('B', { openedAt: later(T0, HOUR + ms), severity: 'P0' });
    const first = (ms: number) => tallies([mended('A'), next(ms)], acting)[0];
    expect(first(24 * HOUR)).toMatchObject({ recurred: true, withoutPerson: false });
    expect(first(24 * HOUR + 1)).toMatchObject({ recurred: false, withoutPerson: true });
    expect(tallies([mended('A'), { ...next(HOUR), dedupKey: 'another target' }], acting)[0]).toMatchObject({ recurred: false });
  });

  it('counts with the one that had ended, and not with the one that it came back as', () => {
    const all = tallies([mended('A'), incident('B', { openedAt: later(T0, 2 * HOUR) })], acting);
    expect(ids(listOf(all, 'recurred'))).toEqual(['A']);
    expect(figuresOf(all)).toMatchObject({ counts: { incidents: 2, open: 1, resolved: 1, 'without-person': 0 }, share: 0 });
  });
});

it('means and medians leave out what has not been; of an even number the median is half-way', () => {
  expect(minutesOf([null, 10, 1, null, 4])).toEqual({ of: 3, mean: 5, median: 4 });
  expect(minutesOf([1, 10, 4, 5])).toEqual({ of: 4, mean: 5, median: 4.5 });
  expect(minutesOf([null])).toEqual({ of: 0, mean: null, median: null });
});

it('nobody is paged by a notice, nor by a reminder of a review, nor by what reached nobody; who has no name is the operators', () => {
  const all = tallies([incident('A')], acting);
  const page = (said: object) => ({ ...pageOf(), ...said });
  const counted = pageTallies(
    [
      page({}),
      page({ by: 'notice' }),
      page({ undelivered: true }),
      page({ contact: null }),
      page({ contact: null, rung: REVIEW }),
    ],
    all,
    hours,
  );
  expect(counted.map(({ person }) => person)).toEqual(['ada', 'operators']);
  expect(counted[0]).toMatchObject({ atNight: true, name: 'Ada' });
});

function pageOf() {
  const base = { v: 1 as const, generation: 1, rung: 0, role: 'oncall', rungs: [], round: 0, by: 'page' as const, dueAt: T0 };
  const rest = { sentAt: T0, sending: null, subject: 's', message: 'm', short: '', ticket: null, incidentId: 'A' };
  return { ...base, ...rest, contact: { id: 'ada', name: 'Ada' } };
}
