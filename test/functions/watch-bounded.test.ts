import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { after, iso } from '../../functions/incident/clock.ts';
import type { UndoDebt } from '../../functions/incident/records.ts';
import { intake } from '../../functions/intake/intake.ts';
import { watch } from '../../functions/watch/watch.ts';
import type { Whole } from '../local/whole.ts';
import { page } from './aws/table/records.ts';
import { countedRunbook } from './counted-runbook.ts';
import { alertmanagerMessage } from './intake/messages.ts';
import { leaveOneFile } from './leave-one-file.ts';
import { heartbeat, pass, round, withRunbook } from './watching.ts';

async function stopExecution(system: Whole): Promise<void> {
  const [execution] = system.aws.executions();
  await system.clock.during(new SFNClient({}).send(new StopExecutionCommand({ executionArn: execution?.executionArn })));
  await system.until(() => system.quiet());
}

/** A run that was stopped in the middle of its act, and owes its undo. */
async function deadRun(owing: Partial<UndoDebt> = {}): Promise<Whole> {
  const system = await withRunbook(countedRunbook(false));
  system.alarm('sira-DiskSpaceLow', 'ALARM');
  const { steps } = system.around.store;
  const begun = async () => (await steps.acts((await system.incident()).id, 1))[0];
  await system.until(async () => (await system.incidents()).length > 0 && (await begun()) !== undefined);
  await stopExecution(system);
  const act = await begun();
  if (!act?.undo) throw new Error('nothing is owed');
  const { run, pass: inPass, step, host, title, because, call, startedAt, deadline, commandId } = act;
  const sent = { run, pass: inPass, step, host, title, because, call, startedAt, deadline, commandId };
  await steps.saveAct((await system.incident()).id, { v: 1, status: 'started', ...sent, undo: { ...act.undo, ...owing } });
  return system;
}

const undone = async (system: Whole) =>
  (await system.around.store.incidents.timeline((await system.incident()).id)).filter(({ type }) => type === 'undone');

describe('the heartbeat', () => {
  it('comes after a clean round, and only then', async () => {
    const system = await withRunbook(leaveOneFile('one', 'DiskSpaceLow'));
    await round(system);
    expect(heartbeat(system)).toBe(iso(system.clock.now()));
    expect(system.aws.metrics()).toMatchObject([{ dimensions: { Deployment: 'firebreak' }, value: 1, unit: 'Count' }]);
    const first = heartbeat(system);
    await pass(system, 60_000);
    const broken = Object.assign(Object.create(system.around.store.controls), {
      lock: () => Promise.reject(new Error('no answer')),
    });
    const around = { ...system.around, store: { ...system.around.store, controls: broken } };
    expect(await round(system, watch(around))).toContain('could not prove: the lock of sira');
    expect(heartbeat(system)).toBe(first);
  });
});

describe('a round that is ended at some time', () => {
  it('leaves a slow undo to the next round after a quarter of it, and proves the rest', async () => {
    // Its command is on its way for ever: no host has heard of it, and none will.
    const system = await deadRun({ commandId: 'on-its-way', begunAt: '2026-10-04T03:14:00.000Z' });
    const { hosts } = system.around;
    const { state } = hosts;
    Object.assign(hosts, { state: () => Promise.resolve({ state: 'running' as const }) });
    const began = iso(system.clock.now());
    expect(await round(system, watch(system.around), 60_000)).toEqual([expect.stringContaining('to a person')]);
    expect(iso(system.clock.now()) <= after(began, 20_000), 'a quarter, and one look').toBe(true);
    expect(heartbeat(system), 'all of it was looked at').toBeDefined();
    expect(await system.around.store.controls.lock('sira')).toBeUndefined();
    expect(await system.around.store.steps.debts(), 'still owed').toHaveLength(1);

    Object.assign(hosts, { state });
    await pass(system, 10 * 60_000);
    await round(system);
    expect(await system.around.store.steps.debts()).toEqual([]);
  });

  it('says what it did not come to, and sends no heartbeat; the next goes on', async () => {
    const system = await withRunbook(leaveOneFile('one', 'DiskSpaceLow'));
    await system.clock.during(intake(system.around)(alertmanagerMessage('QueueStuck')));
    const { id } = await system.incident();
    const { people } = system.around.store;
    const due = { generation: 9, rung: 0, role: 'lead', dueAt: iso(new Date(system.clock.now().getTime() - 60_000)) };
    await people.due(id, page({ ...due, subject: 'P1 SIRA: forgotten', message: 'Please take it' }), due.dueAt);
    expect(await round(system, watch(system.around), 0)).toMatch(/no time: the next round goes on$/);
    expect(heartbeat(system)).toBeUndefined();
    expect(await round(system)).toHaveLength(1);
    expect(heartbeat(system)).toBeDefined();
  });

  it('waits no longer than that for the function that pays an undo', async () => {
    const system = await deadRun();
    const within: (number | undefined)[] = [];
    const { functions } = system.around;
    const call: typeof functions.call = (name, payload, withinMs) => {
      within.push(withinMs);
      return functions.call(name, payload, withinMs);
    };
    const around = { ...system.around, functions: Object.assign(Object.create(functions), { call }) };
    await round(system, watch(around), 60_000);
    expect(within[0]).toBeGreaterThan(10_000);
    expect(within[0]).toBeLessThanOrEqual(15_000);
  });
});

describe('two rounds at the same time', () => {
  it('bring a dead run to one end: one undo on the host, one page and at most its repeat', async () => {
    const system = await deadRun();
    const watching = watch(system.around);
    await Promise.all([round(system, watching), round(system, watch(system.around))]);
    const { id } = await system.incident();
    const { store } = system.around;
    expect(await system.incident()).toMatchObject({ automation: 'escalated', runs: { '1': { ended: 'interrupted' } } });
    expect(await store.controls.lock('sira')).toBeUndefined();
    await round(system);
    expect(await store.steps.debts()).toEqual([]);
    expect(await store.steps.acts(id, 1)).toMatchObject([{ status: 'doubt', undo: { paid: true } }]);
    for (const paged of ['oncall', 'lead']) {
      const sent = system.aws.inbox().filter(({ role }) => role === paged);
      expect(sent.filter(({ message }) => !message.includes('may be a repeat'))).toHaveLength(1);
      expect(sent.length).toBeLessThanOrEqual(2);
    }
    expect((await undone(system)).every((event) => 'ok' in event && event.ok)).toBe(true);
    expect(await round(system)).toEqual([]);
  });

  it('send a page that is due, complete a claim and start a run as one would', async () => {
    const system = await withRunbook(leaveOneFile('one', 'DiskSpaceLow'));
    await system.clock.during(intake(system.around)(alertmanagerMessage('QueueStuck')));
    const { id } = await system.incident();
    const { people, incidents } = system.around.store;
    const due = { generation: 9, rung: 0, role: 'lead', dueAt: iso(new Date(system.clock.now().getTime() - 60_000)) };
    await people.due(id, page({ ...due, subject: 'P1 SIRA: forgotten', message: 'Please take it' }), due.dueAt);
    await Promise.all([round(system), round(system), round(system)]);
    expect((await people.pages(id)).every(({ sentAt }) => sentAt !== null)).toBe(true);
    expect(await incidents.get(id)).toMatchObject({ status: 'open', automation: 'escalated' });
    const inbox = system.aws.inbox().length;
    expect(await round(system)).toEqual([]);
    expect(system.aws.inbox()).toHaveLength(inbox);
  });
});

it('a command that a dead run left under way is cancelled, one that only looks too', async () => {
  const cancelled: string[] = [];
  const system = await withRunbook(countedRunbook(false), {
    watcher: async (_service, operation, call) => {
      if (operation === 'CancelCommand') cancelled.push(operation);
      return call();
    },
  });
  system.alarm('sira-DiskSpaceLow', 'ALARM');
  const { steps } = system.around.store;
  const looks = async () => ((await system.incidents()).length > 0 ? steps.looks((await system.incident()).id, 1, 1) : []);
  await system.until(async () => (await looks()).some(({ commandId }) => commandId !== null));
  await stopExecution(system);
  const [look] = await looks();
  if (!look) throw new Error('nothing was looked at');
  const { run, pass: inPass, step, host, title, startedAt, deadline } = look;
  const sent = { run, pass: inPass, step, host, title, startedAt, deadline, commandId: 'still-looking' };
  await steps.saveLooks((await system.incident()).id, [{ v: 1, status: 'started', ...sent }]);
  cancelled.length = 0;
  await round(system);
  expect(cancelled.length).toBeGreaterThanOrEqual(1);
});
