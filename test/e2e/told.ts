import type { OpsItem } from '../../local/aws/systems-manager/ops-items.ts';
import type { ConsoleApi, Notification, Whole } from './cli/console.ts';
import { type Course, dueAtHandOver, isTicket, ladderFaults, noticesDue, waitsForBusinessDay } from './due.ts';
import { until } from './until.ts';

const SOON_MS = 60_000;
const ON_ITS_WAY_MS = 5_000;

/** What people see: the inbox of local mode, and the tickets of its OpsCenter. */
export interface Seen {
  api: ConsoleApi;
  tickets(): OpsItem[];
}

/** To whom, and what: a page, or a notice to somebody who has nothing to do for it. */
export function inShort({ role, subject }: Pick<Notification, 'role' | 'subject'>): string {
  return `${role}: ${/^(Update|Over): /.exec(subject)?.[1] ?? 'page'}`;
}

/**
 * Holds all that came to people against what is due for an incident, by its severity and its times; questions are none of it. What is
 * on its way yet is waited for.
 *
 * @param responder the role that has it first: its runbook's, unless the facts name another
 * @returns what does not hold; nothing where exactly those who are due were told
 */
export async function toldFaults(seen: Seen, id: string, responder = 'oncall'): Promise<string[]> {
  let faults: string[] = [];
  const none = async () => {
    faults = await faultsNow(seen, id, responder);
    return faults.length === 0;
  };
  await until('exactly those who are due are told', none, ON_ITS_WAY_MS).catch(() => undefined);
  return faults;
}

async function faultsNow({ api, tickets }: Seen, id: string, responder: string): Promise<string[]> {
  const course = courseOf(await api.whole(id), responder);
  const notices = (await api.notifications()).map(inShort).filter((one) => !one.endsWith(': page'));
  const due = noticesDue(course);
  const written = tickets()
    .filter(({ Description }) => Description.includes(id))
    .map(assignee);
  const ticket = isTicket(course.severity) && course.handedOverAt !== undefined ? [responder] : [];
  return [
    ...ladderFaults(
      course,
      (await pagesAbout(api, id)).map(({ role }) => role),
    ),
    ...(notices.sort().join() === due.join() ? [] : [`notices: ${notices.join(', ')}; due: ${due.join(', ')}`]),
    ...(written.join() === ticket.join() ? [] : [`tickets: ${written.join(', ')}; due: ${ticket.join(', ')}`]),
  ];
}

/** Waits until whoever is due when an incident is handed over has been told: an acknowledgement before that would spare them. */
export async function handedOver({ api, tickets }: Seen, id: string): Promise<void> {
  const told = async () => {
    const course = courseOf(await api.whole(id), 'oncall');
    const ticket = !isTicket(course.severity) || tickets().some(({ Description }) => Description.includes(id));
    return ticket && (await pagesAbout(api, id)).length >= dueAtHandOver(course);
  };
  await until('whoever is due at the hand-over is told', told, SOON_MS);
}

/**
 * What whoever has an incident first is asked: their last page, or their ticket. Where it waits for the next business day, a person
 * wants it now.
 */
export async function askedOf({ api, tickets }: Seen, id: string, role: string): Promise<string> {
  const { severity } = (await api.whole(id)).incident;
  if (waitsForBusinessDay(severity)) await api.escalateNow(id);
  const asked = async () =>
    isTicket(severity)
      ? tickets().find((one) => one.Description.includes(id) && assignee(one) === role)?.Description
      : (await pagesAbout(api, id)).findLast((page) => page.role === role)?.message;
  return await until(`${role} is asked`, asked, SOON_MS);
}

/** What was asked of people about an incident: no notices, and no questions. */
async function pagesAbout(api: ConsoleApi, id: string): Promise<Notification[]> {
  // What it is about stands in its second line; related incidents are named further down.
  const isAsked = ({ message }: Notification) => message.split('\n')[1]?.endsWith(`/incidents/${id}`) === true;
  return (await api.notifications()).filter((one) => isAsked(one) && inShort(one).endsWith(': page'));
}

function courseOf({ incident, timeline }: Whole, responder: string): Course {
  const time = (wanted: Whole['timeline'][number]['type']) => {
    const at = timeline.find(({ type }) => type === wanted)?.at;
    return at === undefined ? undefined : Date.parse(at);
  };
  const raisedAt = timeline.findLast(({ type }) => type === 'severity-raised')?.at;
  return {
    severity: incident.severity,
    origin: incident.origin,
    responder,
    openedAt: raisedAt === undefined ? (time('opened') ?? 0) : Date.parse(raisedAt),
    handedOverAt: time('escalated'),
    acknowledgedAt: time('acknowledged'),
    resolvedAt: time('resolved'),
    now: Math.max(...timeline.map(({ at }) => Date.parse(at))),
  };
}

const assignee = ({ OperationalData }: OpsItem) => OperationalData.assignedTo?.Value ?? '';
