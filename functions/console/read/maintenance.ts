import { allClear } from '../../incident/claim.ts';
import { iso } from '../../incident/clock.ts';
import { endOf, type Recorded } from '../../incident/maintenance.ts';
import { logUnreadable } from '../../log.ts';
import type { Surroundings } from '../../surroundings.ts';
import type { Maintenance } from '../commands/maintenance.ts';

/** A window as it stands now: what it recorded so far is among it. */
export interface MaintenanceView extends Maintenance {
  state: 'planned' | 'now' | 'over';
}

/** The windows of every system, what is still to come first, and what each of them has recorded. */
export async function maintenances(around: Surroundings): Promise<{ maintenance: MaintenanceView[] }> {
  const now = iso(around.clock.now());
  const [registers, aside] = await Promise.all([
    Promise.all(around.systems.map(({ id }) => around.store.maintenances.of(id))),
    around.store.maintenances.aside(logUnreadable),
  ]);
  const soFar = (id: string): Recorded[] =>
    aside
      .filter(({ window }) => window === id)
      .map((claim) => ({
        dedupKey: claim.dedupKey,
        seen: claim.seen,
        last: allClear(claim) ? 'cleared' : 'firing',
        severity: claim.severity ?? '',
      }));
  const windows = registers.flatMap((register) =>
    (register?.windows ?? []).map((window): MaintenanceView => {
      const recorded = new Map([...window.recorded, ...soFar(window.id)].map((one) => [one.dedupKey, one]));
      const state = endOf(window) <= now ? 'over' : window.from <= now ? 'now' : 'planned';
      return { ...window, recorded: [...recorded.values()], state, system: register?.system ?? '' };
    }),
  );
  return { maintenance: windows.sort((a, b) => endOf(b).localeCompare(endOf(a))) };
}
