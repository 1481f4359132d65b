import { undoByHand } from '../../runbooks/language/by-hand.ts';
import type { ClusterCommand, Command } from '../../runbooks/language/cluster.ts';
import type { HostCommand } from '../../runbooks/language/command.ts';
import type { Act } from '../../runbooks/language/definition.ts';
import { commandsFor, whereIs } from '../escalate/link.ts';
import { sendPage } from '../escalate/send-page.ts';
import { iso } from '../incident/clock.ts';
import type { ActRecord, UndoDebt } from '../incident/records.ts';
import { AFTERWARDS } from '../incident/rungs.ts';
import type { Surroundings } from '../surroundings.ts';
import { actKey } from './carry-out.ts';
import { turn } from './executors/cluster.ts';
import { type Ending, ending, send, wait } from './executors/host.ts';
import { targets } from './executors/targets.ts';
import { type Answer, ofStep, POLL_SECONDS, type Step } from './step.ts';

/** How long an undo is tried before a person is told that it did not work. */
const UNDO_MS = 10 * 60_000;

/** Whether a record still owes its undo: an unfinished change always, a finished one only when it was temporary and is due. */
export function owes(record: ActRecord, now: string): boolean {
  if (!record.undo || record.undo.paidAt) return false;
  if (record.status !== 'done') return true;
  return record.undo.due !== null && record.undo.due <= now;
}

/**
 * Takes back what an act left half-done, or what was only for a time. On its own key, so that it too is carried out once.
 * One that does not work is told, and does not keep the others from being tried.
 */
export async function undo(around: Surroundings, step: Step, definition: Act): Promise<Answer> {
  const now = iso(around.clock.now());
  const records = await around.store.steps.acts(step.incident.id, step.run.number);
  const owing = records.filter((record) => record.step === definition.key && owes(record, now));
  if (!definition.undo || owing.length === 0) return { outcome: 'skipped' };
  const command = definition.undo.command;
  const paid = await Promise.all(owing.map((record) => pay(around, step, definition, command, record)));
  return paid.every(Boolean) ? { outcome: 'done' } : { outcome: 'running', waitSeconds: POLL_SECONDS };
}

/** A run that is over pages nobody any more, and what it changed for a time has stayed: a person must hear of that. */
async function pageAfterwards(
  around: Surroundings,
  { incident, run, runbook, settings }: Step,
  definition: Act,
  record: ActRecord,
  says: string,
): Promise<void> {
  const what = `"${record.title}" on ${record.host}`;
  const place = { generation: run.number, rung: AFTERWARDS, role: runbook.escalate.to };
  await sendPage(around, incident, place, {
    subject: `${incident.severity} ${runbook.system.title}: ${what} was not taken back`.slice(0, 99),
    message: [
      `${what} ${record.undo?.due ? 'was for a time only' : 'was left half done'}, and it ${says}.`,
      `Please look: ${whereIs(around, incident.id)}`,
      ...commandsFor(around, incident.id, ['show']),
      '',
      `Nothing else will take it back. By hand: ${undoByHand(definition, settings, record.undo?.call.parameters)}`,
    ].join('\n'),
  });
}

/** How far an undo has come: `end` is there when it is over. */
interface Paying {
  commandId: string | null;
  end: Ending | undefined;
}

/** @returns whether it is over, well or not */
async function pay(around: Surroundings, step: Step, definition: Act, command: Command, record: ActRecord): Promise<boolean> {
  if (!record.undo) return true;
  // What the table says is carried out only where the code says the same: a record is no right to send any command.
  if (record.undo.call.command !== command.name)
    throw new Error(`the undo of ${definition.title} is ${command.name}, and the record of ${record.host} names another`);
  const begun = record.undo.begunAt ?? iso(around.clock.now());
  const paying =
    command.kind === 'host'
      ? await payOnHost(around, step, command, record, record.undo, begun)
      : await payInCluster(around, step, definition, command, record, record.undo, begun);
  const debt = { ...record.undo, begunAt: begun, commandId: paying.commandId };
  const now = iso(around.clock.now());
  if (!paying.end && Date.parse(now) - Date.parse(begun) < UNDO_MS) {
    if (!paying.commandId) await around.store.steps.saveAct(step.incident.id, { ...record, undo: debt });
    return false;
  }
  const end: Ending = paying.end ?? { status: 'failed', error: 'it did not end in time', evidence: '' };
  const ok = end.status === 'done';
  const says = ok ? `taken back: ${definition.title}` : `could not be taken back: ${end.error}`;
  // A run that is under way brings it to a person itself. First the page, then the end of the debt: else it could get lost.
  if (!ok && step.run.endedAt) await pageAfterwards(around, step, definition, record, says);
  await around.store.steps.saveAct(step.incident.id, { ...record, undo: { ...debt, paidAt: now, paid: ok, says } });
  await around.store.incidents.tell(step.incident.id, {
    ...ofStep(step, definition, record.host, now, 'undone'),
    type: 'undone',
    ok,
    says,
  });
  return true;
}

async function payOnHost(
  around: Surroundings,
  step: Step,
  command: HostCommand,
  record: ActRecord,
  undo: UndoDebt,
  begun: string,
): Promise<Paying> {
  if (record.status === 'started' && record.commandId) await around.hosts.cancel(record.commandId);
  const host = (await targets(around, step.settings, record.host)).find((target) => target.name === record.host);
  const commandId =
    undo.commandId ??
    (host?.reachable
      ? await send(around, undo.call, [host.instanceId], `${actKey(step.holder, record)}-undo`, begun)
      : undefined);
  if (commandId && !undo.commandId)
    await around.store.steps.saveAct(step.incident.id, { ...record, undo: { ...undo, begunAt: begun, commandId } });
  const state = commandId && host ? await wait(around, commandId, host.instanceId) : ({ state: 'running' } as const);
  return { commandId: commandId ?? null, end: state.state === 'running' ? undefined : ending(command, state) };
}

async function payInCluster(
  around: Surroundings,
  step: Step,
  definition: Act,
  command: ClusterCommand,
  record: ActRecord,
  { call }: UndoDebt,
  begun: string,
): Promise<Paying> {
  const on = definition.undo?.on(step.settings) ?? [];
  const key = `${actKey(step.holder, record)}-undo`;
  const end = await turn(around, step.settings, { command, call, on, key, startedAt: begun });
  return { commandId: null, end: end.status === 'running' ? undefined : end };
}
