import { passOn } from '../approve/decide.ts';
import { Conflict } from '../aws/table/items.ts';
import { escalate } from '../escalate/escalate.ts';
import { commandsFor, whereIs } from '../escalate/link.ts';
import { reachRole } from '../escalate/reach.ts';
import { allClear, type Claim, lastFiring } from '../incident/claim.ts';
import { after, between, iso } from '../incident/clock.ts';
import { executionName, type Incident, isLive, type Run } from '../incident/incident.ts';
import { BLIND, NOTICE, REVIEW } from '../incident/rungs.ts';
import { ABANDONED_MS } from '../intake/abandoned.ts';
import { openIncident } from '../intake/open-incident.ts';
import { log } from '../log.ts';
import { startRun } from '../run-step/start-run.ts';
import { runbookOf, type Surroundings, systemOf } from '../surroundings.ts';
import { blindAlarms } from './blind.ts';
import { clearedAlarms } from './cleared-alarms.ts';
import { deadLetters } from './dead-letters.ts';
import { payDebts } from './debts.ts';
import { sendDue } from './due-pages.ts';
import { provenLadder } from './ladders.ts';
import { afterMaintenance } from './maintenance.ts';
import { justOver, provenBegun } from './notices.ts';
import { owed } from './owed.ts';
import { provenReached } from './reached.ts';
import { reviews } from './reviews.ts';
import { Round, type Told } from './round.ts';
import { isOver, settle } from './settle.ts';
import { storms } from './storms.ts';

/** What one round found undone, and did. A clean round is empty. */
export type Mended = string[];

/**
 * One round of the auditor. Execution events are best effort, and a stopped, timed out or lost run skips every Catch; so for each
 * claim, incident, lock, page and undo debt it proves that what was due has happened, and does what is missing.
 * What fails is logged, and does not keep the rest from being proven; then the round throws and names it, so that it is never
 * called clean, and sends no heartbeat. What can't be read is also told to the operators, once a day and process.
 *
 * Two rounds at the same time are harmless: what each does is found done by the other, or done on one key. What is published may
 * be so twice; a page then says that it may be a repeat.
 *
 * @returns a round; its argument is how long it may take, in milliseconds, where something ends it then
 */
export const watch = (around: Surroundings) => {
  const told: Told = new Map();
  return async (withinMs?: number): Promise<{ mended: Mended }> => {
    const deadline = withinMs === undefined ? null : after(iso(around.clock.now()), withinMs);
    const round = new Round(around, told, deadline);
    const dead = (one: Round) => deadLetters(one, told);
    const duties = {
      'dead letters': dead,
      'opening claims': openingClaims,
      'held claims': heldClaims,
      'cleared alarms': clearedAlarms,
      maintenance: afterMaintenance,
      storms,
      incidents,
      notices: justOver,
      debts: owed,
      locks,
      reviews,
    };
    await round.each(
      Object.entries(duties),
      ([what]) => what,
      ([, duty]) => duty(round),
    );
    await round.tellOperators();
    const { mended } = round;
    for (const one of mended) log.warn('mended', { what: one });
    const unproven = round.unproven();
    if (unproven.length > 0) throw new Error(`watch could not prove: ${unproven.join(', ')}`);
    await around.metrics.beat(around.names.prefix);
    return { mended };
  };
};

/** A claim whose incident was never completed is completed. */
async function openingClaims({ around, mended, each, unreadable }: Round): Promise<void> {
  const now = iso(around.clock.now());
  await each(await around.store.claims.opening(unreadable), nameOf, async (claim) => {
    if (claim.openingSince && between(claim.openingSince, now) < ABANDONED_MS) return;
    await openIncident(around, claim, null);
    mended.push(`completed the incident of ${claim.dedupKey}`);
  });
}

/** A claim whose incident is over is released. */
async function heldClaims({ around, mended, each, unreadable }: Round): Promise<void> {
  await each(await around.store.claims.held(unreadable), nameOf, async (claim) => {
    const incident = claim.incidentId ? await around.store.incidents.get(claim.incidentId) : undefined;
    if (!incident || isLive(incident)) return;
    try {
      // First the person, then the release: whoever dies in between tells it twice.
      if (firedSince(claim, incident)) await tellOfTheFiring(around, claim, incident);
      await around.store.claims.release(claim, null);
      mended.push(`released ${claim.dedupKey}, whose incident is over`);
    } catch (error) {
      // A signal came just now: the next round looks again.
      if (!(error instanceof Conflict)) throw error;
    }
  });
}

/** An alarm that fired after its incident was over, and was counted for it: CloudWatch does not say it again. */
function firedSince(claim: Claim, { resolvedAt }: Incident): boolean {
  return !allClear(claim) && resolvedAt !== null && (lastFiring(claim) ?? '') > resolvedAt;
}

async function tellOfTheFiring(around: Surroundings, { dedupKey }: Claim, incident: Incident): Promise<void> {
  const system = systemOf(around, incident.system);
  const subject = `${incident.severity} ${system.title}: ${incident.title} fires again`;
  const message = [
    subject,
    `It was taken for the incident that is over, and started nothing (${dedupKey}). Please look: ${whereIs(around, incident.id)}`,
    ...commandsFor(around, incident.id, ['show']),
  ];
  await reachRole(around, system.id, system.firstResponder, {
    subject,
    message: message.join('\n'),
    short: message.slice(0, 2).join('\n'),
  });
}

const nameOf = ({ dedupKey }: Claim) => `claim ${dedupKey}`;

/** First who must hear of something, then whose monitoring sees nothing; the runs last, because an undo can take its time. */
async function incidents(round: Round): Promise<void> {
  const open = await round.around.store.incidents.open(round.unreadable);
  await round.each(
    open,
    ({ id }) => `pages of ${id}`,
    (incident) => provenPages(round, incident),
  );
  await round.each(
    open,
    ({ id }) => `the ladder of ${id}`,
    (incident) => provenLadder(round, incident),
  );
  await round.each(
    open,
    ({ id }) => `notices of ${id}`,
    (incident) => provenBegun(round, incident),
  );
  await round.each(
    open,
    ({ id }) => `whom the pages of ${id} reached`,
    (incident) => provenReached(round, incident),
  );
  await round.each(
    [open],
    () => 'the alarms of open incidents',
    () => blindAlarms(round, open),
  );
  await round.each(
    open.flatMap((incident) => Object.values(incident.runs).flatMap((run) => (run.endedAt ? [] : [{ incident, run }]))),
    ({ incident, run }) => `run ${executionName(incident.id, run.number)}`,
    ({ incident, run }) => provenRun(round, incident, run),
  );
}

/** A run that has not ended must have an execution that runs. */
async function provenRun(round: Round, incident: Incident, run: Run): Promise<void> {
  const { around, mended } = round;
  const status = await around.machines.status(run.execution);
  const name = executionName(incident.id, run.number);
  if (status === 'RUNNING') return repeatDecisions(around, incident, run);
  if (status === undefined) {
    if (between(run.startedAt, iso(around.clock.now())) < ABANDONED_MS) return;
    await startRun(around, runbookOf(around, run.runbook), incident.id, run);
    mended.push(`started ${name}, which nobody had`);
    return;
  }
  try {
    await payDebts(round, incident.id, run);
  } finally {
    // Whatever keeps an undo from being paid (a runbook that is registered no more), a person hears of the run.
    await escalate(around, {
      incidentId: incident.id,
      run: run.number,
      why: `The run ended on its way (${status.toLowerCase().replace('_', ' ')}): how far it came is below`,
      ended: 'interrupted',
    });
    mended.push(`brought ${name} to a person: it was ${status}`);
  }
}

/** A decision that was recorded and whose message to the waiting state got lost. */
async function repeatDecisions(around: Surroundings, incident: Incident, run: Run): Promise<void> {
  if (incident.automation !== 'awaiting-approval') return;
  const decided = (await around.store.people.approvals(incident.id)).filter(
    (one) => one.run === run.number && one.decision && one.token,
  );
  for (const approval of decided) await passOn(around, approval);
}

/** Every page that was due has been sent, and an incident that no runbook works on has paged somebody. */
async function provenPages(round: Round, incident: Incident): Promise<void> {
  const { around, mended, unreadable } = round;
  let complete = true;
  const pages = await around.store.people.pages(incident.id, (...what) => {
    complete = false;
    unreadable(...what);
  });
  await sendDue(round, incident, pages);
  const nobody =
    pages.every(({ rung }) => rung === BLIND || rung === NOTICE || rung === REVIEW) &&
    complete &&
    incident.automation === 'none' &&
    incident.run === 0;
  if (!nobody || incident.origin === 'rehearsal') return;
  await escalate(around, {
    incidentId: incident.id,
    run: 0,
    why: `No runbook answers to ${incident.alert}: it is for a person`,
    ended: 'escalated',
  });
  mended.push(`paged for ${incident.id}, which nobody had been told of`);
}

/** A lock whose run no longer runs is let go, before its lease ends. */
async function locks(round: Round): Promise<void> {
  const { around, mended, each } = round;
  await each(
    around.systems,
    (system) => `the lock of ${system.id}`,
    async (system) => {
      const lock = await around.store.controls.lock(system.id);
      if (!lock) return;
      const incident = await around.store.incidents.get(lock.incidentId);
      const run = Object.values(incident?.runs ?? {}).find((one) => executionName(lock.incidentId, one.number) === lock.holder);
      if (run && !(await isOver(around, run))) return;
      if (run) await settle(round, lock.incidentId, run);
      await around.store.controls.release(system.id, lock.holder, iso(around.clock.now()));
      mended.push(`let go of the lock of ${system.id}, which ${lock.holder} had left`);
    },
  );
}
