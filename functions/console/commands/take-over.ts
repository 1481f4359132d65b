import { lookNow } from '../../escalate/restart.ts';
import { iso } from '../../incident/clock.ts';
import { executionName, type Incident } from '../../incident/incident.ts';
import { mayHaveAlerted } from '../../pagerduty/pagerduty.ts';
import { acknowledged, tellAcknowledged } from './acknowledge.ts';
import { endTheWaiting } from './end-the-waiting.ts';
import { askedBy, type IncidentCommand } from './given.ts';
import { knownIncident, mustBeLive } from './known.ts';

/**
 * A person takes the incident out of the automation's hands. What has begun on a host is finished; nothing new begins, and
 * nobody is paged about an incident that somebody has. A run that is under way lets go of the lock on its own way out: taken
 * from it earlier, another run could act beside its last act.
 */
export const takeOver: IncidentCommand<Incident> = (around) => async (id, given, proven) => {
  const { by, reason } = askedBy(given, proven);
  await knownIncident(around, id);
  const at = iso(around.clock.now());
  let underWay = false;
  const incident = await around.store.incidents.change(id, (before) => {
    mustBeLive(before);
    underWay = before.automation === 'running';
    if (before.automation === 'taken-over' && before.stop?.by.name === by.name) return undefined;
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
  await endTheWaiting(around, id, by, `${by.name} has taken the incident over`);
  if (!underWay) await around.store.controls.release(incident.system, executionName(id, incident.run), at);
  if (mayHaveAlerted(around, incident.system)) await lookNow(around, incident, 'acknowledged');
  return incident;
};
