import * as z from 'zod';
import { Actor } from './actor.ts';

const Time = z.iso.datetime();
const Parameters = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]));

/** A command as it was resolved: what was, or will be, sent to the host. */
export const ResolvedCall = z.object({ command: z.string(), parameters: Parameters });
export type ResolvedCall = z.infer<typeof ResolvedCall>;

const Sent = z.object({
  v: z.literal(1),
  run: z.number().int(),
  pass: z.number().int(),
  step: z.string(),
  /** A host's canonical name; `-` where the step looks from outside. */
  host: z.string(),
  title: z.string(),
  startedAt: Time,
  /** After this the command is cancelled and the step has failed. */
  deadline: Time,
  /** Systems Manager's id. `null` between writing down and sending. */
  commandId: z.string().nullable(),
});
const Ended = { endedAt: Time, says: z.string(), evidence: z.string().nullable() };

/** One look at one host, or from outside: of a diagnosis or of a verification. */
export const LookRecord = z.discriminatedUnion('status', [
  Sent.extend({ status: z.literal('started') }),
  Sent.extend({ status: z.literal('done'), facts: z.unknown(), ...Ended }),
  Sent.extend({ status: z.literal('failed'), error: z.string(), ...Ended }),
]);
export type LookRecord = z.infer<typeof LookRecord>;

/**
 * What a half-done or temporary change still owes. `call` was resolved when the change was made, so that it can be
 * paid without fresh facts. Without `due` only an unfinished change is undone; with it, a finished one too, from then on.
 */
export const UndoDebt = z.object({
  call: ResolvedCall,
  due: Time.nullable(),
  /** When paying began, and with which command. */
  begunAt: Time.nullable(),
  commandId: z.string().nullable(),
  /** When it was over, and whether it worked: one that did not is a person's. */
  paidAt: Time.nullable(),
  paid: z.boolean(),
  says: z.string().nullable(),
});
export type UndoDebt = z.infer<typeof UndoDebt>;

const Acted = Sent.extend({ because: z.string(), call: ResolvedCall, undo: UndoDebt.nullable() });

/**
 * One act of one run on one host: written before it is carried out, and never carried out twice.
 * `doubt` means that it began and nobody knows how it ended.
 */
export const ActRecord = z.discriminatedUnion('status', [
  Acted.extend({ status: z.literal('started') }),
  Acted.extend({ status: z.literal('done'), facts: z.unknown(), ...Ended }),
  Acted.extend({ status: z.literal('failed'), error: z.string(), ...Ended }),
  Acted.extend({ status: z.literal('doubt'), error: z.string(), ...Ended }),
]);
export type ActRecord = z.infer<typeof ActRecord>;

/** Raw output behind a fact, redacted before it was stored. */
export const Evidence = z.object({
  v: z.literal(1),
  id: z.string(),
  title: z.string(),
  host: z.string(),
  at: Time,
  text: z.string(),
});
export type Evidence = z.infer<typeof Evidence>;

/** How far a verification has come. One a run and pass. */
export const VerifyProgress = z.object({
  v: z.literal(1),
  startedAt: Time,
  deadline: Time,
  nextCheckAt: Time,
  /** The number of the check that is next, from 1. */
  check: z.number().int(),
  /** How many checks in a row were good. */
  good: z.number().int(),
  last: z.string(),
});
export type VerifyProgress = z.infer<typeof VerifyProgress>;

/** A question to a person, for one act with exactly these parameters. */
export const Approval = z.object({
  v: z.literal(1),
  id: z.string(),
  incidentId: z.string(),
  run: z.number().int(),
  pass: z.number().int(),
  step: z.string(),
  title: z.string(),
  /** What would be done, on which hosts, and why: what the person reads. */
  question: z.string(),
  items: z.array(z.string()),
  /** Of the resolved parameters per host: a list that has grown asks again. */
  hash: z.string(),
  askedAt: Time,
  until: Time,
  decision: z.enum(['approved', 'denied', 'expired']).nullable(),
  decidedAt: Time.nullable(),
  decidedBy: Actor.nullable(),
  reason: z.string(),
  /** A secret: never shown, never logged. `null` once it has been used. */
  token: z.string().nullable(),
  /** Who started the run and may not say yes themselves: the name that they gave. */
  notBy: z.string().nullable().default(null),
});
export type Approval = z.infer<typeof Approval>;

/** An approval is filed under its incident, so its address names both. Neither part has a dot of its own. */
export function approvalAddress({ incidentId, id }: Pick<Approval, 'incidentId' | 'id'>): string {
  return `${incidentId}.${id}`;
}

/** What a person can do to an incident by a link. */
export const IncidentAction = z.enum(['acknowledge', 'take-over', 'escalate-now', 'resolve', 'stop']);
export type IncidentAction = z.infer<typeof IncidentAction>;

/** What a link does: that, and nothing else. The answer to a question names the question. */
export const LinkAction = z.union([IncidentAction, z.templateLiteral([z.enum(['approve', 'deny']), ':', z.string().min(1)])]);
export type LinkAction = z.infer<typeof LinkAction>;

/** A link that was given to one person, for one action on one incident. */
export const LinkRecord = z.object({
  v: z.literal(1),
  /** SHA-256 of its token, base64url. The token itself is in that person's page, and kept nowhere. */
  hash: z.string(),
  incidentId: z.string(),
  system: z.string(),
  /** Whose it is: whoever comes by it is taken for them. */
  contact: z.string().min(1),
  role: z.string(),
  action: LinkAction,
  madeAt: Time,
  /** From then on it does nothing. */
  until: Time,
  /** Who acts by it at this moment. Should they die over it, it can be used again from `until` on. */
  held: z.object({ by: z.string(), until: Time }).nullable(),
  usedAt: Time.nullable(),
});
export type LinkRecord = z.infer<typeof LinkRecord>;

/** An alert in a service of PagerDuty: whoever acknowledges or resolves the incident tells that service, too. */
export const PagerdutyAlert = z.object({
  v: z.literal(1),
  generation: z.number().int(),
  /** Whose service it is: their id, and their name. */
  contact: z.string(),
  name: z.string(),
  /** The name of the parameter that holds its key; never the key. */
  parameter: z.string(),
  dedupKey: z.string().max(255),
  at: Time,
});
export type PagerdutyAlert = z.infer<typeof PagerdutyAlert>;

/** Who sends a page, and until when nobody else does: two who see the same page due must not both send it. */
const Sending = z.object({ owner: z.string(), until: Time });

/** A page that is due to one person, or a ticket that is due to a team: written before it is sent. */
export const Page = z.object({
  v: z.literal(1),
  generation: z.number().int(),
  /** Its place in the ladder; what is no rung of a ladder has a number of its own (`send-page.ts`). */
  rung: z.number().int(),
  role: z.string(),
  /** Tells pages of one rung apart, where there can be several. */
  about: z.string().optional(),
  /** The rungs that it climbs, by name, and how often the ladder had been climbed in vain before. Empty for what is no rung. */
  rungs: z.array(z.string()).default([]),
  round: z.number().int().default(0),
  /** `nobody`: nobody had the role at that moment. That is written down, and pages the next rung. */
  by: z.enum(['page', 'ticket', 'nobody', 'notice']).default('page'),
  /** Whom it is for; `null` where nobody is to be named: a ticket is a team's. */
  contact: z.object({ id: z.string(), name: z.string() }).nullable().default(null),
  dueAt: Time,
  sentAt: Time.nullable(),
  sending: Sending.nullable().default(null),
  /** It was sent, and nobody had confirmed to get it: as if nobody had the role. */
  undelivered: z.boolean().optional(),
  subject: z.string(),
  message: z.string(),
  /** Its first lines alone, for an SMS. */
  short: z.string().default(''),
  /** The OpsItem, where it is a ticket and has been written. */
  ticket: z.string().nullable().default(null),
});
export type Page = z.infer<typeof Page>;

/** The key of a page within its incident: for whom it is, or which role where nobody is named. */
export function pageKey({ generation, rung, role, contact, about }: Page): [number, number, string, string | undefined] {
  return [generation, rung, contact?.id ?? role, about];
}
