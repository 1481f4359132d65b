import { worse } from '../../runbooks/language/severity.ts';
import { iso } from '../incident/clock.ts';
import type { Incident } from '../incident/incident.ts';
import { isOfStorm, isOlder, standsForAll, stormInForce, stormScope } from '../incident/storm.ts';
import { type Surroundings, systemOf } from '../surroundings.ts';

/**
 * The storm whose page tells of this incident, so that it needs none of its own: it has been listed, or `watch` lists it within
 * minutes. Of those that are listed one goes on with its ladder, for all of them. One that is worse than all that came before it
 * pages by itself, at once; so does one that a person asked for.
 * @returns since when; nothing where it pages by itself
 */
export async function stormThatLists(around: Surroundings, incident: Incident): Promise<string | undefined> {
  if (incident.origin !== 'signal') return undefined;
  const [setting] = await around.store.controls.modes([stormScope(incident.system)]);
  const since = stormInForce(setting, iso(around.clock.now()))?.at;
  if (since === undefined) return undefined;
  const open = (await around.store.incidents.open(() => undefined)).filter(
    ({ system, origin }) => system === incident.system && origin === 'signal',
  );
  const { severities } = systemOf(around, incident.system);
  const mine = incident.storm;
  if (mine?.listed) {
    const listed = open.filter(({ storm }) => storm?.listed && storm.since === mine.since);
    return standsForAll(listed, severities)?.id === incident.id ? undefined : since;
  }
  const before = open.filter((one) => isOfStorm(one, since) && (one.storm !== null || isOlder(one, incident)));
  return before.some(({ severity }) => !worse(severities, incident.severity, severity)) ? since : undefined;
}
