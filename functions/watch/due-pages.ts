import { deliver } from '../escalate/deliver.ts';
import { between, iso } from '../incident/clock.ts';
import type { Incident } from '../incident/incident.ts';
import type { Page } from '../incident/records.ts';
import { ABANDONED_MS } from '../intake/abandoned.ts';
import type { Round } from './round.ts';

/**
 * Sends what was written down and not sent. What was written down just now has a sender who is about to send it: sent here as well, it
 * would wake somebody twice. A rung of the ladder is not sent from here: it goes out only where it is still due.
 */
export async function sendDue({ around, mended, each }: Round, incident: Incident, pages: readonly Page[]): Promise<void> {
  const now = iso(around.clock.now());
  await each(
    pages.filter((one) => !one.sentAt && one.rungs.length === 0 && between(one.dueAt, now) >= ABANDONED_MS),
    (page) => `the page "${page.subject}" of ${incident.id}`,
    async (page) => {
      if ((await deliver(around, incident, [page], `watch-${now}`)).includes('sent'))
        mended.push(`sent the page "${page.subject}", which was due`);
    },
  );
}
