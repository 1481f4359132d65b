import { Conflict } from '../aws/table/items.ts';
import { pageOfStorm } from '../escalate/storm-page.ts';
import { automation } from '../incident/actor.ts';
import { after, iso } from '../incident/clock.ts';
import { actsInWindow } from '../incident/control.ts';
import { type Incident, isLive } from '../incident/incident.ts';
import { tellRelated } from '../incident/related.ts';
import { isLifted, STORM, stormInForce, stormScope } from '../incident/storm.ts';
import { log } from '../log.ts';
import type { Surroundings } from '../surroundings.ts';

/** Somebody may count another incident at the same moment: then what is counted is looked at again. */
const MOST_TRIES = 8;
/** Links to more incidents than these help nobody. */
const MOST_RELATED = 10;

/**
 * What else is wrong with the system while an incident opens: those that are open already and the new one are told of each other,
 * and where there are too many at once, automation only looks from here on and one page lists them.
 * Repeated for the same incident it tells, counts and pages nothing twice.
 */
export async function seeTogether(around: Surroundings, incident: Incident): Promise<void> {
  const all = (await around.store.incidents.open((...what) => log.warn('unreadable', { what })))
    .filter(({ system, origin }) => system === incident.system && origin !== 'rehearsal' && origin !== 'scheduled')
    .sort((a, b) => a.openedAt.localeCompare(b.openedAt));
  const others = all.filter(({ id }) => id !== incident.id);
  await tellRelated(around.store.incidents, incident, others.slice(-MOST_RELATED));
  if ((await counted(around, incident)) <= STORM.more) return;
  await stormy(around, incident, [...others, incident]);
}

/** How many incidents the system has had within the window, this one among them. */
async function counted(around: Surroundings, { system, id, openedAt }: Incident): Promise<number> {
  const name = { system, ...STORM.counted };
  for (let tries = 1; ; tries += 1) {
    const seen = await around.store.controls.breaker(name);
    const kept = actsInWindow(seen, STORM.within, iso(around.clock.now()));
    if (kept.some(({ key }) => key === id)) return kept.length;
    try {
      await around.store.controls.count(name, id, openedAt, seen, kept);
      return kept.length + 1;
    } catch (error) {
      if (!(error instanceof Conflict) || tries === MOST_TRIES) throw error;
    }
  }
}

/** Automation only looks from now on. The page is sent where it begins; those that come after it are `watch`'s to list. */
async function stormy(around: Surroundings, { system }: Incident, open: readonly Incident[]): Promise<void> {
  const now = iso(around.clock.now());
  const scope = stormScope(system);
  const [before] = await around.store.controls.modes([scope]);
  if (isLifted(before, now)) return;
  const inForce = stormInForce(before, now);
  const since = inForce?.at ?? now;
  await around.store.controls.setMode({
    v: 1,
    scope,
    mode: 'observe',
    until: after(now, STORM.lastsMs),
    reason: `more than ${STORM.more} incidents within ${STORM.within}`,
    by: automation,
    at: since,
  });
  const live = open.filter((one) => isLive(one) && one.storm === null);
  if (!inForce || !open.some(({ storm }) => storm?.since === since)) await pageOfStorm(around, since, live);
}
