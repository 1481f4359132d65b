import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { setMode } from '../../functions/console/commands/set-mode.ts';
import { person } from '../../functions/incident/actor.ts';
import { after, iso } from '../../functions/incident/clock.ts';
import { intake } from '../../functions/intake/intake.ts';
import { log } from '../../functions/log.ts';
import { watch } from '../../functions/watch/watch.ts';
import type { Runbook } from '../../runbooks/language/definition.ts';
import { type Whole, whole } from '../local/whole.ts';
import { page } from './aws/table/records.ts';
import { countedRunbook } from './counted-runbook.ts';
import { alertmanagerMessage } from './intake/messages.ts';
import { leaveOneFile } from './leave-one-file.ts';

type Options = NonNullable<Parameters<typeof whole>[0]>;
const quick = (runbook: Runbook = leaveOneFile('one', 'DiskSpaceLow'), options: Options = {}) =>
  whole({ registry: { systems: [runbook.system], runbooks: [runbook] }, monitoring: false, ...options });

/** One round, with time passing as it asks. @returns what it found undone */
async function round(system: Whole): Promise<string[]> {
  let mended: string[] | undefined;
  const begun = watch(system.around)().then((result) => {
    mended = result.mended;
  });
  await system.until(() => mended !== undefined);
  await begun;
  return mended ?? [];
}

const pass = async (system: Whole, ms: number) => {
  const until = after(iso(system.clock.now()), ms);
  void system.clock.sleep(ms);
  await system.until(() => iso(system.clock.now()) >= until);
};

async function stopExecution(system: Whole): Promise<void> {
  const [execution] = system.aws.executions();
  const stop = new StopExecutionCommand({ executionArn: execution?.executionArn, error: 'Drill', cause: 'a test' });
  await system.clock.during(new SFNClient({}).send(stop));
  await system.until(() => system.quiet());
}

const nothingRuns = { invocation: () => new Promise<never>(() => {}) };

describe('a clean round mends nothing', () => {
  it('where nothing has happened, where all is well again, and where somebody has been told', async () => {
    const system = await quick();
    expect(await round(system)).toEqual([]);
    system.alarm('sira-DiskSpaceLow', 'ALARM');
    await system.until(async () => (await system.acts()).length > 0);
    expect(await round(system), 'a run at work is let alone').toEqual([]);
    system.alarm('sira-DiskSpaceLow', 'OK');
    await system.until(() => system.quiet());
    expect(await round(system)).toEqual([]);
    await system.clock.during(intake(system.around)(alertmanagerMessage('QueueStuck')));
    await pass(system, 1_000);
    const inbox = system.aws.inbox().length;
    expect(await round(system)).toEqual([]);
    expect(system.aws.inbox()).toHaveLength(inbox);
  });
});

describe('a run that was stopped half-way', () => {
  it('is brought to a person: its command is cancelled, its undo paid, its lock let go', async () => {
    const system = await quick(countedRunbook(false));
    system.alarm('sira-DiskSpaceLow', 'ALARM');
    const { store } = system.around;
    const begun = async () => (await store.steps.acts((await system.incident()).id, 1))[0];
    await system.until(async () => (await system.incidents()).length > 0 && (await begun()) !== undefined);
    await stopExecution(system);
    const act = await begun();
    if (!act?.undo) throw new Error('nothing is owed');
    // As it would stand had the stop come while the command was under way.
    const { id } = await system.incident();
    await store.steps.saveAct(id, {
      v: 1,
      status: 'started',
      run: 1,
      pass: act.pass,
      step: act.step,
      host: act.host,
      title: act.title,
      because: act.because,
      call: act.call,
      undo: act.undo,
      startedAt: act.startedAt,
      deadline: act.deadline,
      commandId: act.commandId,
    });
    expect(await store.controls.lock('sira')).toBeDefined();

    expect(await round(system)).toEqual([expect.stringContaining('was ABORTED')]);
    expect(await store.controls.lock('sira')).toBeUndefined();
    expect(await store.steps.debts()).toEqual([]);
    expect(await begun()).toMatchObject({ status: 'doubt', undo: { paid: true } });
    expect(await system.incident()).toMatchObject({ automation: 'escalated', runs: { '1': { ended: 'interrupted' } } });
    const paged = expect.stringContaining('The run ended on its way (aborted)');
    expect(system.aws.inbox()).toMatchObject(['oncall', 'lead'].map((role) => ({ role, message: paged })));
    expect(await round(system), 'once').toEqual([]);
    expect(system.aws.inbox()).toHaveLength(2);
  });

  it('is brought to a person while it waits for one, and its question is closed', async () => {
    const system = await quick();
    await system.clock.during(setMode(system.around)({ scope: 'all', mode: 'ask', by: 'Ada', reason: 'a drill' }));
    system.alarm('sira-DiskSpaceLow', 'ALARM');
    await system.until(async () => (await system.incidents())[0]?.automation === 'awaiting-approval');
    await stopExecution(system);
    expect(await round(system)).toHaveLength(1);
    const { id } = await system.incident();
    expect(await system.around.store.people.approvals(id)).toMatchObject([{ decision: 'expired' }]);
    expect(await system.incident()).toMatchObject({ automation: 'escalated' });
  });
});

describe('what got lost', () => {
  it('a claim whose incident was never written gets one, after a minute', async () => {
    let dead = false;
    const system = await quick(leaveOneFile('one', 'DiskSpaceLow'), {
      ...nothingRuns,
      watcher: async (_service, operation, call) => {
        if (dead && operation === 'PutItem') throw new Error('dead');
        return call();
      },
    });
    dead = true;
    await expect(system.clock.during(intake(system.around)(alertmanagerMessage('DiskSpaceLow')))).rejects.toThrow('dead');
    dead = false;
    expect(await round(system), 'it may still be at work').toEqual([]);
    await pass(system, 61_000);
    expect(await round(system)).toEqual(['completed the incident of v1:sira:DiskSpaceLow:']);
    const { id } = await system.incident();
    expect(system.aws.executions().map(({ name }) => name)).toEqual([`${id}-1`, `${id}-1.1`]);
    expect(await round(system)).toEqual([]);
  });

  it('a run that was written and never started is started, after a minute', async () => {
    let dead = true;
    const system = await quick(leaveOneFile('one', 'DiskSpaceLow'), {
      ...nothingRuns,
      watcher: async (_service, operation, call) => {
        if (dead && operation === 'StartExecution') throw new Error('dead');
        return call();
      },
    });
    await expect(system.clock.during(intake(system.around)(alertmanagerMessage('DiskSpaceLow')))).rejects.toThrow('dead');
    const { id } = await system.incident();
    await system.around.store.claims.opened('v1:sira:DiskSpaceLow:', id);
    dead = false;
    expect(await round(system)).toEqual([`began to climb the ladder of ${id} again: nothing waited for its next page`]);
    await pass(system, 61_000);
    expect(await round(system)).toEqual([`started ${id}-1, which nobody had`]);
    expect(system.aws.executions().map(({ name }) => name)).toEqual([`${id}-1.2`, `${id}-1`]);
  });

  it('a decision that was recorded and not passed on is repeated', async () => {
    const system = await quick();
    await system.clock.during(setMode(system.around)({ scope: 'all', mode: 'ask', by: 'Ada', reason: 'a drill' }));
    system.alarm('sira-DiskSpaceLow', 'ALARM');
    await system.until(async () => (await system.incidents())[0]?.automation === 'awaiting-approval');
    const { people } = system.around.store;
    const [asked] = await people.approvals((await system.incident()).id);
    if (!asked) throw new Error('nobody was asked');
    const now = iso(system.clock.now());
    await people.decide(asked.incidentId, asked.id, 'approved', person('Grace'), 'go', now);
    await round(system);
    await system.until(async () => (await system.acts()).length > 0);
    expect(await system.acts()).toEqual(['Leave a file']);
  });

  it('a page that was due and not sent is sent, once', async () => {
    const system = await quick();
    await system.clock.during(intake(system.around)(alertmanagerMessage('QueueStuck')));
    const { id } = await system.incident();
    const { people } = system.around.store;
    const due = { generation: 9, rung: 0, role: 'devops', dueAt: iso(system.clock.now()) };
    await people.due(id, page({ ...due, subject: 'P1 SIRA: forgotten', message: 'Please take it' }), due.dueAt);
    // Whoever wrote it down just now is about to send it.
    expect(await round(system)).not.toContain('sent the page "P1 SIRA: forgotten", which was due');
    await pass(system, 60_000);
    expect(await round(system)).toEqual(['sent the page "P1 SIRA: forgotten", which was due']);
    expect(system.aws.inbox().filter(({ role }) => role === 'devops')).toMatchObject([
      { subject: 'P1 SIRA: forgotten', message: expect.stringContaining('may be a repeat') },
    ]);
    expect(await round(system)).toEqual([]);
  });

  it('an incident that nobody was told of is told', async () => {
    const system = await quick();
    await system.clock.during(intake(system.around)(alertmanagerMessage('DiskSpaceLow')));
    await system.until(async () => (await system.acts()).length > 0);
    const { id } = await system.incident();
    await system.around.store.incidents.change(id, (one) => ({ ...one, run: 0, runs: {}, automation: 'none' }));
    expect(await round(system)).toContainEqual(`paged for ${id}, which nobody had been told of`);
    expect(system.aws.inbox().map(({ role }) => role)).toEqual(['oncall', 'lead']);
  });

  it('a claim that is held by an incident that is over is let go, so that the next alarm opens another', async () => {
    const system = await quick(leaveOneFile('one', 'DiskSpaceLow'), nothingRuns);
    await system.clock.during(intake(system.around)(alertmanagerMessage('DiskSpaceLow')));
    const { id } = await system.incident();
    const at = iso(system.clock.now());
    await system.around.store.incidents.change(id, ({ resolvedAt: _none, ...one }) => ({
      ...one,
      status: 'resolved',
      resolvedAt: at,
      resolvedBy: person('Ada'),
      resolution: 'by hand',
    }));
    expect(await round(system)).toEqual(['released v1:sira:DiskSpaceLow:, whose incident is over']);
    expect((await system.around.store.claims.get('v1:sira:DiskSpaceLow:'))?.incidentId).toBeUndefined();
    await system.clock.during(intake(system.around)(alertmanagerMessage('DiskSpaceLow', { startsAt: 700 })));
    expect(await system.incidents()).toHaveLength(2);
  });

  it('an alarm that fired after its incident was over, and was only counted for it, comes to a person', async () => {
    const system = await quick(leaveOneFile('one', 'DiskSpaceLow'), nothingRuns);
    await system.clock.during(intake(system.around)(alertmanagerMessage('DiskSpaceLow')));
    const { id, openedAt } = await system.incident();
    await system.around.store.incidents.change(id, ({ resolvedAt: _none, ...one }) => ({
      ...one,
      status: 'resolved',
      resolvedAt: openedAt,
      resolvedBy: person('Ada'),
      resolution: 'by hand',
    }));
    await system.clock.during(intake(system.around)(alertmanagerMessage('DiskSpaceLow', { startsAt: 30, receivedAt: 30 })));
    expect(await system.incidents(), 'counted, not opened').toHaveLength(1);
    expect(await round(system)).toEqual(['released v1:sira:DiskSpaceLow:, whose incident is over']);
    expect(system.aws.inbox()).toMatchObject([{ role: 'oncall', subject: expect.stringContaining('fires again') }]);
  });

  it('a lock whose run is over is let go', async () => {
    const system = await quick();
    const until = after(iso(system.clock.now()), 600_000);
    const lock = { v: 1 as const, system: 'sira', holder: 'GONE-1', incidentId: 'GONE', until };
    await system.around.store.controls.acquire(lock, iso(system.clock.now()));
    expect(await round(system)).toEqual(['let go of the lock of sira, which GONE-1 had left']);
    expect(await system.around.store.controls.lock('sira')).toBeUndefined();
  });
});

it('a round that could not prove something throws, so that it is never called clean', async () => {
  let dead = false;
  const system = await quick(leaveOneFile('one', 'DiskSpaceLow'), {
    watcher: async (_service, operation, call) => {
      if (dead && operation === 'Query') throw new Error('the table does not answer');
      return call();
    },
  });
  dead = true;
  log.setLogLevel('SILENT');
  await expect(system.clock.during(watch(system.around)())).rejects.toThrow(
    /could not prove: opening claims, held claims, cleared alarms, maintenance, storms, incidents, notices, debts/,
  );
});
