import { milliseconds } from '../../runbooks/language/duration.ts';
import { after, iso } from '../incident/clock.ts';
import type { Incident } from '../incident/incident.ts';
import { makeLinks } from '../links/token.ts';
import { asError, log } from '../log.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Text } from './reach.ts';

/** When a page's links end: long after anybody needs them, and well before somebody finds them in an old mail. */
const LASTS_MS = milliseconds('1d');

/** What a person can do from their page, in the order in which they think of it. */
const SAID = {
  acknowledge: 'Acknowledge',
  'take-over': 'Take over',
  'escalate-now': 'Page the next one now',
  stop: 'Stop the automation',
} as const;
type Said = keyof typeof SAID;
const ACTIONS = Object.keys(SAID) as Said[];

/** Where a link stands in a page, as it is written down. */
export const linkPlace = (action: Said) => `<link: ${action}>`;

/**
 * The places of the links in one person's page, as it is written down. The links themselves are made when it is sent: whoever reads the
 * record, or the page in the console, has none of them.
 *
 * @param atWork whether there is an automation that can be stopped
 */
export function linksFor({ config }: Pick<Surroundings, 'config'>, atWork: boolean): { what: string; url: string }[] {
  if (config.linksUrl === undefined) return [];
  return ACTIONS.filter((action) => action !== 'stop' || atWork).map((action) => ({
    what: SAID[action],
    url: linkPlace(action),
  }));
}

/**
 * A page with its links, made for whom it goes to. Sent again, it has others. A page without them is better than none: the commands
 * that do the same stand in it.
 */
export async function withLinks(
  around: Surroundings,
  { id, system }: Pick<Incident, 'id' | 'system'>,
  whose: { contact: string; role: string },
  text: Text,
): Promise<Text> {
  const actions = ACTIONS.filter((action) => text.message.includes(linkPlace(action)));
  if (actions.length === 0) return text;
  const links = await made(around, { ...whose, incidentId: id, system, actions });
  const filled = (words: string) =>
    actions.reduce((rest, action) => rest.replaceAll(linkPlace(action), links.get(action) ?? '(no link: see "By hand")'), words);
  return { ...text, message: filled(text.message), short: filled(text.short) };
}

async function made(
  around: Surroundings,
  wanted: { contact: string; role: string; incidentId: string; system: string; actions: readonly Said[] },
): Promise<ReadonlyMap<Said, string>> {
  try {
    return await makeLinks(around, { ...wanted, until: after(iso(around.clock.now()), LASTS_MS) });
  } catch (error) {
    log.error('a page goes out without links', asError(error));
    return new Map();
  }
}
