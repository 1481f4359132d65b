import { iso } from '../../incident/clock.ts';
import { type Incident, isAtWork } from '../../incident/incident.ts';
import { conflict } from '../rejected.ts';
import { endTheWaiting } from './end-the-waiting.ts';
import { askedBy, type IncidentCommand } from './given.ts';
import { knownIncident, mustBeLive } from './known.ts';

/**
 * Stops the run that is under way, before its next act. It then ends at a person, because nothing has been proven well.
 * Said twice, it is said once.
 */
export const stop: IncidentCommand<Incident> = (around) => async (id, given, proven) => {
  const { by, reason } = askedBy(given, proven);
  await knownIncident(around, id);
  const asked = { at: iso(around.clock.now()), by };
  const incident = await around.store.incidents.change(id, (before) => {
    mustBeLive(before);
    if (before.stop) return undefined;
    if (!isAtWork(before))
      throw conflict('automation', 'a run that is under way', 'no run is under way: there is nothing to stop');
    return { ...before, stop: asked };
  });
  const { at, by: who } = incident.stop ?? asked;
  await around.store.incidents.tell(id, { v: 1, type: 'stop-asked', at, key: `stop-${incident.run}`, by: who, reason });
  await endTheWaiting(around, id, asked.by, 'the automation was asked to stop');
  return incident;
};
