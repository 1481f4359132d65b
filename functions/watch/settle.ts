import { escalate } from '../escalate/escalate.ts';
import { between, iso } from '../incident/clock.ts';
import { isLive, type Run } from '../incident/incident.ts';
import { ABANDONED_MS } from '../intake/abandoned.ts';
import type { Surroundings } from '../surroundings.ts';
import { payDebts } from './debts.ts';
import type { Round } from './round.ts';

/** Whether a run works no longer: it has said so, or its execution does not run. One that is about to begin is not over. */
export async function isOver(around: Surroundings, run: Run): Promise<boolean> {
  if (run.endedAt) return true;
  const status = await around.machines.status(run.execution);
  if (status === undefined) return between(run.startedAt, iso(around.clock.now())) >= ABANDONED_MS;
  return status !== 'RUNNING';
}

/**
 * Ends a run that died and whose incident a person has resolved meanwhile: nobody looks at that incident any more. Nobody is
 * paged for it, but for an undo that does not work. A live incident is left alone: its runs are brought to a person.
 */
export async function settle(round: Round, incidentId: string, run: Run): Promise<void> {
  const { around } = round;
  const why = 'The run ended on its way, and the incident was resolved without it';
  const at = iso(around.clock.now());
  let settled = false;
  // First its end is written: an undo that does not work is told only of a run that is over.
  const incident = await around.store.incidents.change(incidentId, (before) => {
    const mine = before.runs[String(run.number)];
    settled = !isLive(before) && mine !== undefined && !mine.endedAt;
    if (!settled || !mine) return undefined;
    return { ...before, runs: { ...before.runs, [String(run.number)]: { ...mine, endedAt: at, ended: 'interrupted', why } } };
  });
  if (!settled) return;
  try {
    await payDebts(round, incidentId, run);
  } finally {
    // Cancels what still runs, tells of the end, lets go of the lock. Of what a person took over it pages nobody.
    if (incident.automation === 'taken-over') await escalate(around, { incidentId, run: run.number, why, ended: 'interrupted' });
  }
}
