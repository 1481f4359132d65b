import { reviewRuleOf } from '../../runbooks/language/system.ts';
import type { Actor } from '../incident/actor.ts';
import { iso } from '../incident/clock.ts';
import type { Incident } from '../incident/incident.ts';
import { begun, type Review } from '../incident/review.ts';
import { type Surroundings, systemOf } from '../surroundings.ts';

/**
 * Begins the review of an incident and tells the story of it, whoever begins it: a person, or the auditor. Begun twice it is begun once,
 * and told by the one who did.
 */
export async function beginFor(around: Surroundings, incident: Incident, by: Actor): Promise<Review> {
  const review = begun(incident, reviewRuleOf(systemOf(around, incident.system)), iso(around.clock.now()), by);
  if (!(await around.store.reviews.begin(review))) return (await around.store.reviews.get(incident.id)) ?? review;
  await tellBegun(around, review);
  return review;
}

/** Told by what the review itself says, so that told again it is told once. */
export async function tellBegun(around: Surroundings, { incidentId, begunAt, begunBy }: Review): Promise<void> {
  await around.store.incidents.tell(incidentId, { v: 1, type: 'review-begun', at: begunAt, key: 'review-begun-1', by: begunBy });
}
