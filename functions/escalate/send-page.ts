import { automation } from '../incident/actor.ts';
import { iso } from '../incident/clock.ts';
import type { Page } from '../incident/records.ts';
import { log } from '../log.ts';
import type { Surroundings } from '../surroundings.ts';
import type { PageText } from './page.ts';

/** The rung of a page about what went wrong after its run was over: it is no rung of the ladder. */
export const AFTERWARDS = 99;
/** The rung of a page about the monitoring of an incident, not about the incident: nor is it one of the ladder. */
export const BLIND = 98;
/** The rung of a page that lists incidents which came together. */
export const STORMY = 97;

/**
 * Writes a page down, then sends it, then writes that it was sent. A crash between the last two sends it twice, and the
 * second says so: a page too many is better than one too few.
 *
 * @param generation which round of pages of this incident it is, from 1
 * @param rung which rung of the ladder, from 0
 * @param about tells pages of one rung apart, where there can be several
 * @returns false where it had been sent before
 */
export async function sendPage(
  around: Surroundings,
  incident: { id: string; system: string },
  place: { generation: number; rung: number; role: string; about?: string | undefined },
  text: PageText,
): Promise<boolean> {
  const { generation, rung, role, about } = place;
  const { subject, message: words } = text;
  const at = { generation, rung, role, ...(about && { about }) };
  const due: Page = { v: 1, ...at, dueAt: iso(around.clock.now()), sentAt: null, subject, message: words };
  const page = await around.store.people.due(incident.id, due);
  if (page.sentAt) return false;
  // Another attempt wrote it down and did not live to say that it was sent, or is about to: it may have been.
  const again = page !== due;
  const message = again ? `${page.message}\n(This may be a repeat.)` : page.message;
  const reached = await reach(around, incident.system, role, page.subject, message);
  const sentAt = iso(around.clock.now());
  await around.store.people.sent(incident.id, page, sentAt);
  await around.store.incidents.tell(incident.id, {
    v: 1,
    type: 'page-sent',
    at: sentAt,
    key: ['page', generation, rung, role, ...(about ? [about] : [])].join('-'),
    by: automation,
    role: reached,
    subject: page.subject,
    again,
  });
  return true;
}

/**
 * Sends a text to a role's topic, and to the operators where that topic does not take it: it may be gone, or closed to us.
 * Somebody who can tell the others is better than nobody.
 *
 * @returns who was reached, as the timeline says it
 * @throws what the role's topic answered, when the operators' does not take it either
 */
export async function reach(
  around: Surroundings,
  system: string,
  role: string,
  subject: string,
  message: string,
): Promise<string> {
  const topic = around.names.contactTopic(system, role);
  try {
    await around.topics.publish(topic, subject, message);
    return role;
  } catch (error) {
    log.error(`the topic ${topic} took no page`, error instanceof Error ? error : new Error(String(error)));
    try {
      await around.topics.publish(
        around.names.operatorsTopic,
        `${role} not reached: ${subject}`,
        `${message}\n(This was for ${role} of ${system}, whose topic ${topic} did not take it. Please tell them, and look at the topic.)`,
      );
    } catch (second) {
      log.error('nor did that of the operators', second instanceof Error ? second : new Error(String(second)));
      throw error;
    }
    return `operators (instead of ${role})`;
  }
}
