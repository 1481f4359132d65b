import { type Incident, isLive } from '../../incident/incident.ts';
import type { Surroundings } from '../../surroundings.ts';
import { absent, conflict, type Rejected } from '../rejected.ts';

/** An incident's id is far shorter; the table refuses a key that is far longer. */
const LONGEST_ID = 80;

/** @throws {Rejected} 404 when there is no such incident */
export async function knownIncident(around: Surroundings, id: string): Promise<Incident> {
  const incident = id.length > 0 && id.length <= LONGEST_ID ? await around.store.incidents.get(id) : undefined;
  if (!incident) throw absent('id', 'the id of an incident', `there is no incident ${id.slice(0, LONGEST_ID)}`);
  return incident;
}

/** @throws {Rejected} 409 when the incident is over: its status only moves forward */
export function mustBeLive(incident: Incident): void {
  if (!isLive(incident)) throw over(incident);
}

function over(incident: Incident): Rejected {
  const whose = 'resolvedBy' in incident ? ` by ${incident.resolvedBy.name} at ${incident.resolvedAt}` : '';
  return conflict('status', 'open or acknowledged', `this incident is over: it was resolved${whose}`);
}
