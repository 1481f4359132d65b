import type { Incident } from '../incident/incident.ts';
import type { Page } from '../incident/records.ts';
import { notify } from '../notices/notify.ts';
import { tellPagerduty } from '../pagerduty/pagerduty.ts';
import type { Surroundings } from '../surroundings.ts';

/**
 * What an incident that is over leaves to be done elsewhere: its tickets are closed, its alerts in PagerDuty resolved, and whoever
 * heard that it began hears that it is over. Repeated, it does nothing twice.
 *
 * @returns the roles that had not heard before
 */
export async function closeElsewhere(around: Surroundings, incident: Incident, pages: readonly Page[]): Promise<string[]> {
  for (const { ticket } of pages) if (ticket) await around.tickets.close(ticket);
  const told = await notify(around, incident, 'resolved');
  await tellPagerduty(around, incident);
  return told;
}
