import { climb, tellBegan } from '../escalate/climb.ts';
import { startClimbing } from '../escalate/restart.ts';
import { climbingOf, nextOf } from '../escalate/standing.ts';
import { between, iso } from '../incident/clock.ts';
import type { Incident } from '../incident/incident.ts';
import { nextAttempt } from '../incident/ladder/generation.ts';
import { climbName } from '../incident/ladder/machine.ts';
import { acknowledgementEnds } from '../incident/ladder/next-rung.ts';
import type { Round } from './round.ts';

/** So late a page may be before it is sent from here: whose it is to send it may be at it. */
const LATE_MS = 30_000;

/**
 * Proves that an incident's ladder is climbed: what was due has gone out, and something waits for what comes next. An execution that
 * a restart or its time limit has ended is followed by another. A page that is late goes out from here, without Step Functions.
 */
export async function provenLadder({ around, mended }: Round, incident: Incident): Promise<void> {
  const records = await around.store.steps.everything(incident.id);
  const climbing = climbingOf(around, incident, records);
  if (!climbing || !incident.ladder) return;
  await tellBeganAgain(around, incident);
  const now = iso(around.clock.now());
  const comes = [nextOf(climbing)?.at, acknowledgementEnds(climbing.ladder, climbing.standing)].filter(
    (time) => time !== undefined && time !== null,
  );
  const [first] = comes.sort();
  if (first === undefined) {
    // Only the operators are left to tell, where everybody was paged in vain: once.
    await climb(around, incident.id, 'watch');
    return;
  }
  if (between(first, now) >= LATE_MS) {
    await climb(around, incident.id, 'watch');
    mended.push(`looked at the ladder of ${incident.id}, whose next page was due`);
  }
  const execution = around.machines.executionArn(around.names.escalationMachine, climbName(incident.id, incident.ladder));
  if ((await around.machines.status(execution)) === 'RUNNING') return;
  const { attempt, generation } = incident.ladder;
  const after = await around.store.incidents.change(incident.id, (one) =>
    one.ladder?.generation === generation && one.ladder.attempt === attempt ? nextAttempt(one) : undefined,
  );
  await startClimbing(around, after);
  mended.push(`began to climb the ladder of ${incident.id} again: nothing waited for its next page`);
}

/** A generation that somebody began and did not live to tell of. */
async function tellBeganAgain(around: Round['around'], incident: Incident): Promise<void> {
  if ((incident.ladder?.generation ?? 1) > 1) await tellBegan(around, incident);
}
