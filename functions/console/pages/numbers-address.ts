import type { Figure, PageFigure } from '../../incident/numbers/figures.ts';
import type { Asking, Scope } from '../read/numbers.ts';

/** Where the incidents, or the pages, behind one figure are listed. @param more narrows it down */
export function listAddress(
  figure: Figure | PageFigure,
  asking: Asking,
  more: Scope & { person?: string | undefined; from?: number } = {},
): string {
  const { days, system, severity, runbook } = { ...asking, ...more };
  const { person, from } = more;
  return `/numbers/incidents?${query({ figure, days, system, severity, runbook, person, from: from?.toString() })}`;
}

/** Where the figures are. */
export function numbersAddress({ days, system, severity, runbook }: Asking): string {
  return `/numbers?${query({ days, system, severity, runbook })}`;
}

function query(given: Readonly<Record<string, string | undefined>>): URLSearchParams {
  return new URLSearchParams(
    Object.entries(given).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]])),
  );
}
