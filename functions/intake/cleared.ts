import { Conflict } from '../aws/table/items.ts';
import { lookNow } from '../escalate/restart.ts';
import { tellAll } from '../events/announce.ts';
import { type Actor, monitoring } from '../incident/actor.ts';
import { allClear, type Claim } from '../incident/claim.ts';
import { iso } from '../incident/clock.ts';
import { type Incident, isLive } from '../incident/incident.ts';
import { endLadder } from '../incident/ladder/generation.ts';
import { heldBack } from '../incident/timeline.ts';
import { runbookOf, type Surroundings, systemOf } from '../surroundings.ts';

/**
 * What only looked has nothing to verify: once every source of its alarm is clear, its ladder ends. One of a severity that is reviewed
 * stays open for a person to close; any other is resolved. Where the automation did something, or tried and could not, a clear alarm
 * proves nothing, and its ladder goes on.
 *
 * The claim goes first: whoever dies in between leaves an incident that still pages, and a claim that says what is to be done.
 *
 * @param claim tied to the incident, or let go of by an earlier attempt
 * @returns whether this ended something
 */
export async function endByClearing(around: Surroundings, claim: Claim): Promise<boolean> {
  const id = claim.incidentId ?? claim.last;
  if (!id || !allClear(claim)) return false;
  const incident = await around.store.incidents.get(id);
  if (!incident || !isAtPerson(incident) || !(await onlyLooked(around, incident))) return false;
  if (claim.incidentId) {
    try {
      await around.store.claims.release(claim, null);
    } catch (error) {
      // It fires again at this moment.
      if (error instanceof Conflict) return false;
      throw error;
    }
  }
  return end(around, incident, claim);
}

/** Whether the automation has left it to people, of whom none has taken it over. */
function isAtPerson(incident: Incident): boolean {
  return isLive(incident) && incident.automation === 'escalated' && incident.origin === 'signal';
}

/** Whether all that its runs did was to look: because their runbooks do nothing else, or because the mode held them back. */
async function onlyLooked(around: Surroundings, { id, runs }: Incident): Promise<boolean> {
  const all = Object.values(runs);
  if (all.length === 0 || all.some(({ ended }) => ended !== 'escalated')) return false;
  const acting = all.filter(({ runbook }) => runbookOf(around, runbook).acts.length > 0);
  if (acting.length === 0) return true;
  const events = await around.store.incidents.timeline(id);
  const acts = await Promise.all(acting.map(({ number }) => around.store.steps.acts(id, number)));
  return acts.flat().length === 0 && acting.every(({ number }) => heldBack(events, number).length > 0);
}

/** @returns whether there was something left to end */
async function end(around: Surroundings, { id, system }: Incident, claim: Claim): Promise<boolean> {
  const at = iso(around.clock.now());
  const { severities } = systemOf(around, system);
  const by = monitoring(claim.sources.find(({ status }) => status === 'cleared')?.kind ?? 'monitoring');
  let ended = false;
  const incident = await around.store.incidents.change(id, (before) => {
    const reviewed = severities.find(({ name }) => name === before.severity)?.reviewed ?? true;
    ended = isAtPerson(before) && (!reviewed || before.ladder?.over === null);
    if (!ended) return undefined;
    return reviewed ? endLadder(before, at, REVIEWED) : resolved(before, by, at, Math.max(before.seen, claim.seen));
  });
  const base = { v: 1 as const, by };
  const over = incident.ladder?.over;
  if (incident.status === 'resolved' && incident.resolution === LOOKED) {
    await tellAll(around, incident, { ...base, type: 'resolved', at: incident.resolvedAt, key: 'resolved', how: LOOKED });
    await lookNow(around, incident, 'over');
  } else if (over?.why === REVIEWED)
    await around.store.incidents.tell(id, { ...base, type: 'ladder-ended', at: over.at, key: 'ladder-ended', why: REVIEWED });
  return ended;
}

const LOOKED = 'Its alarm has cleared, and automation only looked';
const REVIEWED = `${LOOKED}: a person closes it`;

function resolved(before: Incident, by: Actor, at: string, seen: number): Incident {
  const { resolvedAt: _none, ...rest } = before;
  return { ...rest, status: 'resolved', resolvedAt: at, resolvedBy: by, resolution: LOOKED, seen };
}
