import { inOrder } from './received-alert.ts';

/** One alert's part of the text. */
export interface Block {
  status: 'firing' | 'resolved';
  labels: Record<string, string>;
  annotations: [name: string, value: string][];
  source: string;
}

/** The text does not have the template's form, or could have been made to look so. */
export class Doubt extends Error {
  override name = 'Doubt';
  /** The first alert, if at least its labels are beyond doubt. */
  readonly believed: Block | undefined;
  constructor(message: string, believed: Block | undefined) {
    super(message);
    this.believed = believed;
  }
}

const SECTION: Readonly<Record<string, Block['status']>> = { 'Alerts Firing:': 'firing', 'Alerts Resolved:': 'resolved' };
const PAIR = /^ - ([A-Za-z_][A-Za-z0-9_]*) = (.*)$/;
const SOURCE = 'Source: ';
const isMark = (line: string) => Object.hasOwn(SECTION, line) || /^(?:Labels:|Annotations:|Source: .*)$/.test(line);

/** Whether a text has a line that begins a list of alerts. */
export function looksLikeBlocks(text: string): boolean {
  return text.split('\n').some((line) => Object.hasOwn(SECTION, line));
}

/**
 * Reads the form of `__text_alert_list`: firing alerts, then resolved ones; of each its labels, its annotations and one
 * line with its source.
 * @throws {Doubt} at the first line that is out of place
 */
export function textBlocks(text: string): Block[] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => Object.hasOwn(SECTION, line));
  // The annotations that all alerts share come first. With marks in them, the first section may be forged already.
  if (lines.slice(0, start).some(isMark))
    throw new Doubt('an annotation holds a line that looks like a part of the form', undefined);
  const blocks: Block[] = [];
  let status: Block['status'] | undefined;
  let at = start;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const section = Object.hasOwn(SECTION, line) ? SECTION[line] : undefined;
    if (section) {
      if (status === section || status === 'resolved') throw new Doubt(`"${line}" stands in the wrong place`, blocks[0]);
      status = section;
      at += 1;
    } else if (line === 'Labels:' && status) {
      const read = block(lines, at + 1, status, blocks[0]);
      blocks.push(read.block);
      at = read.next;
    } else if (line.trim() === '') at += 1;
    else throw new Doubt('a line stands between two alerts', blocks[0]);
  }
  if (blocks.length === 0) throw new Doubt('it holds no alert', undefined);
  return blocks;
}

function block(lines: readonly string[], from: number, status: Block['status'], first: Block | undefined) {
  const end = lines.indexOf('Annotations:', from);
  const pairs = lines.slice(from, end < 0 ? undefined : end).map((line) => PAIR.exec(line));
  const labels = pairs.flatMap((pair) => (pair ? [[pair[1] ?? '', pair[2] ?? ''] as const] : []));
  if (end < 0 || labels.length < pairs.length) throw new Doubt('a label has more than one line, or the text was cut', first);
  if (!inOrder(labels.map(([name]) => name))) throw new Doubt('labels stand out of order', first);
  const begun: Block = { status, labels: Object.fromEntries(labels), annotations: [], source: '' };
  return annotated(lines, end + 1, begun, first ?? begun);
}

function annotated(lines: readonly string[], from: number, begun: Block, believed: Block) {
  const length = lines.slice(from).findIndex(isMark);
  const last = lines[from + length];
  if (length < 0 || !last?.startsWith(SOURCE)) throw new Doubt('an alert has no source line where it should end', believed);
  const annotations: Block['annotations'] = [];
  for (const line of lines.slice(from, from + length)) {
    const pair = PAIR.exec(line);
    const before = annotations.at(-1);
    if (pair) annotations.push([pair[1] ?? '', pair[2] ?? '']);
    else if (before) before[1] += `\n${line}`;
    else throw new Doubt('an annotation has no name', believed);
  }
  return { block: { ...begun, annotations, source: last.slice(SOURCE.length) }, next: from + length + 1 };
}
