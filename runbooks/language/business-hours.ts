import * as z from 'zod';
import { TimeZone, WallClock } from './time-zone.ts';

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** When a team is at work, on its own wall clock: what "the next business day" means. */
export const BusinessHours = z.strictObject({
  timeZone: TimeZone.default('UTC'),
  /** When a business day begins. */
  from: WallClock.default('09:00'),
  days: z
    .array(z.enum(WEEKDAYS))
    .min(1, 'expected one day of the week at least')
    .default(['monday', 'tuesday', 'wednesday', 'thursday', 'friday']),
  /** Days on which nobody works, as dates: `2026-12-25`. */
  holidays: z.array(z.iso.date('expected a date such as 2026-12-25')).default([]),
});
export type BusinessHours = z.output<typeof BusinessHours>;
