import { passOn } from '../approve/decide.ts';
import { Conflict } from '../aws/table/items.ts';
import { escalate } from '../escalate/escalate.ts';
import { sendPage } from '../escalate/send-page.ts';
import { between, iso } from '../incident/clock.ts';
import { executionName, type Incident, isLive, type Run } from '../incident/incident.ts';
import { ABANDONED_MS } from '../intake/abandoned.ts';
import { openIncident } from '../intake/open-incident.ts';
import { log } from '../log.ts';
import { startRun } from '../run-step/start-run.ts';
import { owes } from '../run-step/undo.ts';
import { runbookOf, type Surroundings } from '../surroundings.ts';
import { payDebts } from './debts.ts';

/** What one round found undone, and did. A clean round is empty. */
export type Mended = string[];

/**
 * One round of the auditor. Execution events are best effort, and a stopped, timed out or lost run skips every Catch; so for each
 * claim, incident, lock, page and undo debt it proves that what was due has happened, and does what is missing.
 * What fails is logged, and does not keep the rest from being proven; then the round throws, so that it is never called clean.
 */
export const watch = (around: Surroundings) => async (): Promise<{ mended: Mended }> => {
  const mended: Mended = [];
  const failed: string[] = [];
  for (const [what, duty] of Object.entries({ claims, incidents, debts, locks })) {
    try {
      mended.push(...(await duty(around)));
    } catch (error) {
      log.error(`watch: ${what}`, error instanceof Error ? error : new Error(String(error)));
      failed.push(what);
    }
  }
  for (const one of mended) log.warn('mended', { what: one });
  if (failed.length > 0) throw new Error(`watch could not prove: ${failed.join(', ')}`);
  return { mended };
};

/** A claim whose incident was never completed is completed; one whose incident is over is released. */
async function claims(around: Surroundings): Promise<Mended> {
  const now = iso(around.clock.now());
  const mended: Mended = [];
  for (const claim of await around.store.claims.opening()) {
    if (claim.openingSince && between(claim.openingSince, now) < ABANDONED_MS) continue;
    await openIncident(around, claim, null);
    mended.push(`completed the incident of ${claim.dedupKey}`);
  }
  for (const claim of await around.store.claims.held()) {
    const incident = claim.incidentId ? await around.store.incidents.get(claim.incidentId) : undefined;
    if (!incident || isLive(incident)) continue;
    try {
      await around.store.claims.release(claim, null);
      mended.push(`released ${claim.dedupKey}, whose incident is over`);
    } catch (error) {
      // A signal came just now: the next round looks again.
      if (!(error instanceof Conflict)) throw error;
    }
  }
  return mended;
}

async function incidents(around: Surroundings): Promise<Mended> {
  const mended: Mended = [];
  for (const incident of await around.store.incidents.open()) {
    for (const run of Object.values(incident.runs).filter((one) => !one.endedAt))
      mended.push(...(await provenRun(around, incident, run)));
    mended.push(...(await provenPages(around, incident)));
  }
  return mended;
}

/** A run that has not ended must have an execution that runs. */
async function provenRun(around: Surroundings, incident: Incident, run: Run): Promise<Mended> {
  const status = await around.machines.status(run.execution);
  const name = executionName(incident.id, run.number);
  if (status === 'RUNNING') return repeatDecisions(around, incident, run);
  if (status === undefined) {
    if (between(run.startedAt, iso(around.clock.now())) < ABANDONED_MS) return [];
    await startRun(around, runbookOf(around, run.runbook), incident.id, run);
    return [`started ${name}, which nobody had`];
  }
  await payDebts(around, incident.id, run);
  await escalate(around, {
    incidentId: incident.id,
    run: run.number,
    why: `The run ended on its way (${status.toLowerCase().replace('_', ' ')}): how far it came is below`,
    ended: 'interrupted',
  });
  return [`brought ${name} to a person: it was ${status}`];
}

/** A decision that was recorded and whose message to the waiting state got lost. */
async function repeatDecisions(around: Surroundings, incident: Incident, run: Run): Promise<Mended> {
  if (incident.automation !== 'awaiting-approval') return [];
  const decided = (await around.store.people.approvals(incident.id)).filter(
    (one) => one.run === run.number && one.decision && one.token,
  );
  for (const approval of decided) await passOn(around, approval);
  return [];
}

/** Every page that was due has been sent, and an incident that no runbook works on has paged somebody. */
async function provenPages(around: Surroundings, incident: Incident): Promise<Mended> {
  const pages = await around.store.people.pages(incident.id);
  const mended: Mended = [];
  for (const page of pages.filter((one) => !one.sentAt)) {
    await sendPage(around, incident, page, page);
    mended.push(`sent the page "${page.subject}", which was due`);
  }
  if (pages.length === 0 && incident.automation === 'none' && incident.run === 0 && incident.origin !== 'rehearsal') {
    await escalate(around, {
      incidentId: incident.id,
      run: 0,
      why: `No runbook answers to ${incident.alert}: it is for a person`,
      ended: 'escalated',
    });
    mended.push(`paged for ${incident.id}, which nobody had been told of`);
  }
  return mended;
}

/**
 * Temporary changes whose time is up, and half-done ones whose run ended before their undo did: a host that could not be
 * reached, for one. The incident may be over for long.
 */
async function debts(around: Surroundings): Promise<Mended> {
  const now = iso(around.clock.now());
  const mended: Mended = [];
  for (const { incidentId, act } of await around.store.steps.debts()) {
    const run = owes(act, now) ? (await around.store.incidents.get(incidentId))?.runs[String(act.run)] : undefined;
    // While a run is under way, what is half done is its own to undo.
    if (!run || (act.status !== 'done' && !run.endedAt)) continue;
    await payDebts(around, incidentId, run);
    mended.push(`took back "${act.title}" on ${act.host}`);
  }
  return mended;
}

/** A lock whose run no longer runs is let go, before its lease ends. */
async function locks(around: Surroundings): Promise<Mended> {
  const mended: Mended = [];
  for (const system of around.systems) {
    const lock = await around.store.controls.lock(system.id);
    if (!lock) continue;
    const incident = await around.store.incidents.get(lock.incidentId);
    const run = Object.values(incident?.runs ?? {}).find((one) => executionName(lock.incidentId, one.number) === lock.holder);
    if (run && !run.endedAt) continue;
    await around.store.controls.release(system.id, lock.holder, iso(around.clock.now()));
    mended.push(`let go of the lock of ${system.id}, which ${lock.holder} had left`);
  }
  return mended;
}
