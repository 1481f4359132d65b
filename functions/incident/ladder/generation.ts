import type { Climb, Incident } from '../incident.ts';

/**
 * The incident with its ladder at the first rung of a new generation. Whoever is paged by it has not answered yet, so that an
 * acknowledgement of the generation before it holds no longer; nor does a request for quiet.
 *
 * @param at ISO time; @param why a sentence, for the pages and the timeline
 */
export function beginGeneration<I extends Incident>(incident: I, at: string, why: string): Incident {
  const fresh = { ladder: climbFrom(incident, at, why), snoozed: null };
  if (incident.status !== 'open' && incident.status !== 'acknowledged') return { ...incident, ...fresh };
  return { ...incident, ...fresh, status: 'open', acknowledgedAt: null, acknowledgedBy: null };
}

/** A worse severity's ladder begins at once; where nobody is to be paged yet, it is what will begin. */
export function raiseGeneration<I extends Incident>(incident: I, at: string, why: string): Incident {
  return incident.ladder ? beginGeneration(incident, at, why) : incident;
}

/**
 * A person gives it to another role, which begins a generation of its own.
 * @param first that role's first rung, which is due at once, whatever the automation is doing
 */
export function handOn(
  incident: Incident,
  handed: NonNullable<Climb['handed']>,
  title: string,
  first: { round: number; rung: string } | null,
): Incident {
  const next = beginGeneration(incident, handed.at, `${handed.by.name} handed it over to ${title}`);
  const hurried = first && { ...first, at: handed.at, by: handed.by, reason: handed.reason };
  return { ...next, responder: handed.to, ladder: next.ladder && { ...next.ladder, handed, hurried } };
}

/** A person wants a rung now: another execution climbs, because the one before it waits for what was next. */
export function hurry<I extends Incident>(incident: I, hurried: NonNullable<Climb['hurried']>): I {
  const { ladder } = incident;
  return nextAttempt(ladder ? { ...incident, ladder: { ...ladder, hurried } } : incident);
}

/**
 * A milder severity's ladder goes on from where this one stands: it counts from the same moment, whoever has the incident still has
 * it, and what was due by now pages nobody. Places are the new ladder's own, so it is a generation of its own.
 */
export function lowerGeneration<I extends Incident>(incident: I, at: string, why: string): I {
  const { ladder } = incident;
  if (!ladder || ladder.over) return incident;
  return { ...incident, ladder: { ...climbFrom(incident, ladder.since, why), lowered: at, handed: ladder.handed } };
}

function climbFrom({ ladder }: Pick<Incident, 'ladder'>, since: string, why: string): Climb {
  const generation = (ladder?.generation ?? 0) + 1;
  return { generation, since, why, attempt: 1, over: null, lowered: null, hurried: null, handed: null };
}

/** The same generation, climbed by another execution: the one before it ends at its next look. */
export function nextAttempt<I extends Incident>(incident: I): I {
  const { ladder } = incident;
  return ladder ? { ...incident, ladder: { ...ladder, attempt: ladder.attempt + 1 } } : incident;
}

/** Nobody needs to be paged any more, though a person has still to close it. */
export function endLadder<I extends Incident>(incident: I, at: string, why: string): I {
  const { ladder } = incident;
  return ladder && !ladder.over ? { ...incident, ladder: { ...ladder, over: { at, why } } } : incident;
}
