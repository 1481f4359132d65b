import { contactsOf, personId } from '../../runbooks/language/contact.ts';
import { climb } from '../escalate/climb.ts';
import { automation } from '../incident/actor.ts';
import { iso } from '../incident/clock.ts';
import type { Incident } from '../incident/incident.ts';
import type { Page } from '../incident/records.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Round } from './round.ts';

/** A page of a ladder, to a person. */
type ToPerson = Page & { contact: NonNullable<Page['contact']> };

/**
 * Proves that the pages of an incident's ladder went out to somebody. A topic takes a page also where nobody has confirmed to get it:
 * then the rung has found nobody, and the next one is paged at once. Whom PagerDuty alone reaches has no topic to be asked about.
 */
export async function provenReached(round: Round, { id }: Incident): Promise<void> {
  const { around, mended } = round;
  // The next one may have confirmed as little: each that is paged is asked about in the same round.
  for (;;) {
    const incident = await around.store.incidents.get(id);
    // Somebody has it, or nobody is to be paged any more: whom a page did not reach then makes no difference to it.
    if (incident?.status !== 'open' || !incident.ladder || incident.ladder.over) return;
    const { generation } = incident.ladder;
    const pages = (await around.store.people.pages(id, round.unreadable)).filter((page): page is ToPerson =>
      isToPerson(page, generation),
    );
    const silent = [];
    for (const page of pages) if (await isSilent(round, incident.system, page.contact)) silent.push(page);
    for (const page of silent) {
      await tell(around, incident, page);
      await around.store.people.undelivered(id, page);
      mended.push(`found that the page of ${id} to ${page.contact.name} reached nobody`);
    }
    if (silent.length === 0) return;
    await climb(around, id, 'watch');
  }
}

/** Of this climb, sent, and not found out yet. */
function isToPerson({ by, rungs, sentAt, contact, undelivered, generation: of }: Page, generation: number): boolean {
  return by === 'page' && rungs.length > 0 && of === generation && sentAt !== null && contact !== null && !undelivered;
}

/** Whether nothing that is published to a person's topic reaches anybody. The operators hear of it once a day. */
async function isSilent(round: Round, system: string, { id, name }: ToPerson['contact']): Promise<boolean> {
  const { around } = round;
  const person = contactsOf(...Object.values(around.config.staffOf(system))).find((one) => personId(one.name) === id);
  if (person && person.email === undefined && person.sms === undefined) return false;
  const topic = around.names.contactTopic(system, id);
  const silent = round.silent.get(topic) ?? !(await around.topics.reaches(topic));
  round.silent.set(topic, silent);
  if (silent)
    await round.tellOnce(`the topic ${topic}`, `Firebreak: no page reaches ${name}`, [
      `Nobody has confirmed to get what is sent to ${name} (${system}): the topic ${topic} takes pages, and they reach nobody.`,
      'Until that is mended, each of their pages goes on to whoever comes next. Please have them confirm, or deploy with an address that is theirs:',
      "npm run doctor, then npm run confirm -- '<the link of the mail>'",
    ]);
  return silent;
}

/** From the record, so that one who did not live to mark it is followed by one who tells the same. */
async function tell({ store }: Surroundings, { id }: Incident, { generation, rung, contact, sentAt }: ToPerson): Promise<void> {
  const text = `The page to ${contact.name} reached nobody: no address of theirs is confirmed. Whoever comes next is paged without waiting for them`;
  const at = sentAt ?? iso(new Date(0));
  await store.incidents.tell(id, {
    v: 1,
    type: 'note',
    at,
    key: `undelivered-${generation}-${rung}-${contact.id}`,
    by: automation,
    text,
  });
}
