import type { Incident } from '../incident.ts';

/**
 * The incident with its ladder at the first rung of a new generation. Whoever is paged by it has not answered yet, so that an
 * acknowledgement of the generation before it holds no longer; nor does a request for quiet.
 *
 * @param at ISO time; @param why a sentence, for the pages and the timeline
 */
export function beginGeneration<I extends Incident>(incident: I, at: string, why: string): Incident {
  const generation = (incident.ladder?.generation ?? 0) + 1;
  const fresh = { ladder: { generation, since: at, why, attempt: 1, over: null }, snoozed: null };
  if (incident.status !== 'open' && incident.status !== 'acknowledged') return { ...incident, ...fresh };
  return { ...incident, ...fresh, status: 'open', acknowledgedAt: null, acknowledgedBy: null };
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
