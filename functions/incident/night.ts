import { Temporal } from 'temporal-polyfill';
import type { BusinessHours } from '../../runbooks/language/business-hours.ts';

/** When most people sleep, on the clock of their system (`businessHours.timeZone`). */
export const NIGHT = { from: '22:00', to: '07:00' } as const;

/** Whether a moment is at night, on whatever day of the week. @param at ISO time */
export function isNight(at: string, { timeZone }: Pick<BusinessHours, 'timeZone'>): boolean {
  const time = Temporal.Instant.from(at).toZonedDateTimeISO(timeZone).toPlainTime().toString();
  return time >= NIGHT.from || time < NIGHT.to;
}
