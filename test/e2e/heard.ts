import type { Incident } from '../../functions/incident/incident.ts';
import type { Page } from '../../functions/incident/records.ts';
import type { Delivered } from '../../local/aws/messaging/topics.ts';
import { names as namesOf } from '../../runbooks/language/names.ts';
import { ladderFaults } from './due.ts';

const REPEAT = '(This may be a repeat.)';

/**
 * Who heard of an incident of SIRA's on-call engineer, and whether that is as its ladder says.
 * @param now up to when it is looked at
 */
export function whoHeard(incident: Incident, pages: readonly Page[], mails: readonly Delivered[], now: Date) {
  const sent = pages.filter(({ sentAt }) => sentAt);
  const climbed = sent
    .toSorted((a, b) => a.dueAt.localeCompare(b.dueAt) || a.rung - b.rung)
    .flatMap(({ rungs, role }) => rungs.map(() => role));
  return {
    /** Whom its ladder has paged, in the order in which they were due. */
    climbed,
    ladder: ladderFaults(courseOf(incident, now), climbed),
    /** What is no rung: notices, and what went wrong afterwards. */
    others: sent.flatMap(({ rungs, role, by }) => (rungs.length === 0 ? [`${by} ${role}`] : [])).sort(),
    pagesUnsent: pages.length - sent.length,
    mails: mails.length,
    doubled: doubled(sent, mails),
    unheard: sent.filter((page) => page.by !== 'nobody' && !mails.some((mail) => isOf(page, mail))).map(({ subject }) => subject),
    /** For whoever reads of a failure: what the mails were about. */
    subjects: mails.map(({ role, subject }) => `${role}: ${subject}`),
  };
}

function courseOf({ severity, origin, openedAt, handedOverAt, acknowledgedAt, resolvedAt }: Incident, now: Date) {
  const time = (at: string | null) => (at === null ? undefined : Date.parse(at));
  return {
    severity,
    origin,
    responder: 'oncall',
    openedAt: Date.parse(openedAt),
    handedOverAt: time(handedOverAt),
    acknowledgedAt: time(acknowledgedAt),
    resolvedAt: time(resolvedAt),
    now: now.getTime(),
  };
}

/** What came to somebody more often than it was due, and does not say that it may be a repeat. */
function doubled(sent: readonly Page[], mails: readonly Delivered[]): string[] {
  return sent.flatMap((page) => {
    const alike = sent.filter((other) => topicOf(other) === topicOf(page) && other.subject === page.subject).length;
    const came = mails.filter((mail) => isOf(page, mail) && !mail.message.includes(REPEAT)).length;
    return came > alike ? [`${page.subject} to ${page.role}`] : [];
  });
}

const isOf = (page: Page, { topic, subject }: Delivered) => topic.endsWith(topicOf(page)) && subject === page.subject;

function topicOf({ contact }: Page): string {
  const names = namesOf();
  return contact ? names.contactTopic('sira', contact.id) : names.operatorsTopic;
}
