import type { Act } from '../../runbooks/language/definition.ts';
import { RunOutcome } from '../../runbooks/language/outcome.ts';
import { between, iso } from '../incident/clock.ts';
import { executionName, type Run } from '../incident/incident.ts';
import { log } from '../log.ts';
import { runbookOf } from '../surroundings.ts';
import type { Round } from './round.ts';

/** An undo that is not over after so many looks goes on in the next round. */
const MOST_LOOKS = 60;

/**
 * Pays what a run that is over still owes, the last change first. `watch` has no rights on hosts: the runbook's own function
 * does it, with that runbook's rights. One that takes long goes on by itself, and the next round looks again.
 *
 * @returns whether all of it is over, well or not
 */
export async function payDebts(round: Round, incidentId: string, run: Run): Promise<boolean> {
  let over = true;
  const { acts } = runbookOf(round.around, run.runbook);
  for (const act of acts.filter((one) => one.undo).toReversed()) over = (await pay(round, incidentId, run, act)) && over;
  return over;
}

async function pay(round: Round, incidentId: string, run: Run, act: Act): Promise<boolean> {
  const { clock, functions, names } = round.around;
  const what = `${executionName(incidentId, run.number)} ${act.key}`;
  if (round.slow.has(what)) return false;
  const until = round.share();
  for (let look = 1; look <= MOST_LOOKS; look += 1) {
    const withinMs = until === null ? undefined : Math.max(1, between(iso(clock.now()), until));
    const answer = RunOutcome.parse(
      await functions.call(names.stepFunction(run.runbook), undoEvent(incidentId, run, act), withinMs),
    );
    if (answer.outcome !== 'running') return true;
    const pauseMs = answer.waitSeconds * 1_000;
    if (until !== null && between(iso(clock.now()), until) <= pauseMs) break;
    if (look < MOST_LOOKS) await clock.sleep(pauseMs);
  }
  round.slow.add(what);
  log.warn('an undo goes on in the next round', { incidentId, act: act.title });
  return false;
}

function undoEvent(incidentId: string, run: Run, act: Act) {
  return {
    kind: 'undo',
    runbook: run.runbook,
    step: act.key,
    execution: run.execution,
    executionName: executionName(incidentId, run.number),
    state: { incidentId, run: run.number, pass: 1 },
  };
}
