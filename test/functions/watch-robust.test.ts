import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { makeClients } from '../../functions/aws/clients.ts';
import { resolve } from '../../functions/console/commands/resolve.ts';
import { iso } from '../../functions/incident/clock.ts';
import type { UndoDebt } from '../../functions/incident/records.ts';
import { HELD_CLAIMS, type Key, key, OPEN_INCIDENTS, UNDO_DEBTS } from '../../functions/incident/table.ts';
import { intake } from '../../functions/intake/intake.ts';
import { log } from '../../functions/log.ts';
import { runStep } from '../../functions/run-step/run-step.ts';
import { watch } from '../../functions/watch/watch.ts';
import type { Whole, whole } from '../local/whole.ts';
import { page } from './aws/table/records.ts';
import { countedRunbook } from './counted-runbook.ts';
import { alertmanagerMessage } from './intake/messages.ts';
import { leaveOneFile } from './leave-one-file.ts';
import { pass, round, withRunbook } from './watching.ts';

const DAY_MS = 86_400_000;
const one = leaveOneFile('one', 'DiskSpaceLow');
type Options = NonNullable<Parameters<typeof whole>[0]>;

async function quiet(options: Options = {}, runbook = one): Promise<Whole> {
  const system = await withRunbook(runbook, options);
  log.setLogLevel('SILENT');
  return system;
}

const put = (system: Whole, at: Key, item: object) =>
  system.clock.during(makeClients().table.send(new PutCommand({ TableName: system.names.table, Item: { ...at, ...item } })));

/** An incident of an alert that no runbook knows, with a page that is due and was never sent. */
async function forgottenPage(system: Whole): Promise<string> {
  await system.clock.during(intake(system.around)(alertmanagerMessage('QueueStuck')));
  const id = (await system.incidents()).at(-1)?.id ?? '';
  const due = { generation: 9, rung: 0, role: 'devops', dueAt: iso(new Date(system.clock.now().getTime() - 60_000)) };
  await system.around.store.people.due(id, page({ ...due, subject: 'P1 SIRA: forgotten', message: 'Please take it' }), due.dueAt);
  return id;
}

async function stopExecution(system: Whole): Promise<void> {
  const [execution] = system.aws.executions();
  await system.clock.during(new SFNClient({}).send(new StopExecutionCommand({ executionArn: execution?.executionArn })));
  await system.until(() => system.runs().every(({ status }) => status !== 'RUNNING'));
}

const operatorsOf = (system: Whole) => system.aws.inbox().filter(({ role }) => role === 'operators');
const devopsOf = (system: Whole) => system.aws.inbox().filter(({ role }) => role === 'devops');

describe('a record that is none of ours', () => {
  it('keeps no other from being proven, is named, and is told to the operators once a day', async () => {
    const system = await quiet();
    await forgottenPage(system);
    // Of the highest severity: it comes before every other.
    await put(system, key.incident('BAD'), { gsiPk: OPEN_INCIDENTS, gsiSk: '0#', v: 99 });
    await put(system, key.act('BAD', 1, 'x', 'y'), { gsiPk: UNDO_DEBTS, gsiSk: '0', incidentId: 'BAD' });
    await put(system, key.claim('BAD'), { gsiPk: HELD_CLAIMS, gsiSk: '0', v: 99 });
    const watching = watch(system.around);

    const found = await round(system, watching);
    expect(found).toContain('INCIDENT#BAD INCIDENT');
    expect(found).toContain('INCIDENT#BAD ACT#001#x#y');
    expect(devopsOf(system)).toHaveLength(1);
    expect(operatorsOf(system).map(({ message }) => message)).toEqual([
      expect.stringContaining('CLAIM#BAD CLAIM'),
      expect.stringContaining('INCIDENT#BAD INCIDENT'),
      expect.stringContaining('INCIDENT#BAD ACT#001#x#y'),
    ]);

    expect(await round(system, watching), 'still not clean').toContain('INCIDENT#BAD');
    expect(operatorsOf(system)).toHaveLength(3);
    await pass(system, DAY_MS);
    await round(system, watching);
    const mails = operatorsOf(system);
    expect(mails.filter(({ message }) => /(CLAIM|INCIDENT)#BAD/.test(message))).toHaveLength(6);
    // In a day the ladder of the incident has been climbed in vain as well.
    expect(mails.filter(({ message }) => !/(CLAIM|INCIDENT)#BAD/.test(message))).toMatchObject([
      { message: expect.stringMatching(/Who was asked/) },
    ]);
  });

  it('among the pages of an incident keeps the others from nothing', async () => {
    const system = await quiet();
    const id = await forgottenPage(system);
    await put(system, key.page(id, 0, 0, 'x'), { v: 99 });
    expect(await round(system)).toBe(`watch could not prove: INCIDENT#${id} PAGE#000#000#x, the ladder of ${id}`);
    expect(devopsOf(system)).toHaveLength(1);
  });
});

it('a runbook that is registered no more keeps no run from a person, and no other incident from its page', async () => {
  const system = await quiet({ invocation: () => new Promise<never>(() => {}) });
  await system.clock.during(intake(system.around)(alertmanagerMessage('DiskSpaceLow')));
  const { id } = await system.incident();
  await stopExecution(system);
  await forgottenPage(system);
  const watching = watch({ ...system.around, runbooks: [] });
  expect(await round(system, watching)).toBe(`watch could not prove: run ${id}-1`);
  expect(devopsOf(system)).toHaveLength(1);
  expect(await system.around.store.incidents.get(id)).toMatchObject({ automation: 'escalated' });
  expect(await round(system, watching)).toEqual([]);
});

describe("a role's topic that takes nothing", () => {
  /** Only the operators' topic, or not even that. */
  const deaf = async (whose: 'roles' | 'all') => {
    const system = await quiet();
    const { topics, names } = system.around;
    const publish: typeof topics.publish = async (topic, ...text) => {
      if (whose === 'all' || topic !== names.operatorsTopic) throw new Error(`no topic ${topic}`);
      return topics.publish(topic, ...text);
    };
    return { system, around: { ...system.around, topics: Object.assign(Object.create(topics), { publish }) } };
  };

  it('is made up for by the operators, who are told whom it was for, once', async () => {
    const { system, around } = await deaf('roles');
    const id = await forgottenPage(system);
    const watching = watch(around);
    expect(await round(system, watching)).toEqual(['sent the page "P1 SIRA: forgotten", which was due']);
    expect(operatorsOf(system)).toMatchObject([
      { subject: 'DevOps not reached: P1 SIRA: forgotten', message: expect.stringContaining('Please take it') },
    ]);
    const timeline = await system.around.store.incidents.timeline(id);
    expect(timeline).toContainEqual(expect.objectContaining({ type: 'page-sent', role: 'operators (instead of devops)' }));
    expect(await round(system, watching)).toEqual([]);
  });

  it('leaves the page due where the operators can not be reached either', async () => {
    const { system, around } = await deaf('all');
    const id = await forgottenPage(system);
    expect(await round(system, watch(around))).toContain('the page "P1 SIRA: forgotten"');
    expect((await system.around.store.people.pages(id)).filter(({ sentAt }) => !sentAt)).toHaveLength(1);
  });

  it('is made up for in the last resort too, which knows no incident', async () => {
    const { system, around } = await deaf('roles');
    const lost = { kind: 'escalate', runbook: one.id, step: '', execution: 'arn:x', executionName: '?', state: {} } as const;
    await system.clock.during(runStep(around)(lost));
    expect(operatorsOf(system)).toMatchObject([{ subject: expect.stringContaining('On-call engineer not reached: ') }]);
  });
});

describe('a run of an incident that a person resolved', () => {
  /** A run whose command was under way when its execution was stopped, in an incident that a person then resolved. */
  const dead = async (owing: Partial<UndoDebt> = {}) => {
    const system = await quiet({}, countedRunbook(false));
    const { store } = system.around;
    system.alarm('sira-DiskSpaceLow', 'ALARM');
    const begun = async () => (await store.steps.acts((await system.incident()).id, 1))[0];
    await system.until(async () => (await system.incidents()).length > 0 && (await begun()) !== undefined);
    await stopExecution(system);
    const act = await begun();
    if (!act?.undo) throw new Error('nothing is owed');
    const { id } = await system.incident();
    const { run, pass: inPass, step, host, title, because, call, startedAt, deadline, commandId } = act;
    const sent = { run, pass: inPass, step, host, title, because, call, startedAt, deadline, commandId };
    await store.steps.saveAct(id, { v: 1, status: 'started', ...sent, undo: { ...act.undo, ...owing } });
    await system.clock.during(resolve(system.around)(id, { by: 'Ada', reason: 'by hand' }));
    return { system, store, id, begun };
  };

  it('that died is settled: its undo paid, its lock let go, nobody paged', async () => {
    const { system, store, id, begun } = await dead();
    expect(await store.controls.lock('sira')).toBeDefined();
    expect(await round(system)).toEqual([expect.stringContaining('took back')]);
    expect(await store.controls.lock('sira')).toBeUndefined();
    expect(await begun()).toMatchObject({ status: 'doubt', undo: { paid: true } });
    expect(await system.incident()).toMatchObject({
      status: 'resolved',
      runs: { '1': { ended: 'interrupted', endedAt: expect.any(String) } },
    });
    expect((await store.incidents.timeline(id)).filter(({ type }) => type === 'run-ended')).toHaveLength(1);
    expect(system.aws.inbox()).toEqual([]);
    expect(await round(system)).toEqual([]);
  });

  it('that died pages for an undo that does not work, once', async () => {
    const { system, store } = await dead({ begunAt: '2020-01-01T00:00:00.000Z', commandId: 'no-such-command' });
    await round(system);
    expect(system.aws.inbox()).toMatchObject([{ subject: expect.stringContaining('was not taken back') }]);
    expect(await store.controls.lock('sira')).toBeUndefined();
    expect(await round(system)).toEqual([]);
    expect(system.aws.inbox()).toHaveLength(1);
  });

  it('that still works keeps its lock, until it has come to its end', async () => {
    const system = await quiet();
    const { controls, steps } = system.around.store;
    system.alarm('sira-DiskSpaceLow', 'ALARM');
    await system.until(
      async () => (await system.incidents()).length > 0 && (await steps.acts((await system.incident()).id, 1)).length > 0,
    );
    const { id } = await system.incident();
    await system.clock.during(resolve(system.around)(id, { by: 'Ada', reason: 'by hand' }));
    expect(system.quiet(), 'it is at work').toBe(false);
    await system.clock.during(watch(system.around)());
    expect(await controls.lock('sira')).toMatchObject({ holder: `${id}-1` });
    await system.until(() => system.quiet());
    expect(await controls.lock('sira')).toBeUndefined();
  });
});

it('tells the operators of dead letters once, and again when there are more', async () => {
  const system = await quiet();
  const watching = watch(system.around);
  const told = () => system.aws.inbox().filter(({ subject }) => subject.includes('could not be handled'));
  const queue = new SQSClient({});
  const dead = async () => {
    const { QueueUrl } = await queue.send(new GetQueueUrlCommand({ QueueName: system.names.deadLetters }));
    await queue.send(new SendMessageCommand({ QueueUrl, MessageBody: 'nobody can read this' }));
  };
  expect(await round(system, watching)).toEqual([]);
  expect(told()).toEqual([]);
  await system.clock.during(dead());
  await round(system, watching);
  await round(system, watching);
  expect(told().map(({ role, subject }) => [role, subject])).toEqual([['operators', 'Firebreak: 1 signal could not be handled']]);
  await system.clock.during(dead());
  await round(system, watching);
  expect(told().map(({ subject }) => subject)).toContain('Firebreak: 2 signals could not be handled');
});
