import type { System } from '../../runbooks/language/system.ts';
import type { Incident } from '../incident/incident.ts';

/**
 * Whether a review follows an incident: it was real, and its severity is one that the system's page has reviewed (SIRA P0 and P1,
 * Save-It SEV1 and SEV2). A run by hand or by a schedule is no incident of its own, and a rehearsal never was one.
 */
export function isReviewed(
  { origin, severity }: Pick<Incident, 'origin' | 'severity'>,
  { severities }: Pick<System, 'severities'>,
): boolean {
  const isReal = origin === 'signal' || origin === 'declared';
  return isReal && severities.some(({ name, reviewed }) => name === severity && reviewed);
}
