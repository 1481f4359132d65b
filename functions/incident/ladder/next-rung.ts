import type { BusinessHours } from '../../../runbooks/language/business-hours.ts';
import { milliseconds } from '../../../runbooks/language/duration.ts';
import { type Addressee, type Ladder, pathOf, type Rung } from '../../../runbooks/language/ladder.ts';
import { after } from '../clock.ts';
import { nextBusinessDay } from './business-day.ts';

/** What a ladder has to know of an incident. Times are ISO. */
export interface Standing {
  /** When this generation of the ladder began: at the incident's opening, or when it was raised, or when an acknowledgement ran out. */
  since: string;
  /** When the automation ended at a person; `null` while it works. */
  handedOverAt: string | null;
  acknowledgedAt: string | null;
  resolvedAt: string | null;
  /** No rung before this time: a person has asked for quiet. */
  snoozedUntil: string | null;
  /** Whether users feel it; `null` where nobody knows. */
  felt: boolean | null;
  /** The role that has it first. */
  responder: string;
  /** How many places of this generation are behind it: `round * rungs + rung`. */
  passed: number;
}

/** A page, or a ticket, that comes next. */
export interface Due {
  /** Its place in this generation, from 0; what is written down as its rung. */
  place: number;
  rung: Rung;
  /** From 0: how often the whole ladder has been climbed in vain. */
  round: number;
  role: string;
  at: string;
}

/** What of a system a ladder stands on. */
export interface Ground {
  roles: readonly { name: string; next?: string | undefined }[];
  firstResponder: string;
  hours: BusinessHours;
}

/**
 * The next rung of a ladder. Pure: the same standing gives the same rung, however often it is asked.
 *
 * A rung that an acknowledgement spares is passed over, and so are one that is for users who feel nothing and one for a specialist
 * whom nobody needs. Where nobody stands above any more, the last of the path is paged again: a rung that pages nobody is silence.
 *
 * @returns `null` where the ladder is over: resolved, or climbed as often as it may be. Whether it ended in vain says `isExhausted`.
 */
export function nextRung(ladder: Ladder, standing: Standing, ground: Ground): Due | null {
  if (standing.resolvedAt !== null) return null;
  const many = ladder.rungs.length;
  for (let place = standing.passed; place < many * (1 + ladder.again.times); place += 1) {
    const rung = ladder.rungs[place % many];
    const role = rung && roleOf(rung.to, standing.responder, ground);
    if (!rung || !role || spared(rung, standing)) continue;
    const round = Math.floor(place / many);
    const at = later(dueAt(ladder, rung, round, standing, ground.hours), standing.snoozedUntil);
    return { place, rung, round, role, at };
  }
  return null;
}

/** When an acknowledgement that no resolution has followed comes back; `null` where there is none to run out. */
export function acknowledgementEnds(ladder: Ladder, { acknowledgedAt, resolvedAt }: Standing): string | null {
  if (acknowledgedAt === null || resolvedAt !== null) return null;
  return after(acknowledgedAt, milliseconds(ladder.acknowledged));
}

/** Whether everybody has been paged as often as the ladder says, and nobody has it. */
export function isExhausted(ladder: Ladder, standing: Standing, ground: Ground): boolean {
  return standing.resolvedAt === null && standing.acknowledgedAt === null && nextRung(ladder, standing, ground) === null;
}

/** When the people of a ladder have the incident from: when the automation gave it up, or was given up on. */
function handedOver({ patience }: Ladder, { since, handedOverAt }: Standing): string {
  const given = after(since, milliseconds(patience));
  return handedOverAt === null || handedOverAt > given ? given : later(handedOverAt, since);
}

function dueAt(ladder: Ladder, { from, after: wait }: Rung, round: number, standing: Standing, hours: BusinessHours): string {
  if (from === 'next-business-day') return after(businessDays(standing.since, round + 1, hours), milliseconds(wait));
  const begins = from === 'opened' ? standing.since : handedOver(ladder, standing);
  return after(begins, milliseconds(wait) + round * milliseconds(ladder.again.after));
}

function businessDays(moment: string, many: number, hours: BusinessHours): string {
  return Array.from({ length: many }).reduce<string>((from) => nextBusinessDay(from, hours), moment);
}

function spared({ unless, onlyIfFelt }: Rung, { acknowledgedAt, felt }: Standing): boolean {
  return (unless === 'acknowledged' && acknowledgedAt !== null) || (onlyIfFelt === true && felt === false);
}

/** @returns nothing where the rung is a specialist's and the incident asks for none */
function roleOf(to: Addressee, responder: string, { roles, firstResponder }: Ground): string | undefined {
  if (to === 'responder') return responder;
  if (to === 'specialist') return responder === firstResponder ? undefined : responder;
  if ('role' in to) return to.role;
  const { above } = pathOf(roles, responder);
  return above[Math.min(to.above, above.length) - 1] ?? responder;
}

const later = (one: string, other: string | null) => (other !== null && other > one ? other : one);
