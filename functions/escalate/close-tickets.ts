import type { Incident } from '../incident/incident.ts';
import type { Page } from '../incident/records.ts';
import type { Surroundings } from '../surroundings.ts';

/** Closes the tickets of an incident that is over. Repeated, it closes what is closed. */
export async function closeTickets(around: Surroundings, incident: Incident, pages: readonly Page[]): Promise<void> {
  if (incident.status !== 'resolved' && incident.status !== 'closed') return;
  for (const { ticket } of pages) if (ticket) await around.tickets.close(ticket);
}
