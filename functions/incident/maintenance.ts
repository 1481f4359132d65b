import * as z from 'zod';
import { Actor } from './actor.ts';
import { after } from './clock.ts';
import type { Incident } from './incident.ts';

const Time = z.iso.datetime();

/** An alarm that fired while it was maintained: which, how often, and whether it fired still at the end. */
export const Recorded = z.object({
  dedupKey: z.string(),
  seen: z.number().int(),
  last: z.enum(['firing', 'cleared']),
  severity: z.string(),
});
export type Recorded = z.infer<typeof Recorded>;

/** A time in which a system, or one alarm of it, is worked on: its signals are recorded, nothing runs, nobody is paged. */
export const Window = z.object({
  id: z.string(),
  /** Only this alert of the system; all of it where `null`. */
  alert: z.string().nullable(),
  /** Only on this host, or part; wherever it fires where `null`. */
  target: z.string().nullable(),
  from: Time,
  to: Time,
  /** When somebody ended it before its time. */
  ended: z.object({ at: Time, by: Actor, reason: z.string() }).nullable(),
  reason: z.string(),
  by: Actor,
  at: Time,
  /** Written when it is over. */
  recorded: z.array(Recorded),
});
export type Window = z.infer<typeof Window>;

/** The windows of one system. */
export const Register = z.object({
  v: z.literal(1),
  system: z.string(),
  windows: z.array(Window),
  /** Counts the writes: two who change it at once must not undo each other's. */
  revision: z.number().int(),
});
export type Register = z.infer<typeof Register>;

/** What is so long is no maintenance any more: whoever needs more plans another, and has thought of it twice. */
export const LONGEST_WINDOW_MS = 24 * 3_600_000;
/** For how long a window that is over can still be read. */
const KEPT_MS = 30 * 24 * 3_600_000;
/** What the register of a system holds at most: far below the size of an item. */
export const MOST_WINDOWS = 50;
/** How many alarms of one window are kept by name. */
export const MOST_RECORDED = 50;

/** What a window can be about. */
export type Covered = Pick<Incident, 'alert' | 'target'>;

export const endOf = ({ to, ended }: Window): string => ended?.at ?? to;

/** Windows that hold for an alarm at a moment. The moment of its end belongs to no window. */
export function covering(register: Register | undefined, { alert, target }: Covered, now: string): Window[] {
  return (register?.windows ?? []).filter(
    (window) =>
      window.from <= now &&
      now < endOf(window) &&
      (window.alert === null || window.alert === alert) &&
      (window.target === null || window.target === target),
  );
}

/**
 * Until when an alarm is covered without a gap: by one window, or by several that follow each other.
 * @returns `null` where it is not covered
 */
export function coveredUntil(register: Register | undefined, covered: Covered, now: string): string | null {
  let until: string | null = null;
  for (let at: string | undefined = now; at !== undefined; ) {
    const ends: string[] = covering(register, covered, at).map(endOf);
    at = ends.sort().at(-1);
    until = at ?? until;
  }
  return until;
}

/** Without what has been over for so long that nobody asks any more. */
export function pruned({ windows, ...register }: Register, now: string): Register {
  return { ...register, windows: windows.filter((window) => endOf(window) > after(now, -KEPT_MS)) };
}

/** `in maintenance until 2026-10-04T04:00:00.000Z (Ada: the database moves)`. */
export function saidOf({ by, reason, ...window }: Window): string {
  return `in maintenance until ${window.to} (${by.name}${reason ? `: ${reason}` : ''})`;
}
