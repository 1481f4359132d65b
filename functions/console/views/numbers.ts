import type { SeverityScheme } from '../../../runbooks/language/severity.ts';
import { type Figures, figuresOf, type PersonFigures, personFigures } from '../../incident/numbers/figures.ts';
import type { Tally } from '../../incident/numbers/tally.ts';
import { type Counting, NO_RUNBOOK, type Scope } from '../read/numbers.ts';

/** Some incidents, and their figures. */
export interface Group {
  /** What leads to exactly these incidents. */
  scope: Scope;
  figures: Figures;
}

export interface NumbersView {
  /** ISO, UTC: incidents that were opened from then until then. */
  since: string;
  until: string;
  days: number;
  /** The window is shorter than was asked for: it holds all that was read. */
  shortened: boolean;
  all: Figures;
  bySystem: Group[];
  bySeverity: Group[];
  byRunbook: Group[];
  byPerson: PersonFigures[];
}

/** @param schemeOf the severities of a system, the worst first */
export function numbersView(counting: Counting, schemeOf: (system: string) => SeverityScheme): NumbersView {
  const { since, until, days, shortened, incidents, pages } = counting;
  const grouped = (scopeOf: (tally: Tally) => Scope) => groups(incidents, scopeOf, schemeOf);
  return {
    since,
    until,
    days,
    shortened,
    all: figuresOf(incidents),
    bySystem: grouped(({ system }) => ({ system })),
    bySeverity: grouped(({ system, severity }) => ({ system, severity })),
    byRunbook: grouped(({ system, runbook }) => ({ system, runbook: runbook ?? NO_RUNBOOK })),
    byPerson: personFigures(pages, days),
  };
}

function groups(
  incidents: readonly Tally[],
  scopeOf: (tally: Tally) => Scope,
  schemeOf: (system: string) => SeverityScheme,
): Group[] {
  // A severity that its system has no longer comes last.
  const worst = (system: string, severity: string | undefined) =>
    schemeOf(system).findIndex(({ name }) => name === severity) >>> 0;
  const place = (a: Scope, b: Scope) =>
    (a.system ?? '').localeCompare(b.system ?? '') ||
    worst(a.system ?? '', a.severity) - worst(b.system ?? '', b.severity) ||
    (a.runbook ?? '').localeCompare(b.runbook ?? '');
  return [...Map.groupBy(incidents, (tally) => JSON.stringify(scopeOf(tally))).values()]
    .flatMap((some) => (some[0] ? [{ scope: scopeOf(some[0]), figures: figuresOf(some) }] : []))
    .sort((a, b) => place(a.scope, b.scope));
}
