import { worse } from '../../runbooks/language/severity.ts';
import { iso } from '../incident/clock.ts';
import type { Incident } from '../incident/incident.ts';
import { stormInForce, stormScope } from '../incident/storm.ts';
import { type Surroundings, systemOf } from '../surroundings.ts';

/**
 * The storm whose page tells of this incident, so that it needs none of its own: it has been listed, or `watch` lists it within
 * minutes. One that is worse than all that were listed pages by itself, at once; so does one that a person asked for.
 * @returns since when; nothing where it pages by itself
 */
export async function stormThatLists(around: Surroundings, incident: Incident): Promise<string | undefined> {
  if (incident.origin !== 'signal') return undefined;
  const [setting] = await around.store.controls.modes([stormScope(incident.system)]);
  const since = stormInForce(setting, iso(around.clock.now()))?.at;
  if (since === undefined) return undefined;
  if (incident.storm?.listed) return since;
  const open = await around.store.incidents.open(() => undefined);
  const listed = open.filter((one) => one.system === incident.system && one.storm?.listed && one.storm.since === since);
  const { severities } = systemOf(around, incident.system);
  return listed.some(({ severity }) => !worse(severities, incident.severity, severity)) ? since : undefined;
}
