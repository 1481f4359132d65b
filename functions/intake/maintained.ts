import { partsOfKey } from '../../runbooks/language/signal.ts';
import type { Claim } from '../incident/claim.ts';
import { iso } from '../incident/clock.ts';
import type { Incident } from '../incident/incident.ts';
import { coveredUntil, covering } from '../incident/maintenance.ts';
import type { Surroundings } from '../surroundings.ts';

/**
 * An alarm that is worked on opens nothing: its claim is put aside, where it counts what comes and keeps what its sources say, until
 * the window is over and `watch` opens what still fires. One that has its incident already is left as it is.
 *
 * @returns whether it was put aside
 */
export async function putAside(around: Surroundings, claim: Claim): Promise<boolean> {
  const { system, alert, target } = partsOfKey(claim.dedupKey);
  const [window] = covering(await around.store.maintenances.of(system), { alert, target }, iso(around.clock.now()));
  if (!window) return false;
  if (claim.incidentId && (await around.store.incidents.get(claim.incidentId))) return false;
  return around.store.maintenances.putAside(claim, window.id);
}

/**
 * Until when nobody is paged for an incident because it is worked on. What a person declares is for people, whatever is worked on.
 * @returns `null` where nothing holds its pages back
 */
export async function heldByMaintenance(
  around: Pick<Surroundings, 'store' | 'clock'>,
  incident: Pick<Incident, 'system' | 'alert' | 'target' | 'origin'>,
): Promise<string | null> {
  if (incident.origin === 'declared') return null;
  return coveredUntil(await around.store.maintenances.of(incident.system), incident, iso(around.clock.now()));
}
