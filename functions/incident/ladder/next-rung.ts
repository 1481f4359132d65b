import type { BusinessHours } from '../../../runbooks/language/business-hours.ts';
import { milliseconds } from '../../../runbooks/language/duration.ts';
import { type Addressee, type Ladder, pathOf, type Rung, rungName } from '../../../runbooks/language/ladder.ts';
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
  /** What of this generation is behind it. */
  climbed: readonly Climbed[];
  /** The next rung is due by then at the latest: the one before it found nobody. */
  hurriedAt: string | null;
  /** Since when a person wants this rung, and those before it, whoever has the incident and whatever quiet was asked for. */
  wanted: (Climbed & { at: string }) | null;
  /** What was due by then pages nobody any more: the severity was lowered. */
  lowered: string | null;
  /** Somebody handed it to the responder, who is paged instead of the first responder. */
  handed: boolean;
}

/** A rung that has been climbed, by its name. */
export interface Climbed {
  round: number;
  rung: string;
}

/** A page, or a ticket, that comes next. */
export interface Due {
  /** Its place in this generation, from 0, as the ladder stands now. */
  place: number;
  rung: Rung;
  /** `rungName`: what is written down when it is climbed. */
  name: string;
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
 * The next rung of a ladder: of those that are not climbed, the one that is due first. Pure: the same standing gives the same rung,
 * however often it is asked, and a ladder that was changed meanwhile is climbed as it is now.
 *
 * A rung that an acknowledgement spares is passed over, and so are one that is for users who feel nothing and one for a specialist
 * whom nobody needs. Where nobody stands above any more, the last of the path is paged again: a rung that pages nobody is silence.
 *
 * @returns `null` where the ladder is over: resolved, or climbed as often as it may be. Whether it ended in vain says `isExhausted`.
 */
export function nextRung(ladder: Ladder, standing: Standing, ground: Ground): Due | null {
  if (standing.resolvedAt !== null) return null;
  for (let round = 0; round <= ladder.again.times; round += 1) {
    const [first] = left(ladder, round, standing, ground).toSorted((a, b) => a.at.localeCompare(b.at) || a.place - b.place);
    if (first && isWanted(ladder, first, standing)) return first;
    if (first) return { ...first, at: later(earlier(first.at, standing.hurriedAt), standing.snoozedUntil) };
  }
  return null;
}

/**
 * The rungs that one page climbs: the next one, and every other that is due by then for the same role. To be paged twice in one
 * moment about one thing tells nobody more.
 */
export function dueTogether(ladder: Ladder, standing: Standing, ground: Ground, now: string): Due[] {
  const next = nextRung(ladder, standing, ground);
  if (!next || next.at > now) return [];
  const others = left(ladder, next.round, standing, ground).filter(
    ({ name, role, rung, at }) => name !== next.name && role === next.role && rung.by === next.rung.by && at <= now,
  );
  return [next, ...others];
}

/** What is left of a round. */
function left(ladder: Ladder, round: number, standing: Standing, ground: Ground): Due[] {
  const behind = new Set(standing.climbed.flatMap((one) => (one.round === round ? [one.rung] : [])));
  return ladder.rungs.flatMap((rung, index) => {
    const [name, role] = [rungName(rung), roleOf(rung.to, standing, ground)];
    if (!role || behind.has(name) || (spared(rung, round, standing) && !isVery(standing.wanted, round, name))) return [];
    const at = dueAt(ladder, rung, round, standing, ground.hours);
    if (standing.lowered !== null && at <= standing.lowered) return [];
    const due = { place: round * ladder.rungs.length + index, rung, name, round, role, at };
    return [isWanted(ladder, due, standing) ? { ...due, at: earlier(at, standing.wanted?.at ?? null) } : due];
  });
}

/** Whether a person wants it now: the rung that they meant, or one before it that is not climbed yet. */
function isWanted({ rungs }: Ladder, { place }: Due, { wanted }: Standing): boolean {
  if (!wanted) return false;
  const index = rungs.findIndex((rung) => rungName(rung) === wanted.rung);
  return index >= 0 && place <= wanted.round * rungs.length + index;
}

const isVery = (wanted: Standing['wanted'], round: number, name: string) => wanted?.round === round && wanted.rung === name;

/**
 * The rung that a person means who wants more help now: the next that pages a role which this generation has not paged yet; where
 * all have been, the next at all. Who has the incident makes no difference.
 * @returns `null` where the ladder has been climbed as often as it may be
 */
export function rungToWant(ladder: Ladder, standing: Standing, ground: Ground): Climbed | null {
  const behind = new Set(standing.climbed.map(({ rung }) => rung));
  const paged = new Set(
    ladder.rungs.flatMap((rung) => (rung.by === 'page' && behind.has(rungName(rung)) ? [roleOf(rung.to, standing, ground)] : [])),
  );
  let asked: Standing = { ...standing, acknowledgedAt: null, snoozedUntil: null, wanted: null };
  const first = nextRung(ladder, asked, ground);
  for (let next = first; next; next = nextRung(ladder, asked, ground)) {
    if (next.rung.by === 'page' && !paged.has(next.role)) return { round: next.round, rung: next.name };
    asked = { ...asked, climbed: [...asked.climbed, { round: next.round, rung: next.name }] };
  }
  return first && { round: first.round, rung: first.name };
}

/** The rung that a hand-over begins with: the first that pages, or asks, whoever it was handed to. */
export function firstOf(ladder: Ladder, role: string, ground: Omit<Ground, 'hours'>): Climbed | null {
  const standing = { responder: role, handed: true };
  const found = ladder.rungs.find(({ to }) => roleOf(to, standing, ground) === role);
  return found ? { round: 0, rung: rungName(found) } : null;
}

/**
 * When an acknowledgement that no resolution has followed comes back; `null` where there is none to run out. Whoever asked for quiet
 * has it until then: it comes back when the quiet is over, be it sooner or later than the ladder says.
 */
export function acknowledgementEnds(ladder: Ladder, { acknowledgedAt, resolvedAt, snoozedUntil }: Standing): string | null {
  if (acknowledgedAt === null || resolvedAt !== null) return null;
  return snoozedUntil ?? after(acknowledgedAt, milliseconds(ladder.acknowledged));
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

/** It is climbed again because nobody answered: where somebody has, nobody is paged a second time. */
function spared({ unless, onlyIfFelt }: Rung, round: number, { acknowledgedAt, felt }: Standing): boolean {
  const answered = acknowledgedAt !== null && (unless === 'acknowledged' || round > 0);
  return answered || (onlyIfFelt === true && felt === false);
}

/** @returns nothing where the rung is a specialist's and the incident asks for none */
function roleOf(
  to: Addressee,
  { responder, handed }: Pick<Standing, 'responder' | 'handed'>,
  { roles, firstResponder }: Omit<Ground, 'hours'>,
): string | undefined {
  if (to === 'responder') return responder;
  if (to === 'specialist') return responder === firstResponder ? undefined : responder;
  if ('role' in to) return handed && to.role === firstResponder ? responder : to.role;
  const { above } = pathOf(roles, responder);
  return above[Math.min(to.above, above.length) - 1] ?? responder;
}

const earlier = (one: string, other: string | null) => (other !== null && other < one ? other : one);
const later = (one: string, other: string | null) => (other !== null && other > one ? other : one);
