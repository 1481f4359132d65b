import type { Verify } from '../../runbooks/language/definition.ts';
import { MissingFact, watched } from '../../runbooks/language/facts.ts';
import type { Finding } from '../../runbooks/language/reason.ts';
import { after, between, iso } from '../incident/clock.ts';
import type { LookRecord, VerifyProgress } from '../incident/records.ts';
import { heldBack } from '../incident/timeline.ts';
import type { Surroundings } from '../surroundings.ts';
import { factsOf, LONGEST_WAIT_MS } from './ask-gate.ts';
import { lookOnce, OUTSIDE } from './look.ts';
import { type Answer, POLL_SECONDS, type Step } from './step.ts';
import { ASK_AGAIN_SECONDS, supersededBy } from './superseded.ts';

/** The lock is kept as long as the verification may last, and a little. */
const LEASE_MARGIN_MS = 2 * 60_000;

/**
 * Checks, several times over some minutes, that all is well. The lock is kept until the last good check.
 * Where this run has changed nothing there is nothing to wait for: one bad check is enough.
 */
export async function verify(around: Surroundings, step: Step, definition: Verify): Promise<Answer> {
  if (step.run.dryRun) return { outcome: 'done' };
  if (step.incident.stop) return { outcome: 'refused', message: `${step.incident.stop.by.name} asked the automation to stop` };
  const acts = await around.store.steps.acts(step.incident.id, step.run.number);
  const observed = acts.length === 0 ? await wouldHaveActed(around, step) : null;
  // A person who started it by hand reads what it would have done; an alarm has nobody who reads.
  if (observed) return step.run.by.kind === 'person' ? { outcome: 'done' } : { outcome: 'refused', message: observed };

  const now = iso(around.clock.now());
  const progress =
    (await around.store.steps.verifyProgress(step.incident.id, step.run.number, step.pass, 'verify')) ??
    begin(definition, acts.length > 0, now);
  // What would be seen now is the other's doing: it is given its time, and then all is looked at afresh.
  if (acts.length === 0 && between(progress.startedAt, now) < LONGEST_WAIT_MS && (await supersededBy(around, step)))
    return { outcome: 'running', waitSeconds: ASK_AGAIN_SECONDS };
  if (progress.check === 1)
    await around.store.steps.saveVerifyProgress(step.incident.id, step.run.number, step.pass, 'verify', progress);
  if (now < progress.nextCheckAt)
    return { outcome: 'running', waitSeconds: Math.ceil(between(now, progress.nextCheckAt) / 1_000) };

  const records = (
    await Promise.all(definition.looks.map((look) => lookOnce(around, step, look, `verify.${progress.check}.${look.key}`)))
  ).flat();
  if (records.some((record) => record.status === 'started')) return { outcome: 'running', waitSeconds: POLL_SECONDS };
  return settle(around, step, definition, progress, judge(step, definition, records, progress.check), acts.length > 0);
}

function begin(definition: Verify, acted: boolean, now: string): VerifyProgress {
  const settleMs = acted ? definition.settleSeconds * 1_000 : 0;
  return {
    v: 1,
    startedAt: now,
    deadline: after(now, settleMs + definition.withinSeconds * 1_000),
    nextCheckAt: after(now, settleMs),
    check: 1,
    good: 0,
    last: '',
  };
}

/** Every host must be well, and the look from outside too: the first that is not is what is said. */
function judge(step: Step, definition: Verify, records: readonly LookRecord[], check: number): Finding {
  const named = records.map((record) => ({ ...record, step: record.step.replace(`verify.${check}.`, '') }));
  const hosts = [...new Set(named.map((record) => record.host))].filter((host) => host !== OUTSIDE);
  for (const host of hosts.length > 0 ? hosts : [OUTSIDE]) {
    try {
      const holds = definition.holds(watched(factsOf(named, host)).facts, step.parameters, step.settings);
      if (holds !== true) return hosts.length > 1 ? on(host, holds) : holds;
    } catch (error) {
      if (!(error instanceof MissingFact)) throw error;
      const failed = named.find((record) => record.step === error.fact && record.status === 'failed');
      return `${host}: ${error.message}${failed && 'error' in failed ? `: ${failed.error}` : ''}`;
    }
  }
  return true;
}

async function settle(
  around: Surroundings,
  step: Step,
  definition: Verify,
  progress: VerifyProgress,
  holds: Finding,
  acted: boolean,
): Promise<Answer> {
  const now = iso(around.clock.now());
  const good = holds === true ? progress.good + 1 : 0;
  const says = said(holds);
  const { number: run } = step.run;
  await around.store.incidents.tell(step.incident.id, {
    v: 1,
    type: 'checked',
    at: now,
    key: `${run}-${step.pass}-verify-${progress.check}`,
    by: step.by,
    run,
    pass: step.pass,
    step: 'verify',
    title: definition.title,
    host: OUTSIDE,
    good,
    of: definition.times,
    says,
  });
  const next: VerifyProgress = {
    ...progress,
    check: progress.check + 1,
    good,
    last: says,
    nextCheckAt: after(now, definition.everySeconds * 1_000),
  };
  await around.store.steps.saveVerifyProgress(step.incident.id, run, step.pass, 'verify', next);
  if (good >= definition.times) {
    await around.store.controls.release(step.runbook.system.id, step.holder, now);
    return { outcome: 'done' };
  }
  const hopeless = typeof holds === 'string' && !acted;
  if (holds !== true && (hopeless || next.nextCheckAt > progress.deadline))
    return { outcome: 'failed', message: `${acted ? 'Still not well' : 'Not well'}: ${says}` };
  if (acted) await keepLock(around, step, definition, now);
  return { outcome: 'running', waitSeconds: Math.max(1, definition.everySeconds) };
}

const said = (finding: Finding) => (finding === true ? 'well' : typeof finding === 'string' ? finding : finding.notYet);
const on = (host: string, finding: Exclude<Finding, true>): Finding =>
  typeof finding === 'string' ? `${host}: ${finding}` : { notYet: `${host}: ${finding.notYet}` };

async function keepLock(around: Surroundings, step: Step, definition: Verify, now: string): Promise<void> {
  const { id: system } = step.runbook.system;
  const until = after(now, definition.withinSeconds * 1_000 + LEASE_MARGIN_MS);
  await around.store.controls.acquire({ v: 1, system, holder: step.holder, incidentId: step.incident.id, until }, now);
}

/**
 * In the mode `observe` an act that was needed was not carried out: a person must hear of it, not a verification. The page
 * itself lists what would have been done, with all its parameters; this is the reason, in a line.
 */
export async function wouldHaveActed(around: Surroundings, step: Step): Promise<string | null> {
  const events = await around.store.incidents.timeline(step.incident.id);
  const would = heldBack(events, step.run.number).map(({ title }) => `"${title}"`);
  return would.length > 0 ? `Automation only looks (mode observe), and something was to be done: ${would.join(', ')}` : null;
}
