import { iso } from '../incident/clock.ts';
import { owes } from '../run-step/undo.ts';
import { runbookOf } from '../surroundings.ts';
import { payDebts } from './debts.ts';
import type { Round } from './round.ts';
import { isOver, settle } from './settle.ts';

/**
 * Temporary changes whose time is up, and half-done ones whose run ended before their undo did: a host that could not be
 * reached, for one. The incident may be over for long.
 */
export async function owed(round: Round): Promise<void> {
  const { around, mended, each, unreadable } = round;
  const now = iso(around.clock.now());
  await each(
    await around.store.steps.debts(unreadable),
    ({ incidentId, act }) => `the undo of "${act.title}" on ${act.host} in ${incidentId}`,
    async ({ incidentId, act }) => {
      const run = owes(act, now) ? (await around.store.incidents.get(incidentId))?.runs[String(act.run)] : undefined;
      if (!run) return;
      const over = await isOver(around, run);
      // While a run is under way, what is half done is its own to undo.
      if (act.status !== 'done' && !over) return;
      if (over) await settle(round, incidentId, run);
      const known = runbookOf(around, run.runbook).acts.find(({ key, undo }) => key === act.step && undo);
      if (!known) throw new Error(`${run.runbook} has no such act with an undo any more: it is for a person to take back`);
      if (await payDebts(round, incidentId, run)) mended.push(`took back "${act.title}" on ${act.host}`);
    },
  );
}
