import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronOf, nextDue, type Schedule, scheduleFaults, spokenSchedule } from '../../../runbooks/language/schedule.ts';

const after = (time: string, schedule: Pick<Schedule, 'at' | 'on'>) => nextDue(schedule, new Date(time)).toISOString();

describe('the times of a schedule', () => {
  it.each([
    [
      'each day, later today',
      { at: '03:30', on: 'day' },
      '2026-10-04T03:14:00Z',
      '2026-10-04T03:30:00.000Z',
      'cron(30 3 * * ? *)',
    ],
    [
      'each day, at this very moment',
      { at: '03:30', on: 'day' },
      '2026-10-04T03:30:00Z',
      '2026-10-05T03:30:00.000Z',
      'cron(30 3 * * ? *)',
    ],
    ['a day of the week', { at: '22:05', on: 'SUN' }, '2026-10-05T00:00:00Z', '2026-10-11T22:05:00.000Z', 'cron(5 22 ? * SUN *)'],
    [
      'a day of each month',
      { at: '02:00', on: { dayOfMonth: 1 } },
      '2026-12-01T02:00:00Z',
      '2027-01-01T02:00:00.000Z',
      'cron(0 2 1 * ? *)',
    ],
    [
      'a day of some months',
      { at: '09:00', on: { dayOfMonth: 1, months: [1, 4, 7, 10] } },
      '2026-10-02T00:00:00Z',
      '2027-01-01T09:00:00.000Z',
      'cron(0 9 1 1,4,7,10 ? *)',
    ],
  ] satisfies [string, Pick<Schedule, 'at' | 'on'>, string, string, string][])('%s', (_name, schedule, now, due, cron) => {
    expect(after(now, schedule)).toBe(due);
    expect(cronOf(schedule)).toBe(cron);
    expect(spokenSchedule(schedule)).toContain(`at ${schedule.at} UTC`);
  });

  it('come after now, at the minute that was said, and one after the other', () => {
    const on: fc.Arbitrary<Schedule['on']> = fc.oneof(
      fc.constantFrom('day', 'MON', 'SUN'),
      fc.record({ dayOfMonth: fc.integer({ min: 1, max: 28 }), months: fc.subarray([1, 2, 6, 12], { minLength: 1 }) }),
    );
    const at = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
    const now = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(at, on, now, (time, day, from) => {
        const due = nextDue({ at: time, on: day }, from);
        expect(due > from).toBe(true);
        expect(due.toISOString().slice(11, 16)).toBe(time);
        expect(nextDue({ at: time, on: day }, due) > due).toBe(true);
      }),
    );
  });
});

it.each([
  [{ at: '24:00' }, /at "24:00", which is no time/],
  [{ at: '3:00' }, /no time of the day/],
  [{ on: { dayOfMonth: 31 } }, /day 31, which not every month has/],
  [{ on: { dayOfMonth: 1, months: [13] } }, /names no month/],
  [{ name: 'Each Night' }, /not named in small letters/],
] satisfies [Partial<Schedule>, RegExp][])('a fault is a sentence: %o', (said, sentence) => {
  const sound: Schedule = { name: 'nightly', why: 'looks', at: '03:00', on: 'day', severity: 'P3' };
  expect(scheduleFaults(sound)).toEqual([]);
  expect(scheduleFaults({ ...sound, ...said }).join()).toMatch(sentence);
});
