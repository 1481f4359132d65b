import { type Contact, contactsOf, personId } from '../../runbooks/language/contact.ts';
import type { Incident } from '../incident/incident.ts';
import { withoutLinks } from '../links/conceal.ts';
import { asError, log } from '../log.ts';
import type { Enqueued } from '../pagerduty/enqueue.ts';
import { pagerdutyFor } from '../pagerduty/pagerduty.ts';
import type { Surroundings } from '../surroundings.ts';
import { whoHas } from './people.ts';

/** A page, as it is sent. */
export interface Text {
  subject: string;
  message: string;
  /** For an SMS: its first lines. */
  short: string;
  /** Whether it must ring nowhere: it is no page. */
  quiet?: boolean;
}

/** A person, and the role for which they are paged. */
export interface Addressed {
  id: string;
  name: string;
  role: string;
}

/** Whoever runs Firebreak: no role of any system. */
export const OPERATORS = 'operators';

/** What it takes to reach people. */
export interface Reaching extends Pick<Surroundings, 'names'> {
  topics: Pick<Surroundings['topics'], 'publish'>;
}

/**
 * Sends a text to a person's own topic, and to the operators where that topic does not take it: it may be gone, or closed to us.
 * Somebody who can tell the others is better than nobody.
 *
 * @returns who was reached, as the timeline says it
 * @throws what the person's topic answered, when the operators' does not take it either
 */
export async function reachContact(around: Reaching, system: string, to: Addressed, text: Text): Promise<string> {
  const topic = around.names.contactTopic(system, to.id);
  try {
    await around.topics.publish(topic, text.subject, text.message, text.quiet ? null : text.short);
    return to.role;
  } catch (error) {
    log.error(`the topic ${topic} took no page`, asError(error));
    try {
      await reachOperators(around, {
        ...text,
        subject: `${to.name} not reached: ${text.subject}`,
        short: withoutLinks(text.short),
        message: `${withoutLinks(text.message)}\n(This was for ${to.name}, ${to.role} of ${system}, whose topic ${topic} did not take it. Please tell them, and look at the topic.)`,
      });
    } catch (second) {
      log.error('nor did that of the operators', asError(second));
      throw error;
    }
    return `operators (instead of ${to.role})`;
  }
}

/** A person of a system, as the deployment gives them now. */
export const personOf = ({ staffOf }: Pick<Surroundings['config'], 'staffOf'>, system: string, id: string): Contact | undefined =>
  contactsOf(...Object.values(staffOf(system))).find(({ name }) => personId(name) === id);

/** Alerts a person's service of PagerDuty; nothing where they have none. */
export async function ring(
  around: Surroundings,
  incident: Incident,
  person: Contact | undefined,
  text: Pick<Text, 'subject' | 'message'>,
): Promise<Enqueued | undefined> {
  return person?.pagerduty === undefined ? undefined : await pagerdutyFor(around).trigger(person, incident, text);
}

/**
 * Sends a page to a person by every way that they have: their topic, and their service of PagerDuty, neither of which waits for the
 * other or keeps the other from being tried.
 *
 * @returns who was reached, as the timeline says it
 * @throws what their topic answered, where nothing took it
 */
export async function reachPerson(around: Surroundings, incident: Incident, to: Addressed, text: Text): Promise<string> {
  const person = personOf(around.config, incident.system, to.id);
  const rings = ring(around, incident, person, text);
  const byPagerdutyAlone = person !== undefined && !person.email && !person.sms;
  if (byPagerdutyAlone && (await rings)?.ok) return to.role;
  try {
    const reached = await reachContact(around, incident.system, to, text);
    await rings;
    return reached;
  } catch (error) {
    if ((await rings)?.ok) return to.role;
    throw error;
  }
}

/** @returns who was reached, as the timeline says it @throws what the topic answered */
export async function reachOperators({ topics, names }: Reaching, { subject, message, short }: Text): Promise<string> {
  await topics.publish(names.operatorsTopic, subject, message, short);
  return OPERATORS;
}

/**
 * Sends a text to whoever has a role now, and to the operators, where nobody does.
 * @returns who was reached, as the timeline says it
 * @throws what the first answered that took nothing
 */
export async function reachRole(
  around: Reaching & Pick<Surroundings, 'config' | 'clock'>,
  system: string,
  role: string,
  text: Text,
): Promise<string> {
  const { contacts } = whoHas(around, system, role);
  const reached = [];
  for (const { name } of contacts) reached.push(await reachContact(around, system, { id: personId(name), name, role }, text));
  if (contacts.length > 0) return [...new Set(reached)].join(', ');
  const message = `${text.message}\n(This was for ${role} of ${system}: nobody has that role now.)`;
  await reachOperators(around, { ...text, message });
  return `${OPERATORS} (instead of ${role})`;
}
