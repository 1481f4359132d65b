/**
 * What a terminal would obey rather than show: escape sequences (colours, titles, links, what moves the cursor), each to its end
 * or to the end of its line. ECMA-48 names them: CSI; then OSC, DCS, SOS, PM and APC, which end with ST or a bell; then all others.
 */
const SEQUENCE = String.raw`\x1b\[[0-?]*[ -/]*[@-~]?|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]?`;
/**
 * And whatever else is no letter; tabs and line feeds stay. Marks that turn the direction of writing let a line read otherwise
 * than it is, and invisible ones let two names look the same.
 */
const CONTROL = String.raw`[\0-\x08\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]`;
const UNPRINTABLE = new RegExp(`(?:${SEQUENCE}|${CONTROL})+`, 'g');
/** What stands where something was taken out that may have told two names apart. It is in no name that a command takes. */
const TAKEN_OUT = '\ufffd';

/** A text as a person may see it in a terminal, a mail or a page: what a tool wrote, and nothing that it does to the reader. */
export function printable(text: string): string {
  return inLines(text).replace(UNPRINTABLE, '');
}

/** The same for a name, where nothing may be lost without a trace: otherwise one name could become another. */
export function printableName(text: string): string {
  return inLines(text).replace(UNPRINTABLE, TAKEN_OUT);
}

const MARKS = new RegExp(CONTROL, 'g');

/**
 * A page, or a file of text, made of what others wrote: mark by mark, because an escape sequence is taken out to its end, and that may
 * be in what is ours.
 */
export function printableMarks(text: string): string {
  return inLines(text).replace(MARKS, TAKEN_OUT);
}

/** Each kind of line end as one. A carriage return alone writes over its line: both are shown, one below the other. */
function inLines(text: string): string {
  return text.replace(/\r+\n?|[\v\f\x85\u2028\u2029]/g, '\n');
}
