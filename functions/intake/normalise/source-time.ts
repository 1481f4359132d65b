import { after, between } from '../../incident/clock.ts';

/** Go's String form is `2026-08-03 10:00:00.123 +0000 UTC`, sometimes with a monotonic reading (`m=+0.01`) behind it. */
const FORM = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))? ?(Z|[+-]\d\d:?\d\d)(?: (?:[A-Z]{1,5}|[+-]\d{2,4}))?(?: m=\S+)?$/;
const TEN_MINUTES = 600_000;

/**
 * A time as CloudWatch (`+0000`), RFC 3339 (any zone) or Go's templates write it.
 * @returns ISO 8601 in UTC with milliseconds; `undefined` for what is no time, and for Go's zero time, which means "not yet"
 */
export function utc(text: string | undefined): string | undefined {
  const match = FORM.exec(text?.trim() ?? '');
  if (!match) return undefined;
  const [, day, time, fraction = '', zone = 'Z'] = match;
  const milliseconds = fraction.padEnd(3, '0').slice(0, 3);
  const offset = zone === 'Z' ? zone : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const date = new Date(`${day}T${time}.${milliseconds}${offset}`);
  return Number.isNaN(date.getTime()) || date.getTime() < 0 ? undefined : date.toISOString();
}

/**
 * The time that orders the events of a source. One far in the future would make every later event of its source look
 * old, until that future has come: a source whose clock is more than ten minutes ahead is ordered by receipt instead.
 */
export function orderedAt(eventAt: string, receivedAt: string): string {
  return between(after(receivedAt, TEN_MINUTES), eventAt) > 0 ? receivedAt : eventAt;
}
