import * as z from 'zod';

/** A time of day on a wall clock: `09:00`. */
export const WallClock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day such as 09:00');

/** A time zone of the IANA database. */
export const TimeZone = z.string().refine(isTimeZone, { error: 'expected a time zone such as Europe/Berlin' });

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}
