import type { ClusterCommand } from '../../runbooks/language/cluster.ts';
import type { HostCommand } from '../../runbooks/language/command.ts';
import type { Act } from '../../runbooks/language/definition.ts';
import { between, iso } from '../incident/clock.ts';
import type { ActRecord, Evidence } from '../incident/records.ts';
import type { TimelineEvent } from '../incident/timeline.ts';
import type { Surroundings } from '../surroundings.ts';
import { outOfTime, TURN_SECONDS, turn } from './executors/cluster.ts';
import { ending, send, wait } from './executors/host.ts';
import { targets } from './executors/targets.ts';
import { sayFacts } from './say-facts.ts';
import { type Answer, ofStep, POLL_SECONDS, type Step } from './step.ts';

type Started = Extract<ActRecord, { status: 'started' }>;

/** Carries a written act out, or asks how it stands. The host sees to it that one key acts once. */
export async function goOn(around: Surroundings, step: Step, definition: Act, record: ActRecord): Promise<Answer> {
  if (record.status === 'done') return { outcome: 'done' };
  if (record.status !== 'started') return { outcome: 'failed', message: `${record.title} on ${record.host}: ${record.error}` };
  const { command } = definition;
  return command.kind === 'cluster'
    ? goOnInCluster(around, step, definition, command, record)
    : goOnOnHost(around, step, definition, command, record);
}

/** What it does to the cluster it does under its key, so that a turn that is taken again finds it done. */
async function goOnInCluster(
  around: Surroundings,
  step: Step,
  definition: Act,
  command: ClusterCommand,
  record: Started,
): Promise<Answer> {
  const { call, startedAt } = record;
  const on = definition.on(step.settings);
  const end = await turn(around, step.settings, { command, call, on, key: actKey(step.holder, record), startedAt });
  if (end.status !== 'running') return finish(around, step, definition, record, end);
  if (iso(around.clock.now()) >= record.deadline) return finish(around, step, definition, record, outOfTime(end));
  return { outcome: 'running', waitSeconds: TURN_SECONDS, message: `${record.title}: ${end.waitsFor}` };
}

async function goOnOnHost(
  around: Surroundings,
  step: Step,
  definition: Act,
  command: HostCommand,
  record: Started,
): Promise<Answer> {
  const host = (await targets(around, step.settings, record.host)).find((target) => target.name === record.host);
  const instanceId = host?.instanceId ?? '';
  const key = actKey(step.holder, record);
  const commandId = record.commandId ?? (await send(around, record.call, [instanceId], key, record.startedAt));
  if (!commandId)
    return finish(around, step, definition, record, {
      status: 'failed',
      error: 'Systems Manager refused the instance',
      evidence: '',
    });
  if (!record.commandId) await around.store.steps.saveAct(step.incident.id, { ...record, commandId });
  const state = await wait(around, commandId, instanceId);
  if (state.state !== 'running') return finish(around, step, definition, { ...record, commandId }, ending(command, state));
  if (iso(around.clock.now()) < record.deadline) return { outcome: 'running', waitSeconds: POLL_SECONDS };
  await around.hosts.cancel(commandId);
  const last = await around.hosts.state(commandId, instanceId);
  const end =
    last.state === 'ended'
      ? ending(command, last)
      : {
          status: 'doubt' as const,
          error: 'it did not end in time and was cancelled; it is not known how far it came',
          evidence: '',
        };
  return finish(around, step, definition, { ...record, commandId }, end);
}

/** The name under which a host carries an act out once and never again: with its undo's `-undo`, 200 characters at most. */
export function actKey(holder: string, record: Pick<ActRecord, 'step' | 'host'>): string {
  return `${holder}-${record.step}-${record.host}`.slice(0, 195);
}

async function finish(
  around: Surroundings,
  step: Step,
  definition: Act,
  record: Started,
  end: ReturnType<typeof ending>,
): Promise<Answer> {
  const endedAt = iso(around.clock.now());
  const id = `${record.run}-${record.step}-${record.host}`;
  const evidence: Evidence | null = end.evidence
    ? { v: 1, id, title: record.title, host: record.host, at: endedAt, text: end.evidence }
    : null;
  const says = end.status === 'done' ? (definition.says(end.facts) ?? sayFacts(end.facts)) : end.error;
  const common = { ...record, endedAt, says, evidence: evidence?.id ?? null };
  const ended: ActRecord =
    end.status === 'done' ? { ...common, status: 'done', facts: end.facts } : { ...common, status: end.status, error: end.error };
  const event: TimelineEvent = {
    ...ofStep(step, definition, record.host, endedAt, 'finished'),
    type: 'act-finished',
    ok: end.status === 'done',
    tookMs: between(record.startedAt, endedAt),
    says,
    evidence: common.evidence,
  };
  await around.store.steps.finishAct(step.incident.id, ended, evidence, event);
  return end.status === 'done'
    ? { outcome: 'done' }
    : { outcome: 'failed', message: `${record.title} on ${record.host}: ${says}` };
}
