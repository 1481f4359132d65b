import { RunOutcome } from '../../runbooks/language/outcome.ts';
import type { Run } from '../incident/incident.ts';
import { executionName } from '../incident/incident.ts';
import { log } from '../log.ts';
import { runbookOf, type Surroundings } from '../surroundings.ts';

/** An undo that is not over after so many looks goes on in the next round. */
const MOST_LOOKS = 60;

/**
 * Pays what a run that is over still owes, the last change first. `watch` has no rights on hosts: the runbook's own function
 * does it, with that runbook's rights.
 */
export async function payDebts(around: Surroundings, incidentId: string, run: Run): Promise<void> {
  const runbook = runbookOf(around, run.runbook);
  for (const act of runbook.acts.filter((one) => one.undo).toReversed()) {
    for (let look = 0; look < MOST_LOOKS; look += 1) {
      const answer = RunOutcome.parse(
        await around.functions.call(around.names.stepFunction(runbook.id), {
          kind: 'undo',
          runbook: runbook.id,
          step: act.key,
          execution: run.execution,
          executionName: executionName(incidentId, run.number),
          state: { incidentId, run: run.number, pass: 1 },
        }),
      );
      if (answer.outcome !== 'running') break;
      if (look === MOST_LOOKS - 1) log.warn('an undo goes on in the next round', { incidentId, act: act.title });
      await around.clock.sleep(answer.waitSeconds * 1_000);
    }
  }
}
