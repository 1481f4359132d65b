import { milliseconds } from '../../runbooks/language/duration.ts';
import { reviewRuleOf } from '../../runbooks/language/system.ts';
import { Conflict } from '../aws/table/items.ts';
import { automation } from '../incident/actor.ts';
import { after, between, iso } from '../incident/clock.ts';
import type { Incident } from '../incident/incident.ts';
import { broughtUp, type Review } from '../incident/review.ts';
import { beginFor, tellBegun } from '../review/begin.ts';
import { remind } from '../review/remind.ts';
import { isReviewed } from '../review/reviewable.ts';
import { systemOf } from '../surroundings.ts';
import type { Round } from './round.ts';

/** What ended longer ago had its review begun by one of the rounds since. An auditor that stands still for two days is itself an alarm. */
const LOOK_BACK_MS = milliseconds('2d');
/** So long each round tells again that a review was begun: a write for nothing in each of five. */
const TELL_AGAIN_MS = milliseconds('15m');

/**
 * Each incident that is reviewed has a review once it is over, with the day on which it is due; and who has to write it, or should have,
 * is told of it. Nothing of that mends anything: nobody else was to begin it.
 */
export async function reviews(round: Round): Promise<void> {
  const { around, each, unreadable } = round;
  const since = after(iso(around.clock.now()), -LOOK_BACK_MS);
  // Of a system that is registered no more nobody is reminded: it must not keep the rest from being looked at.
  const systemFor = (id: string) => around.systems.find((known) => known.id === id);
  const ended = (await around.store.incidents.endedSince(since, unreadable)).filter((incident) => {
    const system = systemFor(incident.system);
    return system !== undefined && isReviewed(incident, system);
  });
  const known = await around.store.reviews.among(
    ended.map(({ id }) => id),
    unreadable,
  );
  await each(
    ended,
    ({ id }) => `the review of ${id}`,
    (incident) =>
      kept(
        round,
        incident,
        known.find(({ incidentId }) => incidentId === incident.id),
      ),
  );
  await each(
    (await around.store.reviews.open(unreadable)).filter(({ system }) => systemFor(system) !== undefined),
    ({ incidentId }) => `reminders of the review of ${incidentId}`,
    async (review) => {
      const incident = review.due === null ? await around.store.incidents.get(review.incidentId) : undefined;
      if (incident) await kept(round, incident, review);
      await remind(around, review);
    },
  );
}

/** Begun, or its day brought up to the end of the incident. Whoever writes to it in the same moment has theirs: the next round looks again. */
async function kept({ around }: Round, incident: Incident, review: Review | undefined): Promise<void> {
  const rule = reviewRuleOf(systemOf(around, incident.system));
  if (!review) {
    await beginFor(around, incident, automation);
    return;
  }
  // Whoever began it may have died before they told it.
  if (between(review.begunAt, iso(around.clock.now())) < TELL_AGAIN_MS) await tellBegun(around, review);
  const next = broughtUp(review, incident, rule);
  if (!next) return;
  try {
    await around.store.reviews.save(next, review.version);
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
  }
}
