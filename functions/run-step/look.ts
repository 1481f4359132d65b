import { DEFAULT_FRESH_SECONDS, type Look } from '../../runbooks/language/definition.ts';
import { after, between, iso } from '../incident/clock.ts';
import type { Evidence, LookRecord } from '../incident/records.ts';
import type { TimelineEvent } from '../incident/timeline.ts';
import type { Surroundings } from '../surroundings.ts';
import { placeOf, TURN_SECONDS } from './executors/cluster.ts';
import { DELIVERY_SECONDS, GRACE_SECONDS, send } from './executors/host.ts';
import { targets } from './executors/targets.ts';
import { commandKey, type Ended, type Finished, goOn, type Started } from './see.ts';
import { type Answer, POLL_SECONDS, type Step } from './step.ts';

/** Where a look from outside is filed: it has no host. */
export const OUTSIDE = '-';

/** A diagnosis: a look whose failure is recorded and stops nothing; the gate hears which fact is missing. */
export async function diagnose(around: Surroundings, step: Step, look: Look): Promise<Answer> {
  const records = await lookOnce(around, step, look, look.key);
  return records.some((record) => record.status === 'started')
    ? { outcome: 'running', waitSeconds: look.kind === 'cluster' ? TURN_SECONDS : POLL_SECONDS }
    : { outcome: 'done' };
}

/**
 * Begins a look, or goes on with it. Asked again, it only asks how the commands stand.
 * @param key under which the look is filed in this pass
 * @returns one record a host; those that are still `started` run
 */
export async function lookOnce(around: Surroundings, step: Step, look: Look, key: string): Promise<LookRecord[]> {
  const before = await around.store.steps.looks(step.incident.id, step.run.number, step.pass, key);
  const kept = before.length > 0 ? [] : await stillGood(around, step, look, key);
  if (kept.length > 0) return kept;
  const records = before.length > 0 ? before : await begin(around, step, look, key);
  const running = records.filter((record) => record.status === 'started');
  if (running.length === 0) return records;
  const ended = (await Promise.all(running.map((record) => goOn(around, step, look, record)))).filter((one) => one !== undefined);
  await finish(around, step, ended);
  const onTheirWay = running.filter((record) => !ended.some(({ record: done }) => done.host === record.host));
  if (before.length === 0 && onTheirWay.length > 0) await around.store.steps.saveLooks(step.incident.id, onTheirWay);
  return records.map((record) => ended.find(({ record: done }) => done.host === record.host)?.record ?? record);
}

/**
 * What the last pass found, where the runbook says that it is good for longer than a pass. To look again at what takes minutes
 * (unpacking every backup) would make all the rest old, pass after pass, and nothing would ever be done.
 */
async function stillGood(around: Surroundings, step: Step, look: Look, key: string): Promise<LookRecord[]> {
  if (step.pass === 1 || look.freshSeconds <= DEFAULT_FRESH_SECONDS) return [];
  const now = iso(around.clock.now());
  const last = await around.store.steps.looks(step.incident.id, step.run.number, step.pass - 1, key);
  const good = last.every((record) => record.status === 'done' && between(record.endedAt, now) < look.freshSeconds * 1_000);
  if (last.length === 0 || !good || (await touchedSince(around, step, last))) return [];
  const kept = last.map((record) => ({ ...record, pass: step.pass }));
  await around.store.steps.saveLooks(step.incident.id, kept);
  return kept;
}

/**
 * Whether something was done since, where there are several hosts: before the next one is touched, it must be seen how the one
 * before it is now.
 */
async function touchedSince(around: Surroundings, step: Step, last: readonly LookRecord[]): Promise<boolean> {
  if (last.length < 2) return false;
  const acts = await around.store.steps.acts(step.incident.id, step.run.number);
  return last.some((look) => acts.some((act) => act.host === look.host && act.startedAt >= look.startedAt));
}

/** Writes the look down, then carries it out: observing goes to all hosts at once. */
async function begin(around: Surroundings, step: Step, look: Look, key: string): Promise<LookRecord[]> {
  const startedAt = iso(around.clock.now());
  const base = {
    v: 1 as const,
    run: step.run.number,
    pass: step.pass,
    step: key,
    title: look.title,
    startedAt,
    deadline: after(startedAt, lastsSeconds(look) * 1_000),
    commandId: null,
  };
  const hosts = look.kind === 'host' ? await targets(around, step.settings, step.incident.target) : [];
  const [lost, found] = [hosts.filter((host) => !host.reachable), hosts.filter((host) => host.reachable)];
  const failed = lost.map(
    (host): Ended => ({
      ...base,
      host: host.name,
      status: 'failed',
      error: host.why,
      endedAt: startedAt,
      says: host.why,
      evidence: null,
    }),
  );
  const names = look.kind === 'host' ? found.map((host) => host.name) : [placeOfLook(step, look)];
  const started = names.map((host): Started => ({ ...base, host, status: 'started' }));
  await around.store.steps.saveLooks(step.incident.id, [...failed, ...started]);
  if (failed.length > 0) await tell(around, step, failed);
  if (look.kind !== 'host' || found.length === 0) return [...failed, ...started];

  const call = { command: look.command.name, parameters: look.command(look.with(step.parameters, step.settings)).parameters };
  const commandId = await send(
    around,
    call,
    found.map((host) => host.instanceId),
    commandKey(step, key),
    startedAt,
  );
  // The command's id is written down only if this invocation does not see its end: sent again, a look does no harm.
  if (commandId) return [...failed, ...started.map((record): Started => ({ ...record, commandId }))];
  const denied = started.map((record) => refused(record, startedAt));
  await around.store.steps.finishLooks(
    step.incident.id,
    denied,
    [],
    denied.map((record) => lookedEvent(step, record)),
  );
  return [...failed, ...denied];
}

/** How long a look may take in all. */
function lastsSeconds(look: Look): number {
  if (look.kind === 'probe') return 30;
  return look.command.timeoutSeconds + (look.kind === 'host' ? DELIVERY_SECONDS + GRACE_SECONDS : GRACE_SECONDS);
}

/** Under which name it is filed: a cluster is looked at as a whole. */
function placeOfLook(step: Step, look: Exclude<Look, { kind: 'host' }>): string {
  return look.kind === 'cluster' ? placeOf(step.settings).name : OUTSIDE;
}

function refused(record: Started, at: string): Ended {
  const why = 'Systems Manager refused the instance: it is not running, or not managed';
  return { ...record, status: 'failed', error: why, endedAt: at, says: why, evidence: null };
}

async function finish(around: Surroundings, step: Step, finished: readonly Finished[]): Promise<void> {
  if (finished.length === 0) return;
  const evidence = finished
    .filter(({ record }) => record.evidence)
    .map(
      ({ record, text }): Evidence => ({
        v: 1,
        id: record.evidence ?? '',
        title: record.title,
        host: record.host,
        at: record.endedAt,
        text,
      }),
    );
  const records = finished.map(({ record }) => record);
  // A look of a verification is told by the check that it is part of.
  const told = records.filter((record) => !record.step.startsWith('verify.'));
  await around.store.steps.finishLooks(
    step.incident.id,
    records,
    evidence,
    told.map((record) => lookedEvent(step, record)),
  );
}

async function tell(around: Surroundings, step: Step, records: readonly Ended[]): Promise<void> {
  await around.store.incidents.tell(step.incident.id, ...records.map((record) => lookedEvent(step, record)));
}

function lookedEvent(step: Step, record: Ended): TimelineEvent {
  const { run, pass, title, host, evidence } = record;
  return {
    v: 1,
    type: 'looked',
    at: record.endedAt,
    key: `${run}-${pass}-${record.step}-${host}`,
    by: step.by,
    run,
    pass,
    step: record.step,
    title,
    host,
    ok: record.status === 'done',
    tookMs: between(record.startedAt, record.endedAt),
    says: record.says,
    evidence,
  };
}
