import { startClimbing } from '../../escalate/restart.ts';
import { climbingOf } from '../../escalate/standing.ts';
import { iso } from '../../incident/clock.ts';
import type { Incident } from '../../incident/incident.ts';
import { beginGeneration, hurry } from '../../incident/ladder/generation.ts';
import { rungToWant } from '../../incident/ladder/next-rung.ts';
import type { Surroundings } from '../../surroundings.ts';
import { conflict } from '../rejected.ts';
import { askedBy, type IncidentCommand } from './given.ts';
import { knownIncident, mustBeLive } from './known.ts';

/**
 * A person wants the next of the ladder now, whoever has the incident: who has it keeps it, and is helped. Where everybody has been
 * asked as often as the ladder says, it begins again. Said again before that rung was paged, it is said once.
 */
export const escalateNow: IncidentCommand<Incident> = (around) => async (id, given, proven) => {
  const { by, reason } = askedBy(given, proven);
  await knownIncident(around, id);
  const records = await around.store.steps.everything(id);
  const at = iso(around.clock.now());
  const incident = await around.store.incidents.change(id, (before) => {
    mustBeLive(before);
    const climbing = climbingOf(around, before, records);
    if (!climbing)
      throw conflict('status', 'an incident that pages somebody', 'nobody is paged for this incident: hand it over to somebody');
    const { ladder, standing, ground } = climbing;
    const rung = rungToWant(ladder, standing, ground);
    const wanted = before.ladder?.hurried;
    if (!rung) return beginGeneration(before, at, `${by.name} asked for somebody once more`);
    if (wanted && wanted.rung === rung.rung && wanted.round === rung.round) return undefined;
    return hurry(before, { ...rung, at, by, reason });
  });
  await startClimbing(around, incident);
  await tell(around, incident);
  return incident;
};

/** From the record, not from the request: an attempt that did not live to tell it is told by the next. */
async function tell(around: Surroundings, { id, ladder }: Incident): Promise<void> {
  if (!ladder?.hurried || ladder.handed) return;
  const { at, by, reason } = ladder.hurried;
  await around.store.incidents.tell(id, { v: 1, type: 'hurried', at, key: 'hurried', by, reason });
}
