import * as z from 'zod';
import { GateAnswer } from '../../runbooks/language/gate-answer.ts';
import { Actor } from './actor.ts';
import type { Incident } from './incident.ts';
import { Override } from './override.ts';

const Base = z.object({
  v: z.literal(1),
  /** When the transition happened: stored with the transition, never read from the clock again. ISO 8601 in UTC. */
  at: z.iso.datetime(),
  /** Made of the step and the transition, so that telling it twice is telling it once. */
  key: z.string().min(1),
  by: Actor,
});
const Of = Base.extend({ run: z.number().int(), pass: z.number().int(), step: z.string(), title: z.string(), host: z.string() });

/** What can be told of an incident. Append-only; some of it goes onto the event bus, too (`domain-event.ts`). */
export const TimelineEvent = z.discriminatedUnion('type', [
  Base.extend({
    type: z.literal('signal'),
    status: z.string(),
    source: z.string(),
    says: z.string(),
    value: z.number().optional(),
  }),
  Base.extend({ type: z.literal('opened'), severity: z.string(), runbook: z.string().nullable(), title: z.string() }),
  Base.extend({ type: z.literal('severity-raised'), from: z.string(), to: z.string(), reason: z.string().optional() }),
  Base.extend({ type: z.literal('severity-lowered'), from: z.string(), to: z.string(), reason: z.string() }),
  Base.extend({
    type: z.literal('run-started'),
    run: z.number().int(),
    runbook: z.string(),
    reason: z.string(),
    dryRun: z.boolean(),
    /** Set where a person goes over a guard of the gate, for the reason given. */
    override: z.array(Override).optional(),
  }),
  Base.extend({ type: z.literal('run-ended'), run: z.number().int(), ended: z.string(), why: z.string() }),
  Of.extend({
    type: z.literal('looked'),
    ok: z.boolean(),
    tookMs: z.number(),
    says: z.string(),
    evidence: z.string().nullable(),
  }),
  Of.extend({ type: z.literal('gate'), answer: GateAnswer, reasons: z.array(z.string()) }),
  Of.extend({
    type: z.literal('act-started'),
    because: z.string(),
    command: z.string(),
    parameters: z.record(z.string(), z.unknown()),
  }),
  Of.extend({
    type: z.literal('act-finished'),
    ok: z.boolean(),
    tookMs: z.number(),
    says: z.string(),
    evidence: z.string().nullable(),
  }),
  Of.extend({ type: z.literal('act-skipped'), why: z.string(), wouldHave: z.string().nullable() }),
  Of.extend({ type: z.literal('undo-asked'), reason: z.string() }),
  Of.extend({ type: z.literal('undone'), ok: z.boolean(), says: z.string() }),
  Of.extend({ type: z.literal('approval-asked'), approval: z.string(), question: z.string(), until: z.iso.datetime() }),
  Of.extend({ type: z.literal('approval-decided'), approval: z.string(), decision: z.string(), reason: z.string() }),
  Of.extend({ type: z.literal('checked'), good: z.number().int(), of: z.number().int(), says: z.string() }),
  Base.extend({
    type: z.literal('related'),
    incident: z.string(),
    title: z.string(),
    severity: z.string(),
    why: z.string(),
  }),
  Base.extend({ type: z.literal('acknowledged') }),
  /** Nobody has it any more: the time of the acknowledgement ran out, or where it was given it was taken back. */
  Base.extend({ type: z.literal('acknowledgement-ended'), why: z.string() }),
  Base.extend({ type: z.literal('resolved'), how: z.string() }),
  /** It fired again within its flap window. */
  Base.extend({ type: z.literal('reopened'), why: z.string() }),
  Base.extend({ type: z.literal('closed'), how: z.string() }),
  Base.extend({ type: z.literal('escalated'), why: z.string() }),
  Base.extend({
    type: z.literal('page-sent'),
    role: z.string(),
    /** Who was paged, by name; left out where a topic of operators was. */
    to: z.string().optional(),
    subject: z.string(),
    again: z.boolean(),
    /** Nobody was paged: somebody was told who has nothing to do for it. */
    notice: z.literal(true).optional(),
    /** How many pages went out to that person in one mail. */
    together: z.number().int().optional(),
  }),
  Base.extend({ type: z.literal('ticket-written'), role: z.string(), ticket: z.string(), subject: z.string() }),
  Base.extend({ type: z.literal('nobody-on-call'), role: z.string() }),
  Base.extend({ type: z.literal('ladder-began'), generation: z.number().int(), why: z.string() }),
  Base.extend({ type: z.literal('nobody-answered'), times: z.number().int() }),
  Base.extend({ type: z.literal('stop-asked'), reason: z.string() }),
  Base.extend({ type: z.literal('taken-over'), reason: z.string() }),
  /** `to` is a role, `title` what people call it. */
  Base.extend({ type: z.literal('handed-over'), to: z.string(), title: z.string(), reason: z.string() }),
  Base.extend({ type: z.literal('snoozed'), until: z.iso.datetime(), reason: z.string() }),
  Base.extend({ type: z.literal('ladder-ended'), why: z.string() }),
  /** Nobody is paged until then, because the system is worked on. */
  Base.extend({ type: z.literal('held-back'), until: z.iso.datetime() }),
  /** A person wants the next rung now. */
  Base.extend({ type: z.literal('hurried'), reason: z.string() }),
  Base.extend({ type: z.literal('note'), text: z.string() }),
  /** A person has begun to write what came of it; or has said that it is written. */
  Base.extend({ type: z.literal('review-begun') }),
  Base.extend({ type: z.literal('review-finished') }),
]);
export type TimelineEvent = z.infer<typeof TimelineEvent>;
export type EventType = TimelineEvent['type'];

/** How an incident began, from its record: an attempt that did not live to tell it is told by the next. */
export function openedEvent({
  openedAt: at,
  openedBy: by,
  severity,
  runbook,
  title,
}: Pick<Incident, 'openedAt' | 'openedBy' | 'severity' | 'runbook' | 'title'>): TimelineEvent {
  return { v: 1, type: 'opened', at, key: 'opened', by, severity, runbook, title };
}

/** What a run would have done, had only the mode or the rehearsal not held it back: once for each act and host. */
export function heldBack(events: readonly TimelineEvent[], run: number): { title: string; host: string; wouldHave: string }[] {
  const held = events.flatMap((event) =>
    event.type === 'act-skipped' && event.run === run && event.wouldHave ? [{ ...event, wouldHave: event.wouldHave }] : [],
  );
  return [...new Map(held.map((event) => [`${event.step}@${event.host}`, event])).values()];
}
