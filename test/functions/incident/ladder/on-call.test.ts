import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onCall } from '../../../../functions/incident/ladder/on-call.ts';
import { Rotation } from '../../../../runbooks/language/contact.ts';

const [ada, grace, linus] = ['Ada', 'Grace', 'Linus'].map((name) => ({
  name,
  email: `${name.toLowerCase()}@example.com`,
}));
const weekly = Rotation.parse({
  timeZone: 'Europe/Berlin',
  handover: { every: 'week', on: 'monday', at: '09:00' },
  since: '2026-11-02',
  members: [ada, grace, null],
});
const daily = Rotation.parse({
  timeZone: 'America/New_York',
  handover: { every: 'day', at: '18:00' },
  since: '2026-10-30',
  members: [ada, linus],
});
const who = (rotation: Rotation, moment: string) => onCall(rotation, moment).contacts[0]?.name ?? null;

describe('a rotation', () => {
  it.each([
    ['the first has it from the handover on', '2026-11-02T08:00:00Z', 'Ada'],
    ['until the second before the next', '2026-11-09T07:59:59Z', 'Ada'],
    ['which belongs to the next', '2026-11-09T08:00:00Z', 'Grace'],
    ['nobody may be on call', '2026-11-16T08:00:00Z', null],
    ['then it begins anew', '2026-11-23T08:00:00Z', 'Ada'],
    ['before the first handover nobody is', '2026-11-02T07:59:59Z', null],
    ['summer time begins: still nine on the wall', '2027-03-29T06:59:59Z', null],
    ['and from nine on the next', '2027-03-29T07:00:00Z', 'Ada'],
  ])('by weeks: %s', (_, moment, name) => expect(who(weekly, moment)).toBe(name));

  it.each([
    ['the evening before the clock is put back', '2026-10-31T21:59:59Z', 'Ada'],
    ['its handover', '2026-10-31T22:00:00Z', 'Linus'],
    ['the day of 25 hours', '2026-11-01T22:59:59Z', 'Linus'],
    ['and its end', '2026-11-01T23:00:00Z', 'Ada'],
  ])('by days: %s', (_, moment, name) => expect(who(daily, moment)).toBe(name));

  it('says when the next has it', () => {
    expect(onCall(weekly, '2026-11-05T12:00:00Z').until).toBe('2026-11-09T08:00:00.000Z');
    expect(onCall(weekly, '2026-10-01T12:00:00Z')).toEqual({ contacts: [], until: '2026-11-02T08:00:00.000Z' });
  });

  it('is no rotation where contacts have the role at any time, or nobody has it', () => {
    const always = [{ name: 'CTO', email: 'cto@example.com' }];
    expect(onCall(always, '2026-11-05T12:00:00Z')).toEqual({ contacts: always, until: null });
    expect(onCall([], '2026-11-05T12:00:00Z')).toEqual({ contacts: [], until: null });
  });

  it('begins on the weekday of its handover where the date is another', () => {
    expect(who({ ...weekly, since: '2026-10-28' }, '2026-11-02T08:00:00Z')).toBe('Ada');
    expect(who({ ...weekly, since: '2026-10-28' }, '2026-11-01T12:00:00Z')).toBe(null);
  });

  it('changes hands at `until` and at no moment between, over twenty years', () => {
    const moments = fc.integer({ min: Date.UTC(2026, 11), max: Date.UTC(2046, 0) });
    fc.assert(
      fc.property(
        moments,
        fc.constantFrom(weekly, daily),
        fc.double({ min: 0, max: 0.999_999, noNaN: true }),
        (at, rotation, part) => {
          const now = onCall(rotation, new Date(at).toISOString());
          const end = Date.parse(now.until ?? '');
          expect(end).toBeGreaterThan(at);
          expect(onCall(rotation, new Date(at + Math.floor((end - at) * part)).toISOString())).toEqual(now);
          const turn = rotation.members.findIndex((one) => one?.name === now.contacts[0]?.name);
          const next = rotation.members[(turn + 1) % rotation.members.length];
          expect(onCall(rotation, new Date(end).toISOString()).contacts).toEqual(next ? [next] : []);
          expect(wall(end, rotation.timeZone)).toBe(rotation.handover.at);
        },
      ),
    );
  });
});

const wall = (at: number, timeZone: string) =>
  new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'short', hourCycle: 'h23' }).format(at);
