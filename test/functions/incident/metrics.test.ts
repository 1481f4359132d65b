import { describe, expect, it } from 'vitest';
import { after as later } from '../../../functions/incident/clock.ts';
import { counts, withoutPerson } from '../../../functions/incident/counting.ts';
import { Incident } from '../../../functions/incident/incident.ts';
import { type Counted, countedOf, countedPage, countedReturn } from '../../../functions/incident/metrics.ts';
import { isNight } from '../../../functions/incident/night.ts';
import type { Page } from '../../../functions/incident/records.ts';
import { REVIEW } from '../../../functions/incident/rungs.ts';
import { INCIDENT_METRICS, PAGE_METRICS } from '../../../runbooks/language/metrics.ts';

import { incident, page, run, T0 } from '../aws/table/records.ts';

const acting = () => false;
const values = (counted: readonly Counted[]) =>
  Object.assign({}, ...counted.flatMap(({ metrics }) => metrics.map(({ name, value }) => ({ [name]: value }))));
const MINUTE = 60_000;

/** As the automation leaves it. */
function mended(said: object = {}): Incident {
  return Incident.parse({
    ...incident('A'),
    status: 'resolved',
    automation: 'succeeded',
    resolvedAt: later(T0, 4 * MINUTE),
    resolvedBy: { name: 'firebreak', kind: 'automation', verified: true },
    resolution: 'Verified well',
    run: 1,
    runs: { 1: run(1, { ended: 'resolved' }) },
    ...said,
  });
}

describe('what a write changes in the numbers', () => {
  it('a new incident is one that was opened, by its system, severity and runbook', () => {
    const [opened] = countedOf(null, incident('A'), acting);
    expect(opened).toMatchObject({
      at: T0,
      metrics: [{ name: 'IncidentsOpened', unit: 'Count', value: 1 }],
      of: { system: 'sira', severity: 'P1', runbook: 'sira/disk-space-low' },
      groups: [
        ['deployment', 'system'],
        ['deployment', 'system', 'severity'],
        ['deployment', 'system', 'runbook'],
      ],
    });
    const [unknown] = countedOf(null, { ...incident('A'), runbook: null }, acting);
    expect(unknown?.groups, 'no runbook answers').toHaveLength(2);
  });

  it('a resolution has its time, and says whether a person was needed', () => {
    expect(values(countedOf(incident('A'), mended(), acting))).toEqual({
      IncidentsResolved: 1,
      ResolvedWithoutPerson: 1,
      TimeToResolve: 240,
    });
    expect(values(countedOf(mended(), { ...mended(), seen: 9 }, acting)), 'nothing has changed').toEqual({});
    const closed = {
      ...mended(),
      status: 'closed',
      closedAt: later(T0, 9 * MINUTE),
      closedBy: { name: 'Ada', kind: 'person', verified: false },
    };
    expect(values(countedOf(mended(), Incident.parse(closed), acting)), 'it was over before').toEqual({});
  });

  it('the first acknowledgement counts, and what comes after it does not', () => {
    const first = { ...incident('A'), firstAcknowledged: { at: later(T0, 90_000), since: T0 } };
    expect(values(countedOf(incident('A'), first, acting))).toEqual({ TimeToAcknowledge: 90 });
    expect(countedOf(first, { ...first, acknowledgedAt: later(T0, 5 * MINUTE) }, acting)).toEqual([]);
  });

  it('an incident that comes back takes the success back, as itself and as another', () => {
    const again = { ...incident('A'), reopened: { times: 1, at: later(T0, 9 * MINUTE), claim: 'C' } };
    const failure = { Recurrences: 1, RecurrencesOfAutomation: 1 };
    expect(values(countedOf(mended(), again, acting))).toEqual(failure);
    const next = (ms: number) => ({ ...incident('B'), openedAt: later(T0, ms) });
    expect(values(countedReturn(mended(), next(60 * MINUTE), acting))).toEqual(failure);
    expect(values(countedReturn(mended(), next(24 * 60 * MINUTE + 4 * MINUTE), acting)), 'to the millisecond').toEqual(failure);
    expect(countedReturn(mended(), next(24 * 60 * MINUTE + 4 * MINUTE + 1), acting)).toEqual([]);
    expect(countedReturn(mended(), { ...next(60 * MINUTE), dedupKey: 'another' }, acting)).toEqual([]);
    const theirs = mended({ resolvedBy: { name: 'Ada', kind: 'person', verified: false } });
    expect(values(countedReturn(theirs, next(60 * MINUTE), acting)), 'it was no success').toEqual({ Recurrences: 1 });
  });

  it.each([
    ['acknowledged', { firstAcknowledged: { at: T0, since: T0 } }],
    ['asked for an approval', { askedAt: T0 }],
    ['handed to a person', { handedOverAt: T0 }],
    [
      'rated by a person',
      { rated: { from: 'P0', to: 'P1', by: { name: 'Ada', kind: 'person', verified: false }, at: T0, reason: 'mild' } },
    ],
    ['opened again', { reopened: { times: 1, at: T0, claim: 'C' } }],
    ['run again by a person', { runs: { 1: run(1), 2: run(2, { by: { name: 'Ada', kind: 'person', verified: false } }) } }],
    ['resolved by a person', { resolvedBy: { name: 'Ada', kind: 'person', verified: false } }],
    ['cleared by itself', { resolvedBy: { name: 'cloudwatch', kind: 'monitoring', verified: false } }],
    ['begun by a person', { origin: 'declared' }],
  ])('an incident that was %s is not resolved without a person', (_, said) => {
    expect(withoutPerson(mended())).toBe(true);
    expect(withoutPerson(mended(said))).toBe(false);
  });
});

describe('which incidents count', () => {
  const by = (origin: string, said: object = {}) => Incident.parse({ ...incident('A'), origin, ...said });

  it('a rehearsal and a look by hand never do; a run by hand does once it has done more than look', () => {
    const [ran, looked] = [{ runs: { 1: run(1, { ended: 'resolved' }) } }, { runs: { 1: run(1, { ended: 'looked' }) } }];
    expect(counts(by('rehearsal', ran), acting)).toBe(false);
    expect(
      counts(by('manual', ran), () => true),
      'a runbook that only looks',
    ).toBe(false);
    expect(counts(by('manual', looked), acting), 'the mode let it only look').toBe(false);
    expect(counts(by('manual', ran), acting)).toBe(true);
    const working = by('manual', { runs: { 1: run(1) } });
    expect(counts(working, acting)).toBe(false);
    const failed = by('manual', { runs: { 1: run(1, { ended: 'escalated' }) } });
    expect(values(countedOf(working, failed, acting)), 'it is opened when it begins to count').toEqual({ IncidentsOpened: 1 });
  });

  it('what a schedule began does once it was handed to a person', () => {
    expect(counts(by('scheduled', { runs: { 1: run(1, { ended: 'resolved' }) } }), acting)).toBe(false);
    expect(counts(by('scheduled', { handedOverAt: T0 }), acting)).toBe(true);
  });
});

describe('pages', () => {
  const of = (said: Partial<Page>, at = T0) => values(countedPage(incident('A'), page(said), at, { timeZone: 'Europe/Berlin' }));

  it('count where they go to a person, and at night on the clock of the system', () => {
    expect(of({ by: 'page' }, '2026-07-01T19:59:59.999Z')).toEqual({ PagesSent: 1 });
    expect(of({ by: 'page' }, '2026-07-01T20:00:00.000Z'), '22:00 in Berlin').toEqual({ PagesSent: 1, PagesAtNight: 1 });
    expect(of({ by: 'notice' })).toEqual({});
    expect(of({ by: 'ticket' })).toEqual({});
    expect(of({ by: 'nobody' })).toEqual({});
    // A review that nobody is there to write: its reminder goes to whoever runs Firebreak, by mail.
    expect(of({ by: 'page', rung: REVIEW, contact: null }, '2026-07-01T20:00:00.000Z')).toEqual({});
  });

  it('night is from 22:00 until 7:00, in summer and in winter', () => {
    const timeZone = 'Europe/Berlin';
    expect(isNight('2026-07-01T04:59:59.999Z', { timeZone })).toBe(true);
    expect(isNight('2026-07-01T05:00:00.000Z', { timeZone })).toBe(false);
    expect(isNight('2026-01-01T05:59:59.000Z', { timeZone })).toBe(true);
    expect(isNight('2026-01-01T21:00:00.000Z', { timeZone })).toBe(true);
    expect(isNight('2026-01-01T20:59:00.000Z', { timeZone })).toBe(false);
  });
});

it('each metric has a name of its own', () => {
  const names = [...Object.values(INCIDENT_METRICS), ...Object.values(PAGE_METRICS)].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
