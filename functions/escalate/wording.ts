import { printable } from '../printable.ts';

/** How a page is put into words, whatever it is about: what a host or an alarm says never passes for a line of ours. */

/** The first two lines fit into an SMS. */
const FIRST_LINES = 140;

/**
 * What is broken, and why, on one line; below it stands what is asked. The reason goes in where there is room for it.
 * @param head an alarm's own words may be in it: no line of theirs may stand among the first two
 */
export function firstLines(head: string, why: string, ask: string): [string, string] {
  const short = oneLine(head);
  const room = FIRST_LINES - ask.length - short.length - 3;
  const first =
    room > 20 ? `${short}. ${sentences(firstLine(why), room)}` : cut(short, Math.max(40, FIRST_LINES - ask.length - 1));
  return [first, ask];
}

/** As many whole sentences as there is room for; where not even the first fits, its beginning. */
function sentences(text: string, room: number): string {
  if (text.length <= room) return text;
  const end = text.lastIndexOf('. ', room - 1);
  return end > 0 ? text.slice(0, end + 1) : cut(text, room);
}

/** A heading with lines under it; nothing where there are none. */
export function block(title: string, lines: readonly string[]): string | null {
  if (lines.length === 0) return null;
  // Indented whatever a line holds: what a host or an alarm says can't pass for a heading of ours.
  return [title, ...lines.flatMap((line) => line.split(LINE_BREAKS).map((part) => `  ${printable(part)}`)), ''].join('\n');
}

const LINE_BREAKS = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;
export const oneLine = (text: string) =>
  printable(text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
const firstLine = (text: string) => oneLine(text.trim().split(LINE_BREAKS, 1)[0] ?? '');
/** With three dots: the one sign for them is no letter of an SMS, and would halve what fits into it. */
export const cut = (text: string, most: number) =>
  text.length <= most ? text : `${text.slice(0, Math.max(0, most - 3)).trimEnd()}...`;

/** What of a message is sent as an SMS: what is broken, what is asked, and where. */
export const firstOf = (message: string) => message.split('\n', 3).join('\n');
