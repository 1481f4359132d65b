import type { Act } from '../../runbooks/language/definition.ts';
import { after, between, iso } from '../incident/clock.ts';
import type { ActRecord, LookRecord, UndoDebt } from '../incident/records.ts';
import type { TimelineEvent } from '../incident/timeline.ts';
import type { Surroundings } from '../surroundings.ts';
import { putQuestion } from './ask.ts';
import { askGate, factsOf, type Judged, lostRace } from './ask-gate.ts';
import { goOn } from './carry-out.ts';
import { DELIVERY_SECONDS, GRACE_SECONDS } from './executors/host.ts';
import type { GateDecision } from './gate.ts';
import { OUTSIDE } from './look.ts';
import { type Answer, describe, ofStep, type Step } from './step.ts';

type Started = Extract<ActRecord, { status: 'started' }>;

/** How soon it asks again for what another run holds. */
const LOCK_AGAIN_SECONDS = 5;
/** The lock outlives the act's own deadline by so much; the verification after it renews it. */
const LEASE_MARGIN_MS = 10 * 60_000;

/**
 * One act, on each host that facts prove ill: one host after the other, each behind the gate, each written down before it is
 * carried out. After an act the facts are old, so the next host is looked at afresh before it is touched.
 */
export async function act(around: Surroundings, step: Step, definition: Act): Promise<Answer> {
  const [records, looks] = await Promise.all([
    around.store.steps.acts(step.incident.id, step.run.number),
    around.store.steps.looks(step.incident.id, step.run.number, step.pass),
  ]);
  const mine = (host: string) => records.find((record) => record.step === definition.key && record.host === host);
  const hosts = [...new Set(looks.map((look) => look.host))].filter((host) => host !== OUTSIDE).sort();
  let acted = false;
  for (const host of hosts) {
    const record = mine(host);
    if (record) {
      const answer = await goOn(around, step, definition, record);
      if (answer.outcome !== 'done') return answer;
      acted = true;
      if (host !== hosts.at(-1) && record.pass === step.pass) return settled(around, step, record);
      continue;
    }
    const judged = await askGate(around, step, { act: definition, host, looks, acts: records });
    const { answer } = judged.decision;
    if (answer === 'go') {
      const begun = await begin(around, step, definition, host, judged);
      // What is known of the other hosts is older than this act: they are looked at afresh, and then it is their turn.
      const others = host !== hosts.at(-1);
      return begun.outcome === 'done' && others ? { outcome: 'running', waitSeconds: settleSeconds(step) } : begun;
    }
    if (answer === 'ask') return ask(around, step, definition, host, judged);
    if (answer !== 'skipped') return notNow(around, step, definition, host, judged.decision);
    await tellSkipped(around, step, definition, host, judged);
  }
  if (hosts.length === 0)
    return notNow(around, step, definition, OUTSIDE, { answer: 'refused', reasons: ['no host was looked at'] });
  return { outcome: acted ? 'done' : 'skipped' };
}

const settleSeconds = ({ runbook }: Step) => Math.max(1, runbook.verify?.settleSeconds ?? 0);

/**
 * A host that was touched has the time that the verification gives it, too; then all are looked at afresh. What fails seconds
 * after its start looks well at once, and the next host would be lost as well.
 */
function settled(around: Surroundings, step: Step, record: ActRecord): Answer {
  const now = iso(around.clock.now());
  const from = after('endedAt' in record ? record.endedAt : now, settleSeconds(step) * 1_000);
  return now < from
    ? { outcome: 'running', waitSeconds: Math.ceil(between(now, from) / 1_000) }
    : { outcome: 'stale', pass: step.pass + 1 };
}

/** The gate said something else than go: it is told, and the machine branches on it. */
async function notNow(
  around: Surroundings,
  step: Step,
  definition: Act,
  host: string,
  { answer, reasons }: GateDecision,
): Promise<Answer> {
  const at = iso(around.clock.now());
  // Waiting for a lock is one thing to tell, however often it is asked.
  if (answer !== 'running' && answer !== 'stale')
    await around.store.incidents.tell(step.incident.id, gateEvent(step, definition, host, at, { answer, reasons }));
  const message = `${definition.title}: ${reasons.join('; ')}`;
  if (answer === 'running') return { outcome: 'running', waitSeconds: LOCK_AGAIN_SECONDS, message };
  if (answer === 'stale') return { outcome: 'stale', pass: step.pass + 1, message };
  if (answer === 'ask') return { outcome: 'ask', message };
  return { outcome: 'refused', message: `${reasons.join('; ')} (not done: ${definition.title})` };
}

/** Only a person may say yes. The question is written down now; the next state waits for the answer. */
async function ask(around: Surroundings, step: Step, definition: Act, host: string, judged: Judged): Promise<Answer> {
  const { call, reason, decision } = judged;
  if (!call || !('needed' in reason)) throw new Error(`${definition.title}: the gate asks for an act without a reason`);
  await putQuestion(around, step, {
    act: definition,
    host,
    call,
    why: [reason.why, ...decision.reasons],
    facts: factsOf(judged.facts, host),
  });
  return notNow(around, step, definition, host, decision);
}

async function tellSkipped(
  around: Surroundings,
  step: Step,
  definition: Act,
  host: string,
  { decision, call, reason }: Judged,
): Promise<void> {
  const would = decision.held && 'needed' in reason && call ? `${reason.why}: ${describe(call)}` : null;
  const at = iso(around.clock.now());
  await around.store.incidents.tell(step.incident.id, {
    ...ofStep(step, definition, host, at, `skipped-${step.pass}`),
    type: 'act-skipped',
    why: decision.reasons.join('; '),
    wouldHave: would,
  });
}

async function begin(
  around: Surroundings,
  step: Step,
  definition: Act,
  host: string,
  { decision, call, reason, count, facts }: Judged,
): Promise<Answer> {
  if (!call || !reason || !('needed' in reason)) throw new Error(`${definition.title}: the gate said go without a reason`);
  const startedAt = iso(around.clock.now());
  const seconds = definition.command.timeoutSeconds + DELIVERY_SECONDS + GRACE_SECONDS;
  const deadline = after(startedAt, seconds * 1_000);
  const lock = {
    v: 1 as const,
    system: step.runbook.system.id,
    holder: step.holder,
    incidentId: step.incident.id,
    until: after(deadline, LEASE_MARGIN_MS),
  };
  if (!(await around.store.controls.acquire(lock, startedAt)))
    return { outcome: 'running', waitSeconds: 5, message: 'the lock was taken meanwhile' };
  try {
    await count(startedAt);
  } catch (error) {
    if (lostRace(error)) return { outcome: 'running', waitSeconds: 1, message: 'another act was counted at the same moment' };
    throw error;
  }
  const record: Started = {
    v: 1,
    status: 'started',
    run: step.run.number,
    pass: step.pass,
    step: definition.key,
    host,
    title: definition.title,
    because: reason.why,
    call,
    undo: debtOf(definition, facts, step, startedAt),
    startedAt,
    deadline,
    commandId: null,
  };
  if (!(await around.store.steps.beginAct(step.incident.id, record))) return { outcome: 'running', waitSeconds: 1 };
  await around.store.incidents.tell(step.incident.id, gateEvent(step, definition, host, startedAt, decision), {
    ...ofStep(step, definition, host, startedAt, 'started'),
    type: 'act-started',
    because: reason.why,
    command: call.command,
    parameters: call.parameters,
  });
  return goOn(around, step, definition, record);
}

function debtOf(definition: Act, facts: LookRecord[], step: Step, startedAt: string): UndoDebt | null {
  const { undo } = definition;
  if (!undo) return null;
  const given = undo.with(factsOf(facts, ''), step.parameters, step.settings);
  return {
    call: { command: undo.command.name, parameters: undo.command(given).parameters },
    due: undo.takeBackSeconds === null ? null : after(startedAt, undo.takeBackSeconds * 1_000),
    begunAt: null,
    commandId: null,
    paidAt: null,
    paid: false,
    says: null,
  };
}

function gateEvent(step: Step, definition: Act, host: string, at: string, { answer, reasons }: GateDecision): TimelineEvent {
  return { ...ofStep(step, definition, host, at, `gate-${step.pass}-${answer}`), type: 'gate', answer, reasons };
}
