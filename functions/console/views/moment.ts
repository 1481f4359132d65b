import { spoken } from '../../../runbooks/language/duration.ts';
import { between } from '../../incident/clock.ts';

/** `03:14:20`, in UTC: whoever shows it says so. */
export const clockTime = (iso: string): string => iso.slice(11, 19);

/** `2026-10-04`, in UTC. */
export const day = (iso: string): string => iso.slice(0, 10);

/** `2026-10-04 03:14 UTC`. */
export const moment = (iso: string): string => `${day(iso)} ${iso.slice(11, 16)} UTC`;

/** `03:44 UTC`, for a time that is near. */
export const soon = (iso: string): string => `${iso.slice(11, 16)} UTC`;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago, roughly, as a list shows it: `12 s ago`, `3 min ago`, `5 h ago`, `2 d ago`. */
export function ago(iso: string, now: string): string {
  const ms = Math.max(0, between(iso, now));
  if (ms < MINUTE) return `${Math.floor(ms / 1_000)} s ago`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ago`;
  return ms < DAY ? `${Math.floor(ms / HOUR)} h ago` : `${Math.floor(ms / DAY)} d ago`;
}

/**
 * How long until then, roughly: `in 12 s`, `in 3 min 10 s`, `in 15 min`, `in 5 h`, `in 2 d`; `now` for what is due. In the words of
 * `spoken` in console.js, which goes on counting: else the text would jump when the script begins.
 */
export function until(iso: string, now: string): string {
  const ms = between(now, iso);
  if (ms <= 0) return 'now';
  if (ms < MINUTE) return `in ${Math.ceil(ms / 1_000)} s`;
  if (ms < 10 * MINUTE) return `in ${Math.floor(ms / MINUTE)} min ${Math.floor((ms % MINUTE) / 1_000)} s`;
  if (ms < HOUR) return `in ${Math.ceil(ms / MINUTE)} min`;
  return ms < DAY ? `in ${Math.floor(ms / HOUR)} h` : `in ${Math.floor(ms / DAY)} d`;
}

/** How long something took. */
export const took = (from: string, to: string): string => spoken(between(from, to));
