import * as z from 'zod';
import { type Incident, isLive } from '../../incident/incident.ts';
import { log } from '../../log.ts';
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
  const { claims, incidents: stored } = around.store;
  const unreadable = (record: string, why: string) => log.error('a record can not be read', { record, why });
  const [open, past, held, opening] = await Promise.all([
    maybe(true) ? stored.open(unreadable) : [],
    maybe(false) ? stored.past(unreadable) : [],
    maybe(true) ? claims.held(unreadable) : [],
    maybe(true) ? claims.opening(unreadable) : [],
  ]);
  // One query tells of all claims: asking for each would be a call an incident.
  const byIncident = new Map([...held, ...opening].map((claim) => [claim.incidentId, claim]));
  return [...open, ...past].filter(wanted).map((incident) => incidentView(incident, byIncident.get(incident.id)));
}
