import { tellBegan } from '../escalate/climb.ts';
import { startClimbing } from '../escalate/restart.ts';
import { pageOfStorm } from '../escalate/storm-page.ts';
import { iso } from '../incident/clock.ts';
import type { Incident } from '../incident/incident.ts';
import { beginGeneration } from '../incident/ladder/generation.ts';
import { isOfStorm, leftAlone, unlisted } from '../incident/storm.ts';
import { systemOf } from '../surroundings.ts';
import type { Round } from './round.ts';

/**
 * Incidents that came with many others and have paged nobody: one page a system lists those that no page has listed yet. And where the
 * one that went on for all of them is over, the next of them does.
 */
export async function storms(round: Round): Promise<void> {
  const { around, mended, each, unreadable } = round;
  const open = await around.store.incidents.open(unreadable);
  const missed = unlisted(open);
  await each(
    systemsOf(missed),
    (system) => `the page of many incidents of ${system}`,
    async (system) => {
      const mine = missed.filter((one) => one.system === system);
      await pageOfStorm(around, sinceOf(mine), mine);
      mended.push(`listed ${mine.length} incidents of ${system} that came with many others`);
    },
  );
  const listed = open.filter(({ storm }) => storm?.listed);
  await each(
    systemsOf(listed),
    (system) => `that somebody is paged about the many incidents of ${system}`,
    (system) => goOn(round, system, open),
  );
}

const systemsOf = (incidents: readonly Incident[]) => [...new Set(incidents.map(({ system }) => system))];
const sinceOf = (incidents: readonly Incident[]) => incidents.map(({ storm }) => storm?.since ?? '').sort()[0] ?? '';

/** Each storm that a system has been in. */
async function goOn({ around, mended }: Round, system: string, open: readonly Incident[]): Promise<void> {
  const mine = open.filter((one) => one.system === system && one.origin === 'signal');
  const { severities } = systemOf(around, system);
  for (const since of new Set(mine.flatMap(({ storm }) => (storm?.listed ? [storm.since] : [])))) {
    const alone = leftAlone(
      mine.filter((one) => isOfStorm(one, since)),
      severities,
    );
    if (!alone) continue;
    const over = alone.ladder?.over;
    const after = await around.store.incidents.change(alone.id, (one) =>
      one.status === 'open' && one.ladder?.over?.at === over?.at
        ? beginGeneration(one, iso(around.clock.now()), 'The incident that stood for many is over, and this one is not')
        : undefined,
    );
    await tellBegan(around, after);
    await startClimbing(around, after);
    mended.push(`goes on with ${alone.id} for the many incidents of ${system}`);
  }
}
