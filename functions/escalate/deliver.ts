import { tellAll } from '../events/announce.ts';
import { after, iso } from '../incident/clock.ts';
import { idFrom } from '../incident/ids.ts';
import type { Incident } from '../incident/incident.ts';
import { countedPage } from '../incident/metrics.ts';
import type { Page } from '../incident/records.ts';
import type { Surroundings } from '../surroundings.ts';
import { sendDigest } from './digest.ts';
import { SENDING_MS, takeTurn, type Wanted, worthReading } from './pace.ts';
import { withLinks } from './page-links.ts';
import { type Addressed, OPERATORS, reachContact, reachOperators, reachPerson, reachRole, type Text } from './reach.ts';
import { type Carried, told } from './told.ts';

/** What became of a page: `theirs` while another sender is about to send it. */
export type Delivered = 'sent' | 'was-sent' | 'theirs';

/**
 * Writes pages down, then sends each, then writes that it was sent. A crash between the last two sends it twice, and the second
 * says so: a page too many is better than one too few. All are written down before the first is sent, so that whoever goes on
 * after a crash knows of each.
 *
 * @param owner who sends them: the same one, tried again, need not wait until its own earlier attempt is taken for dead
 * @throws what the first answered that was not taken; the others have been tried
 */
export async function deliver(
  around: Surroundings,
  incident: Incident,
  pages: readonly Page[],
  owner: string,
): Promise<Delivered[]> {
  const now = iso(around.clock.now());
  const sending = { owner, until: after(now, SENDING_MS) };
  const written = [];
  for (const page of pages) written.push(await around.store.people.due(incident.id, { ...page, sending }, now));
  const delivered: Delivered[] = [];
  const failed: unknown[] = [];
  for (const { page, is } of written) {
    if (is === 'mine' || is === 'again')
      delivered.push(
        await send(around, incident, page, is === 'again').catch((error: unknown) => {
          failed.push(error);
          return 'theirs';
        }),
      );
    else delivered.push(is === 'sent' ? 'was-sent' : 'theirs');
  }
  if (failed.length > 0) throw failed[0];
  return delivered;
}

/** Alone, or in one mail with what else waits for the same person. */
async function send(around: Surroundings, incident: Incident, page: Page, again: boolean): Promise<Delivered> {
  const wanted = await takeTurn(around, incident, page, again);
  const read = worthReading(wanted);
  const [only, ...others] = read;
  if (!only) return 'theirs';
  let carried: Carried;
  try {
    carried = others.length > 0 ? await together(around, page, read) : await carry(around, only.incident, orRepeat(only));
  } catch (error) {
    for (const one of wanted) await around.store.people.letGo(one.incidentId, one.page);
    throw error;
  }
  const sentAt = iso(around.clock.now());
  for (const one of wanted) await around.store.people.sent(one.incidentId, one.page, sentAt, carried.ticket);
  const hours = around.config.businessHoursOf(incident.system);
  for (const one of wanted) countedPage(one.incident, one.page, sentAt, hours).forEach(around.count);
  for (const one of wanted) await tellAll(around, one.incident, told(one.page, sentAt, carried, one.again, wanted.length));
  return 'sent';
}

const orRepeat = ({ page, again }: Wanted): Page =>
  again ? { ...page, message: `${page.message}\n(This may be a repeat.)` } : page;

async function together(around: Surroundings, { contact, role }: Page, wanted: readonly Wanted[]): Promise<Carried> {
  return { role: contact ? await sendDigest(around, { ...contact, role }, wanted) : role, ticket: null };
}

async function carry(around: Surroundings, incident: Incident, page: Page): Promise<Carried> {
  const { id, system } = incident;
  const { by, role, contact, subject, message, short } = page;
  const text = { subject, message, short };
  switch (by) {
    case 'nobody':
      return { role, ticket: null };
    case 'ticket': {
      // Asked again, the team finds the ticket that it has: a second one would be a task for nobody.
      const dedup = idFrom('ticket', id, String(page.generation), ...page.rungs);
      return { role, ticket: await around.tickets.write({ dedup, system, role, ...text, source: around.names.prefix }) };
    }
    case 'notice':
      // A mail to somebody who has nothing to do for it: it must ring nowhere.
      return {
        role: contact ? await reachContact(around, system, { ...contact, role }, { ...text, quiet: true }) : role,
        ticket: null,
      };
    case 'page':
      return { role: await reachWhom(around, incident, page, text), ticket: null };
  }
}

function reachWhom(around: Surroundings, incident: Incident, { contact, role }: Page, text: Text): Promise<string> {
  if (contact) return reachAlone(around, incident, { ...contact, role }, text);
  return role === OPERATORS ? reachOperators(around, text) : reachRole(around, incident.system, role, text);
}

/** With links of their own, made now. */
async function reachAlone(around: Surroundings, incident: Incident, to: Addressed, text: Text): Promise<string> {
  const theirs = await withLinks(around, incident, { contact: to.name, role: to.role }, text);
  return await reachPerson(around, incident, to, theirs);
}
