import * as z from 'zod';
import { Actor } from './actor.ts';
import { idFrom } from './ids.ts';
import type { Incident } from './incident.ts';
import type { EventType, TimelineEvent } from './timeline.ts';

/** Who speaks on the bus: each deployment has a bus of its own, and says in each event which one it is. */
export const SOURCE = 'firebreak';
/** A field that goes, or changes what it means, makes another version; one that is added does not. */
export const VERSION = 1;
/** Long enough for any reason; what is longer is read in the incident. */
const LONGEST = 1_000;
const LONGEST_SUMMARY = 500;

const Time = z.iso.datetime();
const Words = z.string().max(LONGEST);

/** What stands in every event. */
const Common = z.object({
  version: z.literal(VERSION),
  id: z.string().describe('The same however often this event is sent: what was seen already can be left out.'),
  at: Time.describe('When it happened, in UTC.'),
  deployment: z.string().describe('The prefix of the deployment that speaks.'),
  summary: z
    .string()
    .max(LONGEST_SUMMARY)
    .describe('One line of plain text for people, without < and >: no chat can take a part of it for a command.'),
  by: z.object(Actor.shape).describe('Who did it; verified is true only where the way in proved the name.'),
  incident: z.object({
    id: z.string(),
    system: z.string(),
    title: z.string(),
    severity: z.string(),
    status: z.enum(['open', 'acknowledged', 'resolved', 'closed']),
    alert: z.string().describe('Empty where no alarm began it.'),
    target: z.string().describe('The host or part that it is about; empty where it is about the system as a whole.'),
    runbook: z.string().nullable(),
    origin: z.enum(['signal', 'manual', 'scheduled', 'declared', 'rehearsal']),
    openedAt: Time,
    url: z.string().nullable().describe('Its page in the console, where there is one.'),
  }),
});

type Told<T extends EventType> = Extract<TimelineEvent, { type: T }>;

/** One kind of event on the bus. */
export interface DomainEventKind {
  type: EventType;
  /** `detail-type` on the bus. */
  detailType: string;
  about: string;
  /** Of the event's `detail`. */
  schema: z.ZodObject;
  /** What the summary says of it, after the incident's name. */
  says: (event: TimelineEvent) => string;
}

function kind<T extends EventType>(
  type: T,
  detailType: string,
  about: string,
  own: Partial<Record<keyof Told<T>, z.ZodType>>,
  says: (event: Told<T>) => string,
): DomainEventKind {
  const mine = (event: TimelineEvent): event is Told<T> => event.type === type;
  return {
    type,
    detailType,
    about,
    schema: Common.extend(own as z.ZodRawShape),
    says: (event) => (mine(event) ? says(event) : ''),
  };
}

const by = ({ by: { name } }: TimelineEvent) => name;

/** What of the timeline goes onto the bus: its transitions, and not each look and each check. */
export const DOMAIN_EVENTS: readonly DomainEventKind[] = [
  kind('opened', 'Incident Opened', 'An alarm, a run or a person has opened an incident.', {}, () => 'opened'),
  kind(
    'severity-raised',
    'Severity Raised',
    'It is worse than it was taken for.',
    { from: z.string(), to: z.string() },
    ({ from, to }) => `raised from ${from} to ${to}`,
  ),
  kind(
    'severity-lowered',
    'Severity Lowered',
    'A person has said that it is milder than it was taken for.',
    { from: z.string(), to: z.string(), reason: Words },
    ({ from, to }) => `lowered from ${from} to ${to}`,
  ),
  kind('acknowledged', 'Incident Acknowledged', 'A person has it.', {}, (event) => `acknowledged by ${by(event)}`),
  kind(
    'acknowledgement-ended',
    'Acknowledgement Ended',
    'Nobody has it any more: the acknowledgement ran out without a resolution, or was taken back.',
    { why: Words },
    ({ why }) => `nobody has it any more: ${why}`,
  ),
  kind(
    'handed-over',
    'Incident Handed Over',
    'A person has given it to somebody else, who is paged and has to acknowledge it.',
    { to: z.string().describe('The role that has it now.'), title: z.string(), reason: Words },
    (event) => `handed over to ${event.title} by ${by(event)}`,
  ),
  kind(
    'snoozed',
    'Incident Snoozed',
    'A person has it, and nobody is paged for it until then.',
    { until: Time, reason: Words },
    (event) => `quiet until ${event.until}, asked for by ${by(event)}`,
  ),
  kind(
    'run-started',
    'Run Started',
    'A runbook has begun to work on it.',
    { run: z.number().int(), runbook: z.string(), reason: Words, dryRun: z.boolean() },
    ({ runbook, dryRun }) => (dryRun ? `rehearses ${runbook}` : `runs ${runbook}`),
  ),
  kind(
    'escalated',
    'Incident Escalated',
    'The automation has handed it to people.',
    { why: Words },
    ({ why }) => `handed to people: ${why}`,
  ),
  kind(
    'page-sent',
    'Page Sent',
    'A person was paged, or told of it.',
    {
      role: z.string().describe('Whom: a role, or the person who has it.'),
      subject: Words,
      again: z.boolean().describe('Whether it may be a repeat.'),
    },
    ({ role, notice }) => `${notice ? 'told' : 'paged'} ${role}`,
  ),
  kind(
    'resolved',
    'Incident Resolved',
    'It is over, verified or said by a person.',
    { how: Words },
    ({ how }) => `resolved: ${how}`,
  ),
  kind(
    'reopened',
    'Incident Reopened',
    'It fired again soon after it was resolved, and is the same incident.',
    { why: Words },
    ({ why }) => `open again: ${why}`,
  ),
  kind('closed', 'Incident Closed', 'Nothing is left to do for it.', { how: Words }, ({ how }) => `closed: ${how}`),
];

export interface DomainEvent {
  detailType: string;
  at: string;
  detail: Record<string, unknown>;
}

/**
 * A timeline's event as it goes onto the bus.
 *
 * @param incident as it is after the event
 * @param urlOf where an incident's page is; `null` where there is no console
 * @returns nothing for what the bus does not tell
 */
export function domainEventOf(
  deployment: string,
  incident: Incident,
  event: TimelineEvent,
  urlOf: (incidentId: string) => string | null,
): DomainEvent | undefined {
  const kind = DOMAIN_EVENTS.find(({ type }) => type === event.type);
  if (!kind) return undefined;
  const { at, by, key } = event;
  const { id, system, title, severity, status, alert, target, runbook, origin, openedAt } = incident;
  const url = urlOf(id);
  const common: z.input<typeof Common> = {
    version: VERSION,
    id: idFrom('event', deployment, id, at, key),
    at,
    deployment,
    summary: summaryOf(incident, kind.says(event), url),
    by,
    incident: { id, system, title, severity, status, alert, target, runbook, origin, openedAt, url },
  };
  const own = Object.keys(kind.schema.shape).filter((name) => !Object.hasOwn(common, name));
  const data = Object.fromEntries(
    Object.entries(event).flatMap(([name, value]) => (own.includes(name) ? [[name, short(value)]] : [])),
  );
  return { detailType: kind.detailType, at, detail: kind.schema.parse({ ...common, ...data }) };
}

const short = (value: unknown) => (typeof value === 'string' ? cut(value, LONGEST) : value);
const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 3)}...` : text);

/** `P1 SIRA: Disk space running low on sira-prod-1: acknowledged by Ada https://...`. What an alarm says in it stays text. */
function summaryOf({ severity, system, title, target, origin }: Incident, says: string, url: string | null): string {
  const rehearsal = origin === 'rehearsal' ? 'Rehearsal, ' : '';
  const text = `${rehearsal}${severity} ${system}: ${title}${target ? ` on ${target}` : ''}: ${says}`;
  const line = text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/</g, '‹')
    .replace(/>/g, '›')
    .trim();
  return url ? `${cut(line, LONGEST_SUMMARY - url.length - 1)} ${url}` : cut(line, LONGEST_SUMMARY);
}

/** The name of an event's published schema, beside which a later version can stand: `incident-opened.v1.json`. */
export const schemaFile = ({ detailType }: Pick<DomainEventKind, 'detailType'>) =>
  `${detailType.toLowerCase().replace(/ /g, '-')}.v${VERSION}.json`;
