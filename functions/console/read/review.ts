import { titleOf } from '../../../runbooks/language/system.ts';
import { earlierLikeIt } from '../../escalate/earlier.ts';
import type { Incident } from '../../incident/incident.ts';
import type { Review } from '../../incident/review.ts';
import { logUnreadable } from '../../log.ts';
import { documentOf, type ReviewDocument } from '../../review/document.ts';
import { factsOf } from '../../review/facts.ts';
import { type Surroundings, systemOf } from '../../surroundings.ts';
import { knownIncident } from '../commands/known.ts';
import { absent } from '../rejected.ts';

/** So many of those that are finished are listed. */
const LISTED = 100;

export interface WholeReview {
  incident: Incident;
  review: Review;
  document: ReviewDocument;
}

/**
 * A review with all that the records say of its incident, as they say it now.
 * @throws {Rejected} 404 where there is no such incident, or nobody has begun its review
 */
export async function wholeReview(around: Surroundings, id: string): Promise<WholeReview> {
  const incident = await knownIncident(around, id);
  const [events, { review, ...records }, earlier] = await Promise.all([
    around.store.incidents.timeline(incident.id),
    around.store.steps.everything(incident.id),
    earlierLikeIt(around, incident),
  ]);
  if (!review) throw absent('id', 'an incident whose review was begun', `nobody has begun a review of incident ${incident.id}`);
  const system = systemOf(around, incident.system);
  const alike = earlier.map(({ says }) => says);
  const facts = factsOf({ incident, events, ...records, earlier: alike }, system, review.answers);
  const owner = titleOf(system.roles, review.owner);
  return { incident, review, document: documentOf({ incident, system, owner, review, facts }) };
}

/** A review as a list shows it. */
export interface ReviewView {
  incidentId: string;
  system: string;
  title: string;
  severity: string;
  state: Review['state'];
  owner: string;
  due: string | null;
  finishedAt: string | null;
  version: number;
}

/** Those that are being written first, by when they are due; then the last that were finished, the latest first. */
export async function reviews(around: Surroundings): Promise<ReviewView[]> {
  const [open, finished] = await Promise.all([around.store.reviews.open(logUnreadable), around.store.reviews.finished(LISTED)]);
  return [...open, ...finished].map(reviewView);
}

function reviewView(review: Review): ReviewView {
  const { incidentId, system, title, severity, state, owner, due, version } = review;
  const finishedAt = review.state === 'finished' ? review.finishedAt : null;
  return { incidentId, system, title, severity, state, owner, due, finishedAt, version };
}
