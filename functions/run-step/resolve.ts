import { MissingFact, watched } from '../../runbooks/language/facts.ts';
import { Conflict } from '../aws/table/items.ts';
import { lookNow } from '../escalate/restart.ts';
import { tellAll } from '../events/announce.ts';
import { allClear, type Claim } from '../incident/claim.ts';
import { after, between, iso } from '../incident/clock.ts';
import { type Incident, mayMove, type Run } from '../incident/incident.ts';
import type { LookRecord } from '../incident/records.ts';
import type { Surroundings } from '../surroundings.ts';
import { factsOf } from './ask-gate.ts';
import { OUTSIDE } from './look.ts';
import type { Answer, Step } from './step.ts';
import { wouldHaveActed } from './verify.ts';

/** How often the alarm is asked about while a run waits for it to clear. */
const ASK_AGAIN_SECONDS = 15;

/**
 * Resolved means verified and clear. The alarm has its time; one that fires after it goes to a person, because
 * what was verified is then not what is wrong. A run by hand needs no alarm.
 */
export async function resolve(around: Surroundings, step: Step): Promise<Answer> {
  if (step.incident.stop) return { outcome: 'refused', message: `${step.incident.stop.by.name} asked the automation to stop` };
  const now = iso(around.clock.now());
  if (step.run.dryRun) return end(around, step, 'rehearsed', 'Rehearsed: nothing was changed', null);
  const claim = step.incident.dedupKey ? await around.store.claims.get(step.incident.dedupKey) : undefined;
  if (claim?.incidentId !== step.incident.id) return end(around, step, 'resolved', await howItWent(around, step), null);
  if (allClear(claim)) return letGo(around, step, claim, null);
  if (await clearAtSource(around, claim)) return letGo(around, step, claim, now);

  const since = await verifiedAt(around, step, now);
  const deadline = after(since, step.runbook.clearsWithinSeconds * 1_000);
  if (now > deadline)
    return {
      outcome: 'failed',
      message: `Verified well, but the alarm still fires ${Math.round(between(since, now) / 60_000)} min after it`,
    };
  return { outcome: 'running', waitSeconds: ASK_AGAIN_SECONDS };
}

/** What a person reads who ran it by hand: in the mode `observe` nothing was verified where something was to be done. */
async function howItWent(around: Surroundings, step: Step): Promise<string> {
  const held = (await changedNothing(around, step)) && (await wouldHaveActed(around, step));
  return held ? `${held}. Nothing was changed, and nothing verified` : 'Verified well';
}

/**
 * A run that only looks: by hand that is all that was asked; by an alarm it ends at a person, with the findings; by a schedule
 * only where they are not what the runbook expects.
 */
export async function report(around: Surroundings, step: Step): Promise<Answer> {
  if (step.run.by.kind === 'person' || step.run.dryRun)
    return end(around, step, step.run.dryRun ? 'rehearsed' : 'looked', 'Looked, as asked', null);
  if (step.incident.origin !== 'scheduled')
    return { outcome: 'refused', message: 'This runbook only looks: what it found is for a person' };
  const found = asExpected(step, await around.store.steps.looks(step.incident.id, step.run.number, step.pass));
  return found === true
    ? end(around, step, 'looked', 'Looked as scheduled: all is as it should be', null)
    : { outcome: 'refused', message: found };
}

/** Every host must be as expected; the first that is not is what is said. A fact that is missing is for a person. */
function asExpected({ runbook, parameters, settings }: Step, looks: readonly LookRecord[]): true | string {
  const hosts = [...new Set(looks.map(({ host }) => host))].filter((host) => host !== OUTSIDE);
  for (const host of hosts.length > 0 ? hosts : [OUTSIDE]) {
    const on = hosts.length > 1 ? `${host}: ` : '';
    try {
      const finding = runbook.expects?.(watched(factsOf(looks, host)).facts, parameters, settings) ?? 'it expects nothing';
      if (finding !== true) return `${on}${typeof finding === 'string' ? finding : finding.notYet}`;
    } catch (error) {
      if (!(error instanceof MissingFact)) throw error;
      return `${on}${error.message}`;
    }
  }
  return true;
}

async function clearAtSource(around: Surroundings, claim: Claim): Promise<boolean> {
  const firing = claim.sources.filter((source) => source.status !== 'cleared');
  const states = await Promise.all(
    firing.map((source) => (source.alarmName ? around.alarms.state(source.alarmName) : undefined)),
  );
  return states.every((state) => state === 'OK');
}

/** The claim first: if this ends half-way, a new alarm opens a new incident instead of being counted for one that is over. */
async function letGo(around: Surroundings, step: Step, claim: Claim, clearAt: string | null): Promise<Answer> {
  try {
    await around.store.claims.release(claim, clearAt);
  } catch (error) {
    if (error instanceof Conflict) return { outcome: 'running', waitSeconds: 1, message: 'a signal came at the same moment' };
    throw error;
  }
  return end(around, step, 'resolved', 'Verified well, and the alarm has cleared', claim);
}

async function end(
  around: Surroundings,
  step: Step,
  ended: NonNullable<Run['ended']>,
  how: string,
  claim: Claim | null,
): Promise<Answer> {
  const at = iso(around.clock.now());
  const observed = ended === 'resolved' && (await changedNothing(around, step)) ? 'looked' : ended;
  const incident = await around.store.incidents.change(step.incident.id, (before) =>
    mayMove(before.status, 'resolved') ? resolved(before, step, at, observed, how, claim) : undefined,
  );
  await around.store.controls.release(step.runbook.system.id, step.holder, at);
  const resolvedAt = incident.resolvedAt ?? at;
  const base = { v: 1 as const, at: resolvedAt, by: step.by };
  await tellAll(
    around,
    incident,
    { ...base, type: 'resolved', key: `resolved-${step.run.number}`, how },
    { ...base, type: 'run-ended', key: `run-${step.run.number}-ended`, run: step.run.number, ended: observed, why: how },
  );
  await lookNow(around, incident, 'over');
  return { outcome: 'done' };
}

/** A run by hand or by a schedule that did nothing, because the mode is `observe` or all was well, has only looked. */
async function changedNothing(around: Surroundings, step: Step): Promise<boolean> {
  if (step.run.by.kind === 'monitoring') return false;
  return (await around.store.steps.acts(step.incident.id, step.run.number)).length === 0;
}

function resolved(
  before: Incident,
  step: Step,
  at: string,
  ended: NonNullable<Run['ended']>,
  how: string,
  claim: Claim | null,
): Incident {
  const number = String(step.run.number);
  const { resolvedAt: _none, ...rest } = before;
  return {
    ...rest,
    status: 'resolved',
    resolvedAt: at,
    resolvedBy: step.by,
    resolution: how,
    automation: 'succeeded',
    seen: Math.max(before.seen, claim?.seen ?? 0),
    runs: { ...before.runs, [number]: { ...(before.runs[number] ?? step.run), endedAt: at, ended, why: how } },
  };
}

/** When the verification ended: from then the alarm has its time. */
async function verifiedAt(around: Surroundings, step: Step, now: string): Promise<string> {
  const progress = await around.store.steps.verifyProgress(step.incident.id, step.run.number, step.pass, 'resolve');
  if (progress) return progress.startedAt;
  await around.store.steps.saveVerifyProgress(step.incident.id, step.run.number, step.pass, 'resolve', {
    v: 1,
    startedAt: now,
    deadline: after(now, step.runbook.clearsWithinSeconds * 1_000),
    nextCheckAt: now,
    check: 1,
    good: 0,
    last: '',
  });
  return now;
}
