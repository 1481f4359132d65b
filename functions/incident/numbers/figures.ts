import type { PageTally, Tally } from './tally.ts';

/** What an incident is counted in. A figure is how many of the incidents are so, or what their minutes come to. */
export const FIGURES = {
  incidents: { title: 'Incidents', holds: () => true },
  open: { title: 'Not over yet', holds: ({ resolvedAt }) => resolvedAt === null },
  resolved: { title: 'Over', holds: ({ resolvedAt }) => resolvedAt !== null },
  'without-person': { title: 'Resolved without a person', holds: ({ withoutPerson }) => withoutPerson },
  recurred: { title: 'Came back within 24 hours', holds: ({ recurred }) => recurred },
  acknowledged: { title: 'Acknowledged', holds: ({ minutesToAcknowledge }) => minutesToAcknowledge !== null },
} as const satisfies Record<string, { title: string; holds: (tally: Tally) => boolean }>;
export type Figure = keyof typeof FIGURES;

/** What a page is counted in. */
export const PAGE_FIGURES = {
  pages: { title: 'Pages', holds: () => true },
  'pages-at-night': { title: 'Pages at night', holds: ({ atNight }) => atNight },
} as const satisfies Record<string, { title: string; holds: (page: PageTally) => boolean }>;
export type PageFigure = keyof typeof PAGE_FIGURES;

/** Minutes, over the incidents that have any; `null` where none has. */
export interface Minutes {
  of: number;
  mean: number | null;
  median: number | null;
}

export interface Figures {
  /** How many there are, by figure. */
  counts: Readonly<Record<Figure, number>>;
  /** Those resolved without a person, of those that are over: from 0 to 1; `null` where none is over. */
  share: number | null;
  /** MTTA: until a person first had it, of those that were acknowledged. */
  toAcknowledge: Minutes;
  /** MTTR: until it was over, of those that are. */
  toResolve: Minutes;
}

/** All figures of some incidents. */
export function figuresOf(tallies: readonly Tally[]): Figures {
  const count = (figure: Figure) => listOf(tallies, figure).length;
  const counts = {
    incidents: count('incidents'),
    open: count('open'),
    resolved: count('resolved'),
    'without-person': count('without-person'),
    recurred: count('recurred'),
    acknowledged: count('acknowledged'),
  };
  return {
    counts,
    share: counts.resolved === 0 ? null : counts['without-person'] / counts.resolved,
    toAcknowledge: minutesOf(tallies.map(({ minutesToAcknowledge }) => minutesToAcknowledge)),
    toResolve: minutesOf(tallies.map(({ minutesToResolve }) => minutesToResolve)),
  };
}

/** The incidents that a figure counts. */
export function listOf(tallies: readonly Tally[], figure: Figure): Tally[] {
  return tallies.filter(FIGURES[figure].holds);
}

/** The pages that a figure counts. */
export function pageListOf(pages: readonly PageTally[], figure: PageFigure): PageTally[] {
  return pages.filter(PAGE_FIGURES[figure].holds);
}

/** Of an even number, the median is half-way between the two in the middle. */
export function minutesOf(given: readonly (number | null)[]): Minutes {
  const some = given.filter((minutes) => minutes !== null).sort((a, b) => a - b);
  const [below = 0, above = 0] = [some[Math.floor((some.length - 1) / 2)], some[Math.floor(some.length / 2)]];
  const of = some.length;
  if (of === 0) return { of, mean: null, median: null };
  return { of, mean: some.reduce((sum, one) => sum + one, 0) / of, median: (below + above) / 2 };
}

/** One person's pages. */
export interface PersonFigures {
  person: string;
  name: string;
  counts: Readonly<Record<PageFigure, number>>;
  perWeek: Readonly<Record<PageFigure, number>>;
}

/** Pages by whom they were for, whoever had most at night first. @param days over how many they were counted */
export function personFigures(pages: readonly PageTally[], days: number): PersonFigures[] {
  const weeks = days / 7;
  return [...Map.groupBy(pages, ({ person }) => person)]
    .map(([person, theirs]) => {
      const counts = { pages: theirs.length, 'pages-at-night': pageListOf(theirs, 'pages-at-night').length };
      const perWeek = { pages: counts.pages / weeks, 'pages-at-night': counts['pages-at-night'] / weeks };
      return { person, name: theirs[0]?.name ?? person, counts, perWeek };
    })
    .sort(
      (a, b) =>
        b.counts['pages-at-night'] - a.counts['pages-at-night'] ||
        b.counts.pages - a.counts.pages ||
        a.name.localeCompare(b.name),
    );
}
