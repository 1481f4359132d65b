import { endByClearing } from '../intake/cleared.ts';
import type { Round } from './round.ts';

/** An alarm that cleared while its run still looked, or whose clearing nobody lived to carry through. */
export async function clearedAlarms({ around, mended, each, unreadable }: Round): Promise<void> {
  const open = await around.store.incidents.open(unreadable);
  await each(
    open.filter(({ automation, dedupKey }) => automation === 'escalated' && dedupKey !== null),
    ({ id }) => `the clearing of ${id}`,
    async ({ id, dedupKey }) => {
      const claim = await around.store.claims.get(dedupKey ?? '');
      if (!claim || (claim.incidentId ?? claim.last) !== id) return;
      if (await endByClearing(around, claim)) mended.push(`ended ${id}, whose alarm has cleared`);
    },
  );
}
