import type { Look } from '../../runbooks/language/definition.ts';
import { between, iso } from '../incident/clock.ts';
import type { LookRecord } from '../incident/records.ts';
import type { Surroundings } from '../surroundings.ts';
import { outOfTime, turn } from './executors/cluster.ts';
import { type Ending, ending, send, wait } from './executors/host.ts';
import { seenFromOutside } from './executors/outside.ts';
import { targets } from './executors/targets.ts';
import { sayFacts } from './say-facts.ts';
import type { Step } from './step.ts';

export type Started = Extract<LookRecord, { status: 'started' }>;
export type Ended = Exclude<LookRecord, { status: 'started' }>;

/** One key a look and pass: a look that is sent again under it does no harm, since it only looks. */
export function commandKey(step: Step, key: string): string {
  return `${step.holder}-${step.pass}-${key}`;
}

/** A look that is over, with what is kept of its raw output. */
export interface Finished {
  record: Ended;
  text: string;
}

/** Carries a look out that was written down, or asks how it stands. @returns `undefined` while it is not over */
export async function goOn(around: Surroundings, step: Step, look: Look, record: Started): Promise<Finished | undefined> {
  if (look.kind === 'probe') return probed(around, step, look, record);
  if (look.kind === 'cluster') return ofCluster(around, step, look, record);
  const host = (await targets(around, step.settings, record.host)).find((target) => target.name === record.host);
  const instanceId = host?.instanceId ?? '';
  const commandId = record.commandId ?? (await resend(around, step, look, record, instanceId));
  const state = commandId
    ? await wait(around, commandId, instanceId)
    : ({ state: 'lost', how: 'it was refused', stdout: '', stderr: '' } as const);
  const now = iso(around.clock.now());
  if (state.state === 'running') {
    if (now < record.deadline) return undefined;
    if (commandId) await around.hosts.cancel(commandId);
    return {
      record: {
        ...record,
        status: 'failed',
        error: `no answer within ${between(record.startedAt, now) / 1_000} s`,
        endedAt: now,
        says: 'no answer in time',
        evidence: null,
      },
      text: '',
    };
  }
  return finished(step, look, { ...record, commandId: commandId ?? null }, now, ending(look.command, state));
}

/** A look at the cluster may take several turns, too: a Job that asks the database. */
async function ofCluster(
  around: Surroundings,
  step: Step,
  look: Extract<Look, { kind: 'cluster' }>,
  record: Started,
): Promise<Finished | undefined> {
  const { parameters } = look.command(look.with(step.parameters, step.settings));
  const { startedAt } = record;
  const end = await turn(around, step.settings, {
    command: look.command,
    call: { command: look.command.name, parameters },
    on: look.on(step.settings),
    key: commandKey(step, record.step),
    startedAt,
  });
  const now = iso(around.clock.now());
  if (end.status !== 'running') return finished(step, look, record, now, end);
  return now < record.deadline ? undefined : finished(step, look, record, now, outOfTime(end));
}

function finished(step: Step, look: Exclude<Look, { kind: 'probe' }>, record: Started, now: string, end: Ending): Finished {
  const evidence = end.evidence ? `${step.run.number}-${record.pass}-${record.step}-${record.host}` : null;
  const ended = { ...record, endedAt: now, evidence };
  return end.status === 'done'
    ? {
        record: { ...ended, status: 'done', facts: end.facts, says: look.says(end.facts) ?? sayFacts(end.facts) },
        text: end.evidence,
      }
    : { record: { ...ended, status: 'failed', error: end.error, says: end.error }, text: end.evidence };
}

/** A crash fell between writing down and sending. Looking twice harms nobody, but it is new: its time begins now. */
async function resend(
  around: Surroundings,
  step: Step,
  look: Extract<Look, { kind: 'host' }>,
  record: Started,
  instanceId: string,
): Promise<string | undefined> {
  const call = { command: look.command.name, parameters: look.command(look.with(step.parameters, step.settings)).parameters };
  const commandId = await send(around, call, [instanceId], commandKey(step, record.step), iso(around.clock.now()));
  if (commandId) await around.store.steps.saveLooks(step.incident.id, [{ ...record, commandId }]);
  return commandId;
}

async function probed(
  around: Surroundings,
  step: Step,
  look: Extract<Look, { kind: 'probe' }>,
  record: Started,
): Promise<Finished> {
  const [facts, words] = await seenFromOutside(around, look.probe(step.parameters, step.settings));
  const says = look.says(facts) ?? words;
  return { record: { ...record, status: 'done', facts, says, endedAt: iso(around.clock.now()), evidence: null }, text: '' };
}
