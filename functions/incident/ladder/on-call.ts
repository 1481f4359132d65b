import { Temporal } from 'temporal-polyfill';
import { WEEKDAYS } from '../../../runbooks/language/business-hours.ts';
import type { Contact, Rotation, Staff } from '../../../runbooks/language/contact.ts';
import { iso } from '../clock.ts';

/** Who has a role at a moment. */
export interface OnCall {
  /** Empty where nobody is on call. */
  contacts: readonly Contact[];
  /** When the next has it, ISO; `null` where it does not change. */
  until: string | null;
}

/**
 * Who is on call. A handover is at its wall clock time on the day, whatever the clock did in the night before; where that time
 * does not exist, it is as much later as the clock was put forward.
 *
 * @param moment ISO time; the moment of a handover belongs to whoever takes over
 */
export function onCall(staff: Staff, moment: string): OnCall {
  if (!('members' in staff)) return { contacts: staff, until: null };
  const at = Temporal.Instant.from(moment);
  const turn = turnAt(staff, at);
  if (turn < 0) return { contacts: [], until: isoOf(handover(staff, 0)) };
  const member = staff.members[turn % staff.members.length];
  return { contacts: member ? [member] : [], until: isoOf(handover(staff, turn + 1)) };
}

/** The number of the turn that holds a moment, from 0; below 0 before the first. */
function turnAt(rotation: Rotation, at: Temporal.Instant): number {
  const days = at.toZonedDateTimeISO(rotation.timeZone).toPlainDate().since(firstDay(rotation), { largestUnit: 'days' }).days;
  const turn = Math.floor(days / lengthDays(rotation));
  return Temporal.Instant.compare(handover(rotation, turn), at) <= 0 ? turn : turn - 1;
}

/** When a turn begins. */
function handover(rotation: Rotation, turn: number): Temporal.Instant {
  return firstDay(rotation)
    .add({ days: turn * lengthDays(rotation) })
    .toZonedDateTime({ timeZone: rotation.timeZone, plainTime: Temporal.PlainTime.from(rotation.handover.at) })
    .toInstant();
}

/** The day of the first handover: the given date, or in a weekly rotation the first handover's weekday on or after it. */
function firstDay({ since, handover }: Rotation): Temporal.PlainDate {
  const given = Temporal.PlainDate.from(since);
  if (handover.every === 'day') return given;
  return given.add({ days: (WEEKDAYS.indexOf(handover.on) + 1 - given.dayOfWeek + 7) % 7 });
}

const lengthDays = ({ handover }: Rotation) => (handover.every === 'day' ? 1 : 7);
const isoOf = (instant: Temporal.Instant) => iso(new Date(instant.epochMilliseconds));
