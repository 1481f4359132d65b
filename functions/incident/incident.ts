import * as z from 'zod';
import { Signal } from '../../runbooks/language/signal.ts';
import { Actor } from './actor.ts';
import { Override } from './override.ts';

const Time = z.iso.datetime();

/** What the automation is doing about it: beside the status, because a person may have acknowledged while it works. */
export const AutomationState = z.enum(['none', 'running', 'awaiting-approval', 'succeeded', 'escalated', 'taken-over']);
export type AutomationState = z.infer<typeof AutomationState>;

/** One execution of the runbook for an incident. */
export const Run = z.object({
  number: z.number().int().min(1),
  runbook: z.string(),
  execution: z.string(),
  startedAt: Time,
  by: Actor,
  reason: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  dryRun: z.boolean(),
  /** Set where the person who asked for it goes over a guard of the gate; `reason` says why. */
  override: z.array(Override).optional(),
  /** Set when the run is over, with how it ended. */
  endedAt: Time.optional(),
  ended: z.enum(['resolved', 'looked', 'rehearsed', 'escalated', 'interrupted']).optional(),
  why: z.string().optional(),
});
export type Run = z.infer<typeof Run>;

/**
 * One climb of the ladder (`runbooks/language/ladder.ts`). Each generation begins at its first rung; pages of an older one are sent
 * no more.
 */
export const Climb = z.object({
  /** From 1. */
  generation: z.number().int().min(1),
  /** When this generation began. */
  since: Time,
  /** Why: it opened, it was raised, an acknowledgement ran out, it fired again, it was handed over. A sentence. */
  why: z.string(),
  /** Which execution climbs it: one that a restart has lost, or that waits for what is no longer next, is followed by another. */
  attempt: z.number().int().min(1),
  /** Set where nobody needs to be paged any more, though it is not resolved: it has cleared, and a person closes it. */
  over: z.object({ at: Time, why: z.string() }).nullable().default(null),
  /** Its severity was lowered: what was due by then is behind it, because nobody is paged for that. */
  lowered: Time.nullable().default(null),
  /** A person wants this rung at once, and those before it: its name (`rungName`), and how often the ladder had been climbed in vain. */
  hurried: z
    .object({ at: Time, round: z.number().int().min(0), rung: z.string(), by: Actor, reason: z.string() })
    .nullable()
    .default(null),
  /** Set where this generation began because somebody handed it to a role. */
  handed: z.object({ to: z.string(), by: Actor, at: Time, reason: z.string() }).nullable().default(null),
});
export type Climb = z.infer<typeof Climb>;

const Common = z.object({
  v: z.literal(1),
  id: z.string().min(1),
  system: z.string(),
  alert: z.string(),
  target: z.string(),
  /** `null` where no runbook knows the alert: a person is paged all the same. */
  runbook: z.string().nullable(),
  title: z.string(),
  severity: z.string(),
  automation: AutomationState,
  /** How it began: by an alarm, by a run that a person or a schedule started, by a person who declared it, or as a rehearsal. */
  origin: z.enum(['signal', 'manual', 'scheduled', 'declared', 'rehearsal']),
  openedAt: Time,
  openedBy: Actor,
  /** How many signals spoke of it; while it is open the claim counts, and resolution copies the count here. */
  seen: z.number().int(),
  dedupKey: z.string().nullable(),
  /** The signal that opened it. */
  signal: Signal.nullable(),
  /** The number of the latest run, 0 when there was none. */
  run: z.number().int(),
  runs: z.record(z.string(), Run),
  /** A person asked the automation to stop; it takes effect before the next act. */
  stop: z.object({ at: Time, by: Actor }).nullable(),
  acknowledgedAt: Time.nullable(),
  acknowledgedBy: Actor.nullable(),
  /** When a person had it for the first time, and since when it had been open by then: that stays, whatever comes of it. */
  firstAcknowledged: z.object({ at: Time, since: Time }).nullable().default(null),
  /** When automation first asked a person before it went on. */
  askedAt: Time.nullable().default(null),
  /** Set where it came with many others: since when, and whether the page that lists them has told of it. */
  storm: z.object({ since: Time, listed: z.boolean() }).nullable().default(null),
  /** `null` where nobody is to be paged yet: a run by hand or by a schedule that works, or a rehearsal. */
  ladder: Climb.nullable().default(null),
  /** When the automation ended at a person, for the first time. */
  handedOverAt: Time.nullable().default(null),
  /** The role that has it first; `null` until the automation or a person has said so: then the runbook's. */
  responder: z.string().nullable().default(null),
  /** No rung before that time: a person has asked for quiet, and said who they are. */
  snoozed: z.object({ until: Time, by: Actor, at: Time }).nullable().default(null),
  /** When a person last said how bad it is, and what it was before. */
  rated: z.object({ from: z.string(), to: z.string(), by: Actor, at: Time, reason: z.string() }).nullable().default(null),
  /**
   * Set where it has fired again just after its end, and so was opened again: how often, when for the last time, and for which claim:
   * whoever meets that claim again finds it done.
   */
  reopened: z
    .object({ times: z.number().int().min(1), at: Time, claim: z.string() })
    .nullable()
    .default(null),
});

/**
 * An incident by its status, which only moves forward: `open` -> `acknowledged` -> `resolved` -> `closed` (`closed` is final).
 * Two edges lead back: an acknowledgement that has run out, and an alarm that fires again just after the resolution. A resolved
 * incident says when and by whom; an open one cannot.
 */
export const Incident = z.discriminatedUnion('status', [
  Common.extend({ status: z.literal('open'), resolvedAt: z.null() }),
  Common.extend({ status: z.literal('acknowledged'), resolvedAt: z.null(), acknowledgedAt: Time, acknowledgedBy: Actor }),
  Common.extend({ status: z.literal('resolved'), resolvedAt: Time, resolvedBy: Actor, resolution: z.string() }),
  Common.extend({
    status: z.literal('closed'),
    resolvedAt: Time,
    resolvedBy: Actor,
    resolution: z.string(),
    closedAt: Time,
    closedBy: Actor,
  }),
]);
export type Incident = z.infer<typeof Incident>;
export type Status = Incident['status'];

/** What is known of an incident when it begins; who it concerns and how bad it is stands there from the first write on. */
export type Beginning = Pick<
  Incident,
  'id' | 'system' | 'alert' | 'target' | 'runbook' | 'title' | 'severity' | 'origin' | 'openedAt' | 'openedBy'
> &
  Partial<Pick<Incident, 'seen' | 'dedupKey' | 'signal' | 'automation'>>;

/**
 * An incident as it is first written, however it began.
 * @param first its first run, where that is written down with it: then whoever finds the incident finds the run to start
 */
export function opened(beginning: Beginning, first?: Run): Incident {
  return {
    v: 1,
    status: 'open',
    automation: first ? 'running' : 'none',
    seen: 0,
    dedupKey: null,
    signal: null,
    run: first?.number ?? 0,
    runs: first ? { [String(first.number)]: first } : {},
    stop: null,
    storm: null,
    ladder: null,
    handedOverAt: null,
    responder: null,
    snoozed: null,
    rated: null,
    reopened: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    firstAcknowledged: null,
    askedAt: null,
    resolvedAt: null,
    ...beginning,
  };
}

const ORDER: readonly Status[] = ['open', 'acknowledged', 'resolved', 'closed'];

/** Whether an incident may move from one status to another: forward only. */
export function mayMove(from: Status, to: Status): boolean {
  return ORDER.indexOf(to) > ORDER.indexOf(from);
}

/** Whether it still needs somebody or something. */
export function isLive(incident: Pick<Incident, 'status'>): boolean {
  return incident.status === 'open' || incident.status === 'acknowledged';
}

/** Whether a run is under way, or waits for a person. */
export function isAtWork({ automation }: Pick<Incident, 'automation'>): boolean {
  return automation === 'running' || automation === 'awaiting-approval';
}

/** The run with that number. @throws {Error} when the incident has no such run */
export function runOf(incident: Incident, number: number): Run {
  const run = incident.runs[String(number)];
  if (!run) throw new Error(`incident ${incident.id} has no run ${number}`);
  return run;
}

/** The name of a run's execution. Started twice, it is the same execution. */
export function executionName(incidentId: string, run: number): string {
  return `${incidentId}-${run}`;
}
