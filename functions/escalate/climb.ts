import { milliseconds, spoken } from '../../runbooks/language/duration.ts';
import { tellAll } from '../events/announce.ts';
import { automation } from '../incident/actor.ts';
import { iso } from '../incident/clock.ts';
import { type Climb, type Incident, isLive } from '../incident/incident.ts';
import { beginGeneration, endLadder } from '../incident/ladder/generation.ts';
import { acknowledgementEnds, dueTogether, isExhausted } from '../incident/ladder/next-rung.ts';
import type { Page } from '../incident/records.ts';
import { UNANSWERED } from '../incident/rungs.ts';
import { LEFT_TO_STORM } from '../incident/storm.ts';
import { heldByMaintenance } from '../intake/maintained.ts';
import { asError, log } from '../log.ts';
import { tellPagerduty } from '../pagerduty/pagerduty.ts';
import type { Surroundings } from '../surroundings.ts';
import { tellAskers } from './asker-page.ts';
import { deliver } from './deliver.ts';
import { startExecution } from './execution.ts';
import { closeElsewhere } from './over.ts';
import { SENDING_MS } from './pace.ts';
import { pagesOf } from './rung-page.ts';
import { type Climbing, climbingOf, nextOf } from './standing.ts';
import { stormThatLists } from './storm.ts';
import { unansweredPage } from './unanswered-page.ts';

/** A look at a ladder: when the next is due, ISO; `null` where nobody is left to page. */
export interface Look {
  next: string | null;
}

/** A generation of a ladder, and the attempt at it. */
type Of = Pick<Climb, 'generation' | 'attempt'>;

/** More pages than any ladder has at one moment: a mistake in it must not page for ever. */
const MOST_AT_ONCE = 50;

/**
 * Sends every page of an incident's ladder that is due, and says when the next is. The incident is read again before each rung, so
 * that an acknowledgement stops the rungs behind it in the same second. Looked at twice, by whomever, each page goes out once.
 *
 * @param owner who looks: an execution's name, or `watch`
 * @param of what the execution climbs: one that another has followed has nobody to page; attempt 0 only tells of it elsewhere
 * @throws what kept a page from going out; what was sent before it stays sent
 */
export async function climb(around: Surroundings, incidentId: string, owner: string, of?: Of): Promise<Look> {
  for (let sent = 0; sent < MOST_AT_ONCE; sent += 1) {
    const incident = await around.store.incidents.get(incidentId);
    if (!incident) throw new Error(`there is no incident ${incidentId}`);
    const records = await around.store.steps.everything(incidentId);
    if (!isLive(incident)) {
      await closeElsewhere(around, incident, records.pages);
      return { next: null };
    }
    if (of?.attempt === 0) {
      await tellPagerduty(around, incident);
      return { next: null };
    }
    const climbing = climbingOf(around, incident, records);
    if (!climbing || (of && isAnother(of, incident))) return { next: null };
    const now = iso(around.clock.now());
    const ends = acknowledgementEnds(climbing.ladder, climbing.standing);
    const due = nextOf(climbing);
    if ((ends !== null && ends <= now) || (due && due.at <= now)) {
      const held = await heldByMaintenance(around, incident);
      if (held !== null) {
        // A maintenance holds back what an alarm pages for. Whoever asked for something hears what came of it.
        await tellAskers(around, incident, { climbing, records, owner });
        return holdBack(around, incident, due?.at ?? ends ?? now, held);
      }
    }
    await tellAskers(around, incident, { climbing, records, owner, ...(due && due.at <= now && { paged: due }) });
    if (ends !== null && ends <= now) {
      await comesBack(around, incident, climbing, ends);
      continue;
    }
    if (!due) {
      if (isExhausted(climbing.ladder, climbing.standing, climbing.ground))
        await nobodyAnswered(around, incident, climbing, records.pages, owner);
      return { next: ends };
    }
    if (due.at > now) return { next: ends !== null && ends < due.at ? ends : due.at };
    const storm = await stormThatLists(around, incident);
    if (storm !== undefined) {
      await leaveToStorm(around, incidentId, storm, now);
      return { next: null };
    }
    const together = dueTogether(climbing.ladder, climbing.standing, climbing.ground, now);
    const pages = await pagesOf(around, incident, together, climbing, records);
    const delivered = await deliver(around, incident, pages, owner);
    // Another sender is at it: should it not have lived, this page is anybody's by then.
    if (delivered.includes('theirs')) return { next: iso(new Date(Date.parse(now) + SENDING_MS)) };
  }
  throw new Error(`the ladder of ${incidentId} has more than ${MOST_AT_ONCE} pages due at once`);
}

function isAnother({ generation, attempt }: Of, { ladder }: Incident): boolean {
  return ladder?.generation !== generation || ladder.attempt !== attempt;
}

/** What is due is due at the end of the maintenance: nothing of it is lost, and the incident says why nobody was paged. */
async function holdBack(around: Surroundings, { id }: Incident, at: string, until: string): Promise<Look> {
  await around.store.incidents.tell(id, { v: 1, type: 'held-back', at, key: `held-back-${until}`, by: automation, until });
  return { next: until };
}

/** Somebody took it, and it is not resolved: everybody is asked again, beginning with the first. */
async function comesBack(around: Surroundings, incident: Incident, { ladder }: Climbing, at: string): Promise<void> {
  const by = incident.acknowledgedBy?.name ?? 'Somebody';
  const why = incident.snoozed
    ? `${by} had it until now, and it is not resolved: the quiet that ${incident.snoozed.by.name} asked for is over`
    : `${by} acknowledged it, and it is not resolved ${spoken(milliseconds(ladder.acknowledged))} later`;
  const after = await around.store.incidents.change(incident.id, (one) =>
    // Whoever has acknowledged it anew meanwhile, or has asked for more time, has it.
    one.status === 'acknowledged' &&
    one.acknowledgedAt === incident.acknowledgedAt &&
    one.snoozed?.until === incident.snoozed?.until
      ? beginGeneration(one, at, why)
      : undefined,
  );
  if (!after.ladder || after.ladder.generation === incident.ladder?.generation) return;
  await tellBegan(around, after);
  await tellAll(around, after, {
    v: 1,
    type: 'acknowledgement-ended',
    at,
    key: `acknowledgement-ended-${at}`,
    by: automation,
    why,
  });
  // What is due goes out from here in any case; should nothing wait for what comes then, `watch` sees to it.
  await startExecution(around, after).catch((error: unknown) =>
    log.error('the next generation has no execution', asError(error)),
  );
}

/** From the record, so that whoever did not live to tell it is followed by one who does. */
export async function tellBegan(around: Surroundings, { id, ladder }: Incident): Promise<void> {
  if (!ladder) return;
  const { generation, since: at, why } = ladder;
  await around.store.incidents.tell(id, {
    v: 1,
    type: 'ladder-began',
    at,
    key: `ladder-${generation}`,
    by: automation,
    generation,
    why,
  });
}

/** Everybody was paged, as often as the ladder says: whoever runs Firebreak is the last who can still find somebody. */
async function nobodyAnswered(
  around: Surroundings,
  incident: Incident,
  climbing: Climbing,
  pages: readonly Page[],
  owner: string,
): Promise<void> {
  const page = unansweredPage(around, incident, climbing, pages);
  const [how] = await deliver(around, incident, [page], owner);
  if (how === 'sent') log.warn('nobody answered', { incidentId: incident.id, rung: UNANSWERED });
}

async function leaveToStorm(around: Surroundings, incidentId: string, since: string, at: string): Promise<void> {
  await around.store.incidents.change(incidentId, (one) => {
    const storm = one.storm ?? { since, listed: false };
    return endLadder({ ...one, storm }, at, LEFT_TO_STORM);
  });
}
