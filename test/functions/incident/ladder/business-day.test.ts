import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextBusinessDay } from '../../../../functions/incident/ladder/business-day.ts';
import { BusinessHours } from '../../../../runbooks/language/business-hours.ts';

const berlin = BusinessHours.parse({
  timeZone: 'Europe/Berlin',
  from: '09:00',
  days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
  holidays: ['2026-12-25', '2027-01-01'],
});

describe('the next business day', () => {
  it.each([
    ['a night waits for its morning', '2026-11-03T02:00:00Z', '2026-11-03T08:00:00.000Z'],
    ['a morning waits for the next day', '2026-11-03T08:00:00Z', '2026-11-04T08:00:00.000Z'],
    ['Friday evening waits for Monday', '2026-11-06T18:00:00Z', '2026-11-09T08:00:00.000Z'],
    ['so does Sunday', '2026-11-08T22:59:59Z', '2026-11-09T08:00:00.000Z'],
    ['a holiday before a weekend is passed over', '2026-12-24T12:00:00Z', '2026-12-28T08:00:00.000Z'],
    ['over the clock put forward it is nine on the wall', '2027-03-26T18:00:00Z', '2027-03-29T07:00:00.000Z'],
    ['over the clock put back it is nine on the wall', '2026-10-23T18:00:00Z', '2026-10-26T08:00:00.000Z'],
  ])('%s', (_, moment, begins) => expect(nextBusinessDay(moment, berlin)).toBe(begins));

  it('does not wait for ever where holidays leave none', () => {
    const never = { ...berlin, days: ['monday' as const], holidays: Array.from({ length: 6 }, (_, week) => monday(week)) };
    expect(nextBusinessDay('2026-11-07T12:00:00Z', never)).toBe('2026-11-08T08:00:00.000Z');
  });

  it('begins at a time that the clock leaves out as much later as it was put forward', () => {
    const early = { ...berlin, from: '02:30', days: [...berlin.days, 'sunday' as const] };
    expect(nextBusinessDay('2027-03-27T12:00:00Z', early)).toBe('2027-03-28T01:30:00.000Z');
  });

  it('is, at any moment of twenty years, in any zone, the first beginning of a working day after it', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Auckland');
    fc.assert(
      fc.property(moments, zones, (moment, timeZone) => {
        const hours = { ...berlin, timeZone };
        const begins = Date.parse(nextBusinessDay(new Date(moment).toISOString(), hours));
        expect(begins).toBeGreaterThan(moment);
        expect(beginsWork(begins, hours)).toBe(true);
        // No earlier one: a day begins on a quarter of an hour in each of these zones.
        for (let at = Math.ceil((moment + 1) / QUARTER_MS) * QUARTER_MS; at < begins; at += QUARTER_MS)
          if (beginsWork(at, hours)) expect.unreachable(`${new Date(at).toISOString()} begins one, too`);
      }),
      { numRuns: 60 },
    );
  });
});

const QUARTER_MS = 900_000;
const moments = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) });

const monday = (week: number) => new Date(Date.UTC(2026, 10, 9 + 7 * week)).toISOString().slice(0, 10);

const forms = new Map<string, Intl.DateTimeFormat>();

/** By the calendar of Intl, which the code does not ask: the wall clock says nine, on a day that is worked. */
function beginsWork(at: number, { timeZone, from, days, holidays }: BusinessHours): boolean {
  const form =
    forms.get(timeZone) ??
    new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'full', timeStyle: 'medium', hourCycle: 'h23' });
  forms.set(timeZone, form);
  const parts = Object.fromEntries(form.formatToParts(at).map(({ type, value }) => [type, value]));
  const date = new Date(`${parts.day} ${parts.month} ${parts.year} 00:00:00 UTC`).toISOString().slice(0, 10);
  return (
    `${parts.hour}:${parts.minute}:${parts.second}` === `${from}:00` &&
    days.some((day) => day === parts.weekday?.toLowerCase()) &&
    !holidays.includes(date)
  );
}
