import { createHash } from 'node:crypto';
import type { Act } from '../../runbooks/language/definition.ts';
import { budgetOf } from '../../runbooks/language/definition.ts';
import { type Facts, MissingFact, watched } from '../../runbooks/language/facts.ts';
import type { Reason } from '../../runbooks/language/reason.ts';
import { Conflict } from '../aws/table/items.ts';
import { NAMELESS } from '../incident/actor.ts';
import { allClear, lastFiring } from '../incident/claim.ts';
import { between, iso } from '../incident/clock.ts';
import { actsInWindow, modeInForce } from '../incident/control.ts';
import type { Run } from '../incident/incident.ts';
import { covering, saidOf } from '../incident/maintenance.ts';
import type { ActRecord, Approval, LookRecord, ResolvedCall } from '../incident/records.ts';
import type { Surroundings } from '../surroundings.ts';
import { deploymentSign } from './deployment.ts';
import { type GateDecision, type GateInput, gate } from './gate.ts';
import { OUTSIDE } from './look.ts';
import { staleFacts } from './staleness.ts';
import type { Step } from './step.ts';
import { supersededBy } from './superseded.ts';

/** What a reason is worth: a signal, an approval or a request that is older says nothing of now. */
const RECENT_MS = 5 * 60_000;
/** Longer than the longest hold of a lock: an act with its lease, and a verification to its end. */
export const LONGEST_WAIT_MS = 30 * 60_000;

export interface Question {
  act: Act;
  host: string;
  looks: readonly LookRecord[];
  acts: readonly ActRecord[];
}

/** The gate's answer, with what is needed to carry the act out. */
export interface Judged {
  decision: GateDecision;
  reason: Reason | { missing: string };
  call: ResolvedCall | undefined;
  facts: LookRecord[];
  /** Counts the act against its breaker. */
  count: (at: string) => Promise<void>;
}

/** The facts of one host in one pass, with those seen from outside. A look that failed gives none. */
export function factsOf(looks: readonly LookRecord[], host: string): Facts {
  const done = looks.filter((look) => look.status === 'done' && (look.host === host || look.host === OUTSIDE || host === ''));
  return Object.fromEntries(done.map((look) => [look.step, 'facts' in look ? look.facts : undefined]));
}

/** Gathers what the gate must know for one act on one host, and asks it. */
export async function askGate(around: Surroundings, step: Step, question: Question): Promise<Judged> {
  const { act, host, looks, acts } = question;
  const now = iso(around.clock.now());
  const facts = looks.filter((look) => look.host === host || look.host === OUTSIDE);
  const { reason, call, read } = judge(act, factsOf(looks, host), facts, step);
  const breaker = {
    system: step.runbook.system.id,
    verb: act.command.verb ?? act.command.name,
    resource: `${host}/${call ? resourceOf(act, call) : 'host'}`,
  };
  const [controls, alarm, approvals, above] = await Promise.all([
    around.store.controls.forGate(step.runbook.id, breaker),
    alarmOf(around, step, now),
    around.store.people.approvals(step.incident.id),
    acts.length === 0 ? supersededBy(around, step) : undefined,
  ]);
  // A runbook's own limits are never above its system's budget: its definition is refused otherwise.
  const budget = step.runbook.limits ?? budgetOf(step.runbook.system, act);
  const counted = actsInWindow(controls.breaker, budget.per, now);
  const approval = call
    ? approvals.find((one) => one.step === act.key && one.run === step.run.number && one.hash === hashOf({ [host]: call }))
    : undefined;
  const requestAge = step.run.by.kind === 'person' ? between(step.run.startedAt, now) : Number.POSITIVE_INFINITY;
  const input: GateInput = {
    reason,
    stale: staleFacts(facts, { acts, holder: step.holder, ...controls }, { definitions: step.runbook.looks, read, now }),
    passesLeft: passesLeft(step, approvals, hostsOf(looks)),
    stopped: step.incident.stop ? `${step.incident.stop.by.name} asked the automation to stop` : null,
    maintenance: covering(controls.maintenance, step.incident, now).map(saidOf)[0] ?? null,
    dryRun: step.run.dryRun,
    askedByPerson: step.run.by.kind === 'person',
    override: overrideOf(step),
    scheduled: step.incident.origin === 'scheduled' && step.run.by.kind === 'automation',
    alarm: alarm.state,
    recentReason:
      Math.min(alarm.ageMs, requestAge, approval?.decidedAt ? between(approval.decidedAt, now) : Number.POSITIVE_INFINITY) <
      RECENT_MS,
    mode: modeInForce(controls.modes, around.config.defaultMode, step.runbook.id, now),
    safety: act.safety,
    breaker: {
      left: budget.acts - counted.length,
      of: `${budget.acts} acts (${breaker.verb}) per ${budget.per} on ${breaker.resource.replace(/\/host$/, '')}`,
    },
    deployment: deploymentSign(factsOf(looks, host).deployment),
    approval: approval?.decision === 'approved' || approval?.decision === 'denied' ? approval.decision : 'none',
    supersededBy: above ? `incident ${above.id} (${above.title})` : null,
    lockedBy: controls.lock && controls.lock.holder !== step.holder && controls.lock.until > now ? controls.lock.holder : null,
    waitedTooLong: facts.every((look) => between(look.startedAt, now) > LONGEST_WAIT_MS),
    notWell: notWell(act, looks, acts, step),
    nobodyToAsk: nobodyToAsk(around, step.run, act),
  };
  return {
    decision: gate(input),
    reason,
    call,
    facts,
    count: (at) => around.store.controls.count(breaker, `${step.holder}-${act.key}-${host}`, at, controls.breaker, counted),
  };
}

/** An alarm's run and a schedule's have none, whatever stands in their record. */
function overrideOf({ run: { by, reason, override = [] } }: Step): GateInput['override'] {
  return by.kind === 'person' && override.length > 0 ? { of: override, by: by.name, because: reason } : null;
}

/** A second person can only be told from the first where both have a name that counts. */
export function nobodyToAsk(
  { config }: Pick<Surroundings, 'config'>,
  { by }: Pick<Run, 'by'>,
  { approver }: Pick<Act, 'approver'>,
): string | null {
  if (approver === 'anyone') return null;
  if (by.kind !== 'person') return 'another person than the one who asked must approve it, and no person asked';
  if (by.name === NAMELESS)
    return 'another person than the one who asked must approve it: give requestedBy, so that it is known who asked';
  return config.namesAreTrusted && by.via === undefined
    ? null
    : 'another person than the one who asked must approve it, and here a name proves nobody: do it by hand, as the page of the runbook says';
}

interface Judgement {
  reason: Reason | { missing: string };
  /** What would be run; only where there is a reason. */
  call: ResolvedCall | undefined;
  /** The facts that the reason or the parameters were made of: these must be fresh. */
  read: ReadonlySet<string>;
}

function judge(act: Act, facts: Facts, looks: readonly LookRecord[], step: Step): Judgement {
  const watchedFacts = watched(facts);
  try {
    const reason = act.when(watchedFacts.facts, step.parameters, step.settings);
    if (!reason.needed) return { reason, call: undefined, read: watchedFacts.read };
    // The gate itself depends on the deployment's fact before it lets anything happen.
    if (!Object.hasOwn(facts, 'deployment')) throw new MissingFact('deployment');
    const { parameters } = act.command(act.with(watchedFacts.facts, step.parameters, step.settings));
    return { reason, call: { command: act.command.name, parameters }, read: new Set([...watchedFacts.read, 'deployment']) };
  } catch (error) {
    if (!(error instanceof MissingFact)) throw error;
    const failed = looks.find((look) => look.step === error.fact && look.status === 'failed');
    const unknown = `the fact "${error.fact}", on which it depends, could not be found`;
    return {
      // What the host or the script said comes first: it is the first line of a page.
      reason: { missing: failed && 'error' in failed ? `${failed.error}; so ${unknown}` : unknown },
      call: undefined,
      read: watchedFacts.read,
    };
  }
}

function resourceOf(act: Act, call: ResolvedCall): string {
  return act.command.resource?.(call.parameters) ?? 'host';
}

/** What an approval binds to: the resolved parameters of each host. A list that has grown asks again. */
export function hashOf(calls: Record<string, ResolvedCall>): string {
  return createHash('sha256').update(JSON.stringify(calls)).digest('hex').slice(0, 16);
}

/** Looking again ends somewhere: once for each act and host, for each approval, and three times more. */
function passesLeft(step: Step, approvals: readonly Approval[], hosts: number): number {
  const most = step.runbook.acts.length * Math.max(1, hosts) + approvals.filter((one) => one.run === step.run.number).length + 3;
  return most - step.pass;
}

const hostsOf = (looks: readonly LookRecord[]) => new Set(looks.map((look) => look.host).filter((host) => host !== OUTSIDE)).size;

/** A host on which this act was carried out and which needs it still is not well: the next host is not touched. */
function notWell(act: Act, looks: readonly LookRecord[], acts: readonly ActRecord[], step: Step): string | null {
  for (const record of acts.filter((one) => one.step === act.key && one.status === 'done' && one.pass < step.pass)) {
    const { reason } = judge(act, factsOf(looks, record.host), [], step);
    if (!('needed' in reason) || reason.needed) return `${record.host} is not well after it`;
  }
  return null;
}

async function alarmOf(around: Surroundings, step: Step, now: string): Promise<{ state: GateInput['alarm']; ageMs: number }> {
  const none = { state: 'none' as const, ageMs: Number.POSITIVE_INFINITY };
  if (!step.incident.dedupKey) return none;
  const claim = await around.store.claims.get(step.incident.dedupKey);
  // Its claim is gone: nobody can say that it still fires.
  if (!claim) return { ...none, state: 'unknown' };
  const last = lastFiring(claim);
  const ageMs = last ? between(last, now) : Number.POSITIVE_INFINITY;
  if (allClear(claim)) return { state: 'clear', ageMs };
  const names = claim.sources.flatMap((source) => (source.status !== 'cleared' && source.alarmName ? [source.alarmName] : []));
  const states = await Promise.all(names.map((name) => around.alarms.state(name)));
  if (states.includes('ALARM')) return { state: 'firing', ageMs };
  const askable = claim.sources.filter((source) => source.status !== 'cleared').every((source) => source.alarmName);
  return { state: askable && states.length > 0 && states.every((state) => state === 'OK') ? 'clear' : 'unknown', ageMs };
}

/** Somebody counted an act at the same moment: the gate must look again. */
export function lostRace(error: unknown): boolean {
  return error instanceof Conflict;
}
