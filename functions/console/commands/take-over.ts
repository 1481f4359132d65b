import { person } from '../../incident/actor.ts';
import { iso } from '../../incident/clock.ts';
import { executionName, type Incident } from '../../incident/incident.ts';
import { checked } from '../rejected.ts';
import { acknowledged, tellAcknowledged } from './acknowledge.ts';
import { endTheWaiting } from './end-the-waiting.ts';
import { type IncidentCommand, Transition } from './given.ts';
import { knownIncident, mustBeLive } from './known.ts';

/**
 * A person takes the incident out of the automation's hands. What has begun on a host is finished; nothing new begins, and
 * nobody is paged about an incident that somebody has. A run that is under way lets go of the lock on its own way out: taken
 * from it earlier, another run could act beside its last act.
 */
export const takeOver: IncidentCommand<Incident> = (around) => async (id, given) => {
  const { by: name, reason } = checked(Transition, given);
  await knownIncident(around, id);
  const [at, by] = [iso(around.clock.now()), person(name)];
  let underWay = false;
  const incident = await around.store.incidents.change(id, (before) => {
    mustBeLive(before);
    underWay = before.automation === 'running';
    if (before.automation === 'taken-over' && before.stop?.by.name === name) return undefined;
    return { ...acknowledged(before, by, at), automation: 'taken-over', stop: { at, by } };
  });
  await tellAcknowledged(around, incident);
  await around.store.incidents.tell(id, {
    v: 1,
    type: 'taken-over',
    at: incident.stop?.at ?? at,
    key: 'taken-over',
    by: incident.stop?.by ?? by,
    reason,
  });
  await endTheWaiting(around, id, by, `${name} has taken the incident over`);
  if (!underWay) await around.store.controls.release(incident.system, executionName(id, incident.run), at);
  return incident;
};
