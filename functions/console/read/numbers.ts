import * as z from 'zod';
import { after, iso } from '../../incident/clock.ts';
import { FIGURES, type Figure, listOf, PAGE_FIGURES, type PageFigure, pageListOf } from '../../incident/numbers/figures.ts';
import { type PageTally, pageTallies, type Tally, tallies } from '../../incident/numbers/tally.ts';
import { logUnreadable } from '../../log.ts';
import { onlyLooks, type Surroundings } from '../../surroundings.ts';
import { checked, invalid } from '../rejected.ts';

/** Over how many days. */
export const WINDOWS = ['7', '30', '90'] as const;
/** What stands for incidents that no runbook answers to. */
export const NO_RUNBOOK = 'none';
/** More than these are not read for one page: then the window is shorter, and says so. */
export const MOST = { incidents: 2_000, pages: 4_000 };
const DAY_MS = 24 * 60 * 60 * 1_000;

/** A form sends what was not chosen as empty. */
const choice = z
  .string()
  .optional()
  .transform((given) => given || undefined);
const Asked = z.strictObject({
  days: z.enum(WINDOWS).default('30'),
  system: choice,
  severity: choice,
  runbook: choice,
});

/** What the figures are of. */
export interface Scope {
  system?: string | undefined;
  severity?: string | undefined;
  /** `none` for incidents that no runbook answers to. */
  runbook?: string | undefined;
}
export interface Asking extends Scope {
  days: (typeof WINDOWS)[number];
}

const names = <K extends string>(of: Readonly<Record<K, unknown>>): [K, ...K[]] => Object.keys(of) as [K, ...K[]];
const Listing = Asked.extend({
  figure: z.enum([...names(FIGURES), ...names(PAGE_FIGURES)]),
  person: choice,
  from: z.coerce.number().int().min(0).default(0),
});
export type Listing = z.output<typeof Listing>;

/** @throws {Rejected} 400, naming the field and what it takes */
export function asked(around: Surroundings, query: unknown): Asking {
  const { days, ...scope } = checked(Asked, query);
  return { days, ...known(around, scope) };
}

/** The same for the list behind one figure. @throws {Rejected} 400, naming the field and what it takes */
export function listing(around: Surroundings, query: unknown): Listing {
  const given = checked(Listing, query);
  known(around, given);
  return given;
}

function known(around: Surroundings, { system, severity, runbook }: Scope): Scope {
  const systems = around.systems.filter(({ id }) => system === undefined || id === system);
  oneOf(
    'system',
    system,
    around.systems.map(({ id }) => id),
  );
  oneOf('severity', severity, [...new Set(systems.flatMap(({ severities }) => severities.map(({ name }) => name)))]);
  const runbooks = around.runbooks.filter((one) => system === undefined || one.system.id === system);
  oneOf('runbook', runbook, [...runbooks.map(({ id }) => id), NO_RUNBOOK]);
  return { system, severity, runbook };
}

function oneOf(field: string, given: string | undefined, names: readonly string[]): void {
  if (given !== undefined && !names.includes(given))
    throw invalid(field, `one of ${names.join(', ')}`, `there is no ${field} "${given.slice(0, 80)}"`);
}

/** Everything that is counted in a window, and what the window is. */
export interface Counting {
  /** ISO: incidents opened from then on. */
  since: string;
  until: string;
  days: number;
  /** Whether it is shorter than was asked for, because there is too much in it. */
  shortened: boolean;
  incidents: Tally[];
  pages: PageTally[];
}

/**
 * Reads what the figures are made of: incidents that were opened in the window, and the pages about them. One query for what is open,
 * one for what ended in the window, one for pages, each bounded; where a bound is reached, the window is shortened to what was read
 * whole, so that no figure is too small for its window.
 *
 * @param most how many that are over, and how many pages, are read
 */
export async function counting(around: Surroundings, { days, ...scope }: Asking, most = MOST): Promise<Counting> {
  const now = around.clock.now().getTime();
  const wanted = iso(new Date(now - Number(days) * DAY_MS));
  const [open, past, sent] = await Promise.all([
    around.store.incidents.open(logUnreadable),
    around.store.incidents.recent(wanted, most.incidents, logUnreadable),
    around.store.people.sentSince(wanted, most.pages, logUnreadable),
  ]);
  // Whatever was opened after the oldest that was read has ended, or been paged for, after it too: of that nothing is missing.
  const read = [
    wanted,
    ...(past.all ? [] : [after(past.incidents.at(-1)?.resolvedAt ?? wanted, 1)]),
    ...(sent.all ? [] : [after(sent.pages.at(-1)?.sentAt ?? wanted, 1)]),
  ];
  const since = read.sort().at(-1) ?? wanted;
  const all = tallies(
    [...new Map([...open, ...past.incidents].map((incident) => [incident.id, incident])).values()],
    onlyLooks(around),
  );
  const incidents = all
    .filter((tally) => tally.openedAt >= since && isIn(tally, scope))
    .sort((a, b) => b.openedAt.localeCompare(a.openedAt) || a.id.localeCompare(b.id));
  return {
    since,
    until: iso(new Date(now)),
    days: (now - Date.parse(since)) / DAY_MS,
    shortened: since !== wanted,
    incidents,
    pages: pageTallies(sent.pages, incidents, hoursOf(around)),
  };
}

/** Incidents of a system that is no longer registered are counted all the same, by the clock of Greenwich. */
const hoursOf = (around: Surroundings) => (system: string) =>
  around.systems.some(({ id }) => id === system) ? around.config.businessHoursOf(system) : { timeZone: 'UTC' };

/** Whether an incident is one of those asked for. */
function isIn(tally: Tally, { system, severity, runbook }: Scope): boolean {
  return (
    (system === undefined || tally.system === system) &&
    (severity === undefined || tally.severity === severity) &&
    (runbook === undefined || (tally.runbook ?? NO_RUNBOOK) === runbook)
  );
}

export type Listed = { incidents: Tally[] } | { pages: PageTally[] };

/** What one figure counts: incidents, or pages. */
export function listed({ incidents, pages }: Counting, { figure, person }: Pick<Listing, 'figure' | 'person'>): Listed {
  const theirs = pages.filter((page) => person === undefined || page.person === person);
  return isPageFigure(figure) ? { pages: pageListOf(theirs, figure) } : { incidents: listOf(incidents, figure) };
}

export const isPageFigure = (figure: Figure | PageFigure): figure is PageFigure => figure in PAGE_FIGURES;
