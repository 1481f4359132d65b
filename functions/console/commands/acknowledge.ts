import { lookNow } from '../../escalate/restart.ts';
import { tellAll } from '../../events/announce.ts';
import type { Actor } from '../../incident/actor.ts';
import { iso } from '../../incident/clock.ts';
import type { Incident } from '../../incident/incident.ts';
import { mayHaveAlerted } from '../../pagerduty/pagerduty.ts';
import type { Surroundings } from '../../surroundings.ts';
import { askedBy, type IncidentCommand } from './given.ts';
import { knownIncident, mustBeLive } from './known.ts';

/** A person has it. Said twice, the first one has it, and the second reads who that is. */
export const acknowledge: IncidentCommand<Incident> = (around) => async (id, given, proven) => {
  const { by } = askedBy(given, proven);
  await knownIncident(around, id);
  const at = iso(around.clock.now());
  const incident = await around.store.incidents.change(id, (before) => {
    mustBeLive(before);
    return before.status === 'open' ? acknowledged(before, by, at) : undefined;
  });
  await tellAcknowledged(around, incident);
  if (mayHaveAlerted(around, incident.system)) await lookNow(around, incident, 'acknowledged');
  return incident;
};

/** An open incident as somebody has it; one that somebody has already stays as it is. */
export function acknowledged(before: Incident, by: Actor, at: string): Incident {
  if (before.status !== 'open') return before;
  const firstAcknowledged = before.firstAcknowledged ?? { at, since: before.reopened?.at ?? before.openedAt };
  return { ...before, status: 'acknowledged', acknowledgedAt: at, acknowledgedBy: by, firstAcknowledged };
}

/** From the record, not from the request: an attempt that did not live to tell it is told by the next. */
export async function tellAcknowledged(around: Surroundings, incident: Incident): Promise<void> {
  const { acknowledgedAt: at, acknowledgedBy: by } = incident;
  if (at && by) await tellAll(around, incident, { v: 1, type: 'acknowledged', at, key: 'acknowledged', by });
}
