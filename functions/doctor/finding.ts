/** How much is at stake: an error would make an incident worse or silent, a warning may, a note is for whoever wonders. */
export const SEVERITIES = ['error', 'warning', 'note'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** In the order in which they are told: what could not be seen first, because all else may be otherwise. */
export const AREAS = ['access', 'deployment', 'people', 'hosts', 'cluster', 'impact', 'alarms', 'automation'] as const;
export type Area = (typeof AREAS)[number];

/** Something that an incident would find out, with what to do about it now. */
export interface Finding {
  severity: Severity;
  area: Area;
  /** What was checked, in a word that stays the same: for scripts that read `--json`. */
  check: string;
  /** What it is about: a host, a topic, an alarm, a runbook. */
  where: string;
  what: string;
  fix: string;
  /** The commands that do it, where there are any, to be copied as they are. */
  commands?: readonly string[];
}

/** The worst first, then by area; what is alike stays in the order in which it was found. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const rank = ({ severity, area }: Finding) => SEVERITIES.indexOf(severity) + SEVERITIES.length * AREAS.indexOf(area);
  return findings.toSorted((a, b) => rank(a) - rank(b));
}

/** `a`, `a and b`, `a, b and c`. */
export function spoken(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** `1 host`, `2 hosts`. */
export function counted(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}
