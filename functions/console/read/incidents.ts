import * as z from 'zod';
import type { Claim } from '../../incident/claim.ts';
import { type Incident, isLive } from '../../incident/incident.ts';
import { logUnreadable } from '../../log.ts';
import type { Surroundings } from '../../surroundings.ts';
import { checked } from '../rejected.ts';
import { type IncidentView, incidentView } from '../views/incident.ts';

const Filter = z.object({
  status: z.enum(['open', 'acknowledged', 'resolved', 'closed']).optional(),
  system: z.string().optional(),
});

/**
 * Incidents: those that need somebody first, the worst and oldest at the top; then those that are over, the latest first.
 * A record that can't be read hides no other: the log names it, and `watch` tells the operators.
 * @throws {Rejected} 400 for a status that there is not
 */
export async function incidents(around: Surroundings, filter: unknown = {}): Promise<IncidentView[]> {
  const { status, system } = checked(Filter, filter);
  const wanted = (incident: Incident) =>
    (status === undefined || incident.status === status) && (system === undefined || incident.system === system);
  const maybe = (live: boolean) => status === undefined || isLive({ status }) === live;
  const stored = around.store.incidents;
  const [open, past, claimOf] = await Promise.all([
    maybe(true) ? stored.open(logUnreadable) : [],
    maybe(false) ? stored.past(logUnreadable) : [],
    claimsOf(around),
  ]);
  return [...open, ...past].filter(wanted).map((incident) => incidentView(incident, claimOf.get(incident.id)));
}

/** Those that need somebody, the worst and oldest first. It takes three queries, however much is over. */
export async function openNow(around: Surroundings): Promise<IncidentView[]> {
  const [open, claimOf] = await Promise.all([around.store.incidents.open(logUnreadable), claimsOf(around)]);
  return open.map((incident) => incidentView(incident, claimOf.get(incident.id)));
}

/** By incident. One query tells of all claims: asking for each would be a call an incident. */
async function claimsOf({ store: { claims } }: Surroundings): Promise<Map<Claim['incidentId'], Claim>> {
  const [held, opening] = await Promise.all([claims.held(logUnreadable), claims.opening(logUnreadable)]);
  return new Map([...held, ...opening].map((claim) => [claim.incidentId, claim]));
}
