import type { Facts } from './facts.ts';
import { counted, type Finding, type SEVERITIES, spoken } from './finding.ts';

/** How many of each there are. */
export function counts(findings: readonly Finding[]): Record<(typeof SEVERITIES)[number], number> {
  const of = (wanted: string) => findings.filter(({ severity }) => severity === wanted).length;
  return { error: of('error'), warning: of('warning'), note: of('note') };
}

/** What was looked at: "nothing found" says nothing without it. Empty where nothing could be. */
export function lookedAt({ documents, machines, topics, alarms, systems, place }: Facts): string[] {
  const all = [...systems.values()];
  const known = new Set(all.flatMap(({ known = [], tagged = [] }) => [...known, ...tagged].map(({ instanceId }) => instanceId)));
  const asked = all.reduce((sum, { readiness }) => sum + readiness.size, 0);
  const clusters = all.filter(({ cluster }) => cluster?.found).length;
  const felt = all.filter(({ impact }) => impact).length;
  const ours = (names: readonly string[]) => names.filter((name) => name.startsWith(`${place.prefix}-`)).length;
  return [
    ...(machines ? [counted(ours(machines), 'state machine')] : []),
    ...(documents ? [counted(ours(documents), 'document')] : []),
    ...(topics ? [counted(topics.filter(({ arn }) => arn !== null).length, 'topic')] : []),
    ...(alarms ? [counted(alarms.length, 'alarm')] : []),
    ...(all.some((one) => one.known) ? [`${counted(known.size, 'host')} (${asked} from inside)`] : []),
    ...(clusters > 0 ? [counted(clusters, 'cluster')] : []),
    ...(felt > 0 ? [counted(felt, 'readiness endpoint')] : []),
  ];
}

/**
 * The report, for a terminal.
 * @param width in columns. Commands are never broken, so that they can be copied
 */
export function text(facts: Facts, findings: readonly Finding[], width: number): string {
  const byArea = Map.groupBy(findings, ({ area }) => area);
  const looked = lookedAt(facts);
  const { error, warning, note } = counts(findings);
  return [
    heading(facts),
    ...[...byArea].flatMap(([area, found]) => ['', area.toUpperCase(), ...found.flatMap((finding) => one(finding, width))]),
    '',
    ...wrapped(looked.length > 0 ? `Looked at ${spoken(looked)}.` : 'Nothing could be looked at.', width, '', ''),
    ...(error + warning > 0 ? [] : ['Nothing is missing.']),
    `${counted(error, 'error')}, ${counted(warning, 'warning')}, ${counted(note, 'note')}`,
  ].join('\n');
}

function heading({ place }: Facts): string {
  const where = [
    place.account && `account ${place.account}`,
    place.region,
    place.prefix !== 'firebreak' && `prefix ${place.prefix}`,
  ];
  const found = where.filter((part) => typeof part === 'string' && part !== '').join(', ');
  return `Firebreak doctor: ${[found, place.endpoint && `at ${place.endpoint}`].filter(Boolean).join(' ') || 'no account found'}`;
}

const MARGIN = ' '.repeat(10);

function one({ severity, where, what, fix, commands = [] }: Finding, width: number): string[] {
  return [
    ...wrapped(`${where}: ${what}`, width, `  ${severity.padEnd(8)}`, MARGIN),
    ...wrapped(`Fix: ${fix}`, width, MARGIN, `${MARGIN}     `),
    ...commands.map((command) => `${MARGIN}     ${command}`),
  ];
}

/** Breaks at blanks only: a name, a path or an address is never broken. */
function wrapped(sentence: string, width: number, first: string, next: string): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of sentence.split(' ')) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = next + word;
    } else {
      line += empty ? word : ` ${word}`;
    }
    empty = false;
  }
  return [...lines, line];
}

/** The report, for a script: `check` says what each finding is, and stays the same. */
export function json(facts: Facts, findings: readonly Finding[]): string {
  return JSON.stringify({ place: facts.place, lookedAt: lookedAt(facts), counts: counts(findings), findings }, null, 2);
}
