import { milliseconds } from '../../runbooks/language/duration.ts';
import { after, iso } from '../incident/clock.ts';
import type { Incident } from '../incident/incident.ts';
import { makeLinks } from '../links/token.ts';
import { asError, log } from '../log.ts';
import type { Surroundings } from '../surroundings.ts';

/** When a page's links end: long after anybody needs them, and well before somebody finds them in an old mail. */
const LASTS_MS = milliseconds('1d');

/** What a person can do from their page, in the order in which they think of it. */
const SAID = {
  acknowledge: 'Acknowledge',
  'take-over': 'Take over',
  'escalate-now': 'Page the next one now',
  stop: 'Stop the automation',
} as const;

/**
 * The links of one person's page. A page without them is better than none: the commands that do the same stand in it.
 * @param atWork whether there is an automation that can be stopped
 */
export async function linksFor(
  around: Surroundings,
  incident: Incident,
  { contact, role }: { contact: string; role: string },
  atWork: boolean,
): Promise<{ what: string; url: string }[]> {
  const actions = (Object.keys(SAID) as (keyof typeof SAID)[]).filter((action) => action !== 'stop' || atWork);
  try {
    const until = after(iso(around.clock.now()), LASTS_MS);
    const links = await makeLinks(around, { incidentId: incident.id, system: incident.system, contact, role, actions, until });
    return actions.flatMap((action) => {
      const url = links.get(action);
      return url ? [{ what: SAID[action], url }] : [];
    });
  } catch (error) {
    log.error('a page goes out without links', asError(error));
    return [];
  }
}
