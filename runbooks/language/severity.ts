import type { Duration } from './duration.ts';

/** One level of a system's own scheme: SIRA says P0 to P3, Save-It says SEV1 to SEV4. Both keep their names. */
export interface Severity {
  name: string;
  /** What the system's page says belongs here. */
  means: string;
  /** Within which time a person has acknowledged; `next-business-day` where the page says so. */
  response: Duration | 'next-business-day';
  /** The two highest of a scheme are reviewed after they are resolved. */
  reviewed: boolean;
}

/** Severities from the worst down. Their order is the rank: 0 is the worst. */
export type SeverityScheme = readonly Severity[];

/**
 * @returns 0 for the worst severity of the scheme
 * @throws {RangeError} for a name that the scheme does not have
 */
export function rank(scheme: SeverityScheme, name: string): number {
  const found = scheme.findIndex((severity) => severity.name === name);
  if (found < 0) throw new RangeError(`"${name}" is not a severity: expected one of ${scheme.map((s) => s.name).join(', ')}`);
  return found;
}

/** Whether `candidate` is worse than `current`. */
export function worse(scheme: SeverityScheme, candidate: string, current: string): boolean {
  return rank(scheme, candidate) < rank(scheme, current);
}
