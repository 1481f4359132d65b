import { personId } from '../../runbooks/language/contact.ts';
import { type Role, reviewRuleOf, type System, titleOf } from '../../runbooks/language/system.ts';
import { moment } from '../console/views/moment.ts';
import { deliver } from '../escalate/deliver.ts';
import { type Place, whereIsReview } from '../escalate/link.ts';
import { whoHas } from '../escalate/people.ts';
import { cut, firstOf, oneLine } from '../escalate/wording.ts';
import { iso } from '../incident/clock.ts';
import { type Incident, isLive } from '../incident/incident.ts';
import type { Page } from '../incident/records.ts';
import { noticeDue, openQuestions, type Review, type ReviewNotice } from '../incident/review.ts';
import { REVIEW } from '../incident/rungs.ts';
import { type Surroundings, systemOf } from '../surroundings.ts';
import { stillOpen } from './words.ts';

/**
 * Reminds whoever owns a review before its day, and tells the next above them after it: each once for a day, by mail. Nobody is woken
 * for a review. Where nobody has the role, the next above is told, and where nobody has any of them, whoever runs Firebreak.
 *
 * @throws what a topic answered that took nothing: the next round tries again
 */
export async function remind(around: Surroundings, review: Review): Promise<void> {
  const now = iso(around.clock.now());
  const system = systemOf(around, review.system);
  const kind = noticeDue(review, reviewRuleOf(system), now);
  if (kind === null) return;
  const incident = await around.store.incidents.get(review.incidentId);
  // Whoever has it open again has more to do than to write of it.
  if (!incident || isLive(incident)) return;
  const about = `${kind}-${review.due}`;
  const written = (await around.store.people.pages(incident.id)).filter((page) => page.rung === REVIEW && page.about === about);
  const due =
    written.length > 0
      ? written.filter(({ sentAt }) => sentAt === null)
      : pagesFor(around, { review, incident, kind, system, now });
  if (due.length > 0) await deliver(around, incident, due, `${incident.id}-${about}-${now}`);
}

interface Reminder {
  review: Review;
  incident: Incident;
  kind: ReviewNotice;
  system: System;
  now: string;
}

function pagesFor(around: Surroundings, reminder: Reminder): Page[] {
  const { review, kind, system, now } = reminder;
  const has = (role: string) => whoHas(around, system.id, role).contacts;
  const role = whomToTell(system.roles, review.owner, kind, (one) => has(one).length > 0);
  const { subject, message } = reminderText(around, reminder, role);
  const common = { v: 1 as const, generation: 0, rung: REVIEW, role, about: `${kind}-${review.due}`, rungs: [], round: 0 };
  const due = { ...common, dueAt: now, sentAt: null, sending: null, subject, message, short: firstOf(message), ticket: null };
  const contacts = has(role);
  // A page to a role that nobody has reaches whoever runs Firebreak.
  if (contacts.length === 0) return [{ ...due, by: 'page', contact: null }];
  return contacts.map(({ name }) => ({ ...due, by: 'notice', contact: { id: personId(name), name } }));
}

/**
 * The owner before the day, the next above them after it; whoever is next above where nobody has that role.
 * @param isThere whether somebody has a role now
 */
export function whomToTell(
  roles: readonly Role[],
  owner: string,
  kind: ReviewNotice,
  isThere: (role: string) => boolean,
): string {
  const next = (role: string) => roles.find(({ name }) => name === role)?.next;
  const first = kind === 'overdue' ? (next(owner) ?? owner) : owner;
  for (let role: string | undefined = first; role !== undefined; role = next(role)) if (isThere(role)) return role;
  return first;
}

/** What is due, until when, how far it is, and where it is written. */
export function reminderText(
  place: Place,
  { review, incident, kind, system }: Omit<Reminder, 'now' | 'system'> & { system: Pick<System, 'title' | 'roles'> },
  told: string,
): { subject: string; message: string } {
  const of = oneLine(`${incident.severity} ${system.title}: ${incident.title}`);
  const owner = titleOf(system.roles, review.owner);
  const open = openQuestions(review.answers, incident).length;
  const day = moment(review.due ?? '');
  const stands = open === 0 ? 'Every question is answered: it has only to be finished.' : `${stillOpen(open)}.`;
  const [subject, first] =
    kind === 'reminder'
      ? [`Review due: ${of}`, `The review of ${of} is due at ${day}.`]
      : [`Review overdue: ${of}`, `The review of ${of} was due at ${day}, and is not finished.`];
  const why =
    told === review.owner
      ? `It is yours, as ${owner}.`
      : kind === 'overdue'
        ? `${owner} was to write it. You are told because you are the next above: please see to it that somebody does, or set another day.`
        : `${owner} is to write it, and nobody has that role now. You are told because you are the next above.`;
  return {
    subject: cut(subject, 99),
    message: [first, stands, why, '', ...whereIsReview(place, incident.id)].join('\n'),
  };
}
