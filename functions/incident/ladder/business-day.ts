import { Temporal } from 'temporal-polyfill';
import { type BusinessHours, WEEKDAYS } from '../../../runbooks/language/business-hours.ts';
import { iso } from '../clock.ts';

/** A list of holidays that leaves no business day in so many days is a mistake, and must not keep anybody from being paged. */
const FARTHEST_DAYS = 31;

/**
 * When the next business day begins: the first beginning of one after a moment, so that a night's incident waits for the morning
 * and a morning's for the next day. On a day whose clock changes, the wall clock counts.
 *
 * @param moment ISO time
 * @returns ISO time in UTC; where holidays leave no day within a month, the next day's beginning, because a page too early
 * is better than one too late
 */
export function nextBusinessDay(moment: string, { timeZone, from, days, holidays }: BusinessHours): string {
  const at = Temporal.Instant.from(moment);
  const today = at.toZonedDateTimeISO(timeZone).toPlainDate();
  const begins = (day: Temporal.PlainDate) =>
    day.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(from) }).toInstant();
  const later = Array.from({ length: FARTHEST_DAYS + 1 }, (_, n) => today.add({ days: n })).filter(
    (day) => Temporal.Instant.compare(begins(day), at) > 0,
  );
  const working = later.find((day) => days.includes(weekday(day)) && !holidays.includes(day.toString()));
  return isoOf(begins(working ?? later[0] ?? today.add({ days: 1 })));
}

const weekday = (day: Temporal.PlainDate) => WEEKDAYS[day.dayOfWeek - 1] ?? 'monday';
const isoOf = (instant: Temporal.Instant) => iso(new Date(instant.epochMilliseconds));
