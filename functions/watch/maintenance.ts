import { partsOfKey } from '../../runbooks/language/signal.ts';
import { Conflict } from '../aws/table/items.ts';
import { allClear, type Claim } from '../incident/claim.ts';
import { iso } from '../incident/clock.ts';
import { covering, MOST_RECORDED, type Recorded, type Register } from '../incident/maintenance.ts';
import { openIncident } from '../intake/open-incident.ts';
import type { Round } from './round.ts';

/**
 * What was put aside while it was worked on, and is so no longer: what still fires is new, and opens its incident as a signal would;
 * what has cleared was counted, and is let go. What came of it is written to the window first, so that whoever dies in between is
 * followed by a round that finds the claim still put aside.
 */
export async function afterMaintenance({ around, mended, each, unreadable }: Round): Promise<void> {
  const { claims, maintenances } = around.store;
  const now = iso(around.clock.now());
  const aside = await maintenances.aside(unreadable);
  const registers = new Map<string, Register | undefined>();
  for (const system of new Set(aside.map(({ dedupKey }) => partsOfKey(dedupKey).system)))
    registers.set(system, await maintenances.of(system));
  await each(
    aside,
    ({ dedupKey }) => `what was put aside of ${dedupKey}`,
    async (claim) => {
      const { system, alert, target } = partsOfKey(claim.dedupKey);
      if (covering(registers.get(system), { alert, target }, now).length > 0) return;
      await maintenances.change(system, (register) => noted(register, claim));
      try {
        if (allClear(claim)) return await claims.release(claim, null, claim.last);
      } catch (error) {
        // It fires again at this moment: the next round opens it.
        if (error instanceof Conflict) return;
        throw error;
      }
      const taken = await maintenances.takeUp(claim, now);
      if (!taken) return;
      await openIncident(around, taken, null);
      mended.push(`opened ${claim.dedupKey}, which fires after the maintenance`);
    },
  );
}

/** @returns `undefined` where it stands there already, or the window has been forgotten */
function noted(register: Register, claim: Claim): Register | undefined {
  const window = register.windows.find(({ id }) => id === claim.window);
  const known = window?.recorded.find(({ dedupKey }) => dedupKey === claim.dedupKey);
  const now: Recorded = {
    dedupKey: claim.dedupKey,
    seen: claim.seen,
    last: allClear(claim) ? 'cleared' : 'firing',
    severity: claim.severity ?? '',
  };
  if (!window || (known && known.seen === now.seen && known.last === now.last)) return undefined;
  const others = window.recorded.filter(({ dedupKey }) => dedupKey !== claim.dedupKey);
  const recorded = [...others, now].slice(-MOST_RECORDED);
  return { ...register, windows: register.windows.map((one) => (one === window ? { ...one, recorded } : one)) };
}
