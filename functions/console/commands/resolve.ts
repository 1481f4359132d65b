import { Conflict } from '../../aws/table/items.ts';
import { lookNow } from '../../escalate/restart.ts';
import { tellAll } from '../../events/announce.ts';
import type { Actor } from '../../incident/actor.ts';
import { iso } from '../../incident/clock.ts';
import { executionName, type Incident, isAtWork, mayMove } from '../../incident/incident.ts';
import type { Surroundings } from '../../surroundings.ts';
import { endTheWaiting } from './end-the-waiting.ts';
import { askedBy, type IncidentCommand } from './given.ts';
import { knownIncident, mustBeLive } from './known.ts';

/** Signals that come just now are counted before the claim is let go; a storm must not keep a person from resolving. */
const MOST_TRIES = 100;

/**
 * A person says that it is over. That ends the automation too: a run under way stops before its next act, and pages nobody.
 *
 * The claim goes first: should this end half-way, a new alarm opens a new incident instead of being counted for one that is over.
 * What the sources say is not touched: a person's word makes no alarm clear.
 */
export const resolve: IncidentCommand<Incident> = (around) => async (id, given, proven) => {
  const { by: who, reason } = askedBy(given, proven);
  const again = (incident: Incident) => incident.status === 'resolved' && incident.resolvedBy.name === who.name;
  const found = await knownIncident(around, id);
  if (!again(found)) mustBeLive(found);
  const seen = await letGo(around, found);
  const at = iso(around.clock.now());
  let underWay = false;
  const incident = await around.store.incidents.change(id, (before) => {
    if (again(before)) return undefined;
    mustBeLive(before);
    underWay = before.automation === 'running';
    return mayMove(before.status, 'resolved') ? resolved(before, who, at, reason || 'Resolved by a person', seen) : undefined;
  });
  const how = 'resolution' in incident ? incident.resolution : reason;
  // From the record, not from the request: an attempt that did not live to tell it is told by the next.
  await tellAll(around, incident, {
    v: 1,
    type: 'resolved',
    at: incident.resolvedAt ?? at,
    key: 'resolved',
    by: who,
    how,
  });
  await endTheWaiting(around, id, who, `${who.name} has resolved the incident`);
  if (!underWay) await around.store.controls.release(incident.system, executionName(id, incident.run), at);
  await lookNow(around, incident, 'over');
  return incident;
};

function resolved(before: Incident, by: Actor, at: string, resolution: string, seen: number): Incident {
  const { resolvedAt: _none, ...rest } = before;
  return {
    ...rest,
    status: 'resolved',
    resolvedAt: at,
    resolvedBy: by,
    resolution,
    seen: Math.max(before.seen, seen),
    ...(isAtWork(before) && { automation: 'taken-over' as const, stop: before.stop ?? { at, by } }),
  };
}

/** @returns how many signals were counted for it */
async function letGo(around: Surroundings, { id, dedupKey, seen }: Incident): Promise<number> {
  for (let tries = 1; dedupKey; tries += 1) {
    const claim = await around.store.claims.get(dedupKey);
    if (claim?.incidentId !== id) break;
    try {
      await around.store.claims.release(claim, null);
      return claim.seen;
    } catch (error) {
      if (!(error instanceof Conflict) || tries === MOST_TRIES) throw error;
    }
  }
  return seen;
}
