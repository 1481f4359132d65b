import * as z from 'zod';
import { milliseconds } from '../../runbooks/language/duration.ts';
import type { ReviewRule } from '../../runbooks/language/system.ts';
import { Actor } from './actor.ts';
import { after } from './clock.ts';
import type { Incident } from './incident.ts';

const Time = z.iso.datetime();

/** What both systems' pages ask for under action items: SIRA by these names, Save-It as what prevents a recurrence. */
export const ACTION_KINDS = ['preventive', 'monitoring', 'documentation', 'process'] as const;

/** Something that somebody will do, until a day. */
export const ActionItem = z.strictObject({
  what: z.string().min(1),
  kind: z.enum(ACTION_KINDS),
  /** A person, or a team. */
  owner: z.string().min(1),
  /** `2026-10-12`, by the end of that day. */
  due: z.iso.date(),
});
export type ActionItem = z.infer<typeof ActionItem>;

/** What no record can tell, in a person's words; an empty text where nobody has answered. */
export const Answers = z.strictObject({
  /** What happened, for somebody who was not there. */
  summary: z.string(),
  impact: z.string(),
  /** Since when users felt it, and until when, where that is not what the alarms say. */
  feltFrom: Time.nullable(),
  feltUntil: Time.nullable(),
  rootCause: z.string(),
  whyNotSooner: z.string(),
  whatSlowed: z.string(),
  resolution: z.string(),
  actions: z.array(ActionItem),
  learnings: z.string(),
  briefing: z.string(),
  runbookLines: z.string(),
});
export type Answers = z.infer<typeof Answers>;

export const NO_ANSWERS: Answers = {
  summary: '',
  impact: '',
  feltFrom: null,
  feltUntil: null,
  rootCause: '',
  whyNotSooner: '',
  whatSlowed: '',
  resolution: '',
  actions: [],
  learnings: '',
  briefing: '',
  runbookLines: '',
};

const Common = z.object({
  v: z.literal(1),
  incidentId: z.string().min(1),
  /** The incident's own, by which a list of reviews can be read without it. */
  system: z.string(),
  title: z.string(),
  severity: z.string(),
  begunAt: Time,
  begunBy: Actor,
  /** The role that writes it. */
  owner: z.string(),
  /** Until when; `null` while the incident is not over. */
  due: Time.nullable(),
  /** The end of the incident from which `due` was counted: one that opens again ends later. */
  countedFrom: Time.nullable(),
  /** Who set another day than the system's rule says. */
  dueBy: Actor.nullable(),
  answers: Answers,
  /** Counts what was written, from 1: who has read an older one does not write over a newer. */
  version: z.number().int().min(1),
  editedAt: Time,
  editedBy: Actor,
});

/** A review by its state. A finished one says when and by whom; nobody is reminded of it. */
export const Review = z.discriminatedUnion('state', [
  Common.extend({ state: z.literal('draft') }),
  Common.extend({ state: z.literal('finished'), finishedAt: Time, finishedBy: Actor }),
]);
export type Review = z.infer<typeof Review>;

/** What of an incident its review begins with. */
export type Reviewed = Pick<Incident, 'id' | 'system' | 'title' | 'severity' | 'resolvedAt'>;

/** A review with nothing in it but what the incident says. */
export function begun(incident: Reviewed, rule: ReviewRule, at: string, by: Actor): Review {
  const { id: incidentId, system, title, severity, resolvedAt } = incident;
  return {
    v: 1,
    state: 'draft',
    incidentId,
    system,
    title,
    severity,
    begunAt: at,
    begunBy: by,
    owner: rule.owner,
    due: dueAfter(resolvedAt, rule),
    countedFrom: resolvedAt,
    dueBy: null,
    answers: NO_ANSWERS,
    version: 1,
    editedAt: at,
    editedBy: by,
  };
}

const dueAfter = (resolvedAt: string | null, { dueWithin }: ReviewRule) =>
  resolvedAt === null ? null : after(resolvedAt, milliseconds(dueWithin));

/**
 * The review with the day that follows from the incident's end, where the incident has ended since, or has opened again.
 * A day that a person has set stays. It is no version of its own: nothing of it is anybody's words, and whoever writes meanwhile need
 * not read it first.
 * @returns nothing where it is so already
 */
export function broughtUp(review: Review, { resolvedAt, severity, title }: Reviewed, rule: ReviewRule): Review | undefined {
  const same = review.countedFrom === resolvedAt && review.severity === severity && review.title === title;
  if (same || review.state === 'finished') return undefined;
  const due = review.dueBy ? review.due : dueAfter(resolvedAt, rule);
  return { ...review, severity, title, due, countedFrom: resolvedAt };
}

/** The parts of a review that stay open until somebody answers them. */
export type Question = Exclude<keyof Answers, 'feltFrom' | 'feltUntil'>;

/**
 * What both pages ask, and nobody has answered. What was done is told by the records, where the automation mended it; where a person did,
 * only they can tell.
 */
export function openQuestions(answers: Answers, incident: Incident): Question[] {
  const isMended = 'resolvedBy' in incident && incident.resolvedBy.kind === 'automation';
  const asked: readonly Question[] = [
    'summary',
    'impact',
    'rootCause',
    'whyNotSooner',
    'whatSlowed',
    ...(isMended ? [] : (['resolution'] as const)),
    'actions',
    'learnings',
    'briefing',
    'runbookLines',
  ];
  return asked.filter((question) => answers[question].length === 0);
}

/** What is due of a review to its owner, or to whoever is above them. */
export type ReviewNotice = 'reminder' | 'overdue';

/** Which notice a review is due for at that time, or none. Where it is over its day, the reminder has no use any more. */
export function noticeDue({ state, due }: Pick<Review, 'state' | 'due'>, rule: ReviewRule, now: string): ReviewNotice | null {
  if (state === 'finished' || due === null) return null;
  if (now >= due) return 'overdue';
  return now >= after(due, -milliseconds(rule.remind)) ? 'reminder' : null;
}
