import * as z from 'zod';
import { TimeZone, WallClock } from '../language/time-zone.ts';

/** A stretch of each day, in a time zone of the IANA's names; over midnight where `from` is later than `to`. */
export const QuietHours = z.strictObject({
  from: WallClock,
  to: WallClock,
  timeZone: TimeZone,
});
export type QuietHours = z.output<typeof QuietHours>;

/** Whether a moment is within them. @param at seconds since 1970 */
export function isQuiet({ from, to, timeZone }: QuietHours, at: number): boolean {
  const form = { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const time = new Intl.DateTimeFormat('en-GB', form).format(at * 1_000);
  return from <= to ? from <= time && time < to : time >= from || time < to;
}

/** For people: `02:00 to 05:00 UTC`. */
export const spokenQuiet = ({ from, to, timeZone }: QuietHours) => `${from} to ${to} ${timeZone}`;
