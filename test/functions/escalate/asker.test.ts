import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { planMaintenance } from '../../../functions/console/commands/maintenance.ts';
import { runAgain } from '../../../functions/console/commands/run-again.ts';
import { askersCalled } from '../../../functions/escalate/askers.ts';
import { after, iso } from '../../../functions/incident/clock.ts';
import { ASKER } from '../../../functions/incident/rungs.ts';
import type { Whole } from '../../local/whole.ts';
import { countedRunbook } from '../counted-runbook.ts';
import { leaveOneFile } from '../leave-one-file.ts';
import { lookOnly } from '../look-only.ts';
import { useUpTheBudget } from '../used-up.ts';
import { pass, round, withRunbook } from '../watching.ts';

const failing = countedRunbook(true);
const ADA = { name: 'Ada Lovelace', email: 'ada@example.com' };
const GRACE = { name: 'Grace Hopper', email: 'grace@example.com' };
const people = { sira: { contacts: { oncall: [GRACE], lead: { name: 'Linus', email: 'linus@example.com' }, dba: [ADA] } } };
/** A P1, whose ladder pages the on-call engineer and the lead at once. */
const stage = (runbook = failing) => withRunbook(runbook, { people, at: '2026-10-06T09:00:00Z' });

async function start(system: Whole, input: object, id = failing.id): Promise<void> {
  const stateMachineArn = `arn:aws:states:us-east-1:000000000000:stateMachine:${system.names.stateMachine(id)}`;
  await system.clock.during(new SFNClient({}).send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) })));
  await system.until(system.quiet);
  await pass(system, 5_000);
}

const paged = (system: Whole) => system.pages().map(({ role }) => role);
const askerPages = async ({ around, incident }: Whole) =>
  (await around.store.people.pages((await incident()).id)).filter(({ rung }) => rung === ASKER);

describe('a run by hand that did not end well', () => {
  it.each([
    ['a contact by name, however it is written', ' ada  LOVELACE'],
    ['a role by its name', 'dba'],
    ['a role by its title', 'Database admin'],
  ])('goes back to whoever asked for it: %s', async (_name, requestedBy) => {
    const system = await stage();
    await start(system, { requestedBy, reason: 'the disk fills' });
    expect(paged(system)).toEqual(['dba', 'oncall', 'lead']);
    const [first, second] = system.pages();
    expect(first).toMatchObject({
      contact: ADA.email,
      subject: 'P1 SIRA: Leave one file',
      message: expect.stringContaining('You asked for this run.'),
    });
    expect(first?.message).toMatch(/^Acknowledge: http/m);
    expect(second?.message).toContain(`${requestedBy} asked for this run (the disk fills), and is told of it`);
    expect(await askerPages(system)).toMatchObject([{ contact: { name: 'Ada Lovelace' }, about: 'run-1' }]);
  });

  it.each([
    [
      'names no contact',
      { requestedBy: 'Mallory', reason: 'why not' },
      'Mallory asked for this run (why not). No contact is called so: ',
    ],
    ['gave no name', {}, 'Somebody who gave no name asked for this run\n'],
  ])('goes to the ladder alone where whoever asked %s', async (_name, input, says) => {
    const system = await stage();
    await start(system, input);
    expect(paged(system)).toEqual(['oncall', 'lead']);
    expect(system.pages()[0]?.message).toContain(says);
  });

  it('is one page for whoever the ladder pages in that moment', async () => {
    const system = await stage();
    await start(system, { requestedBy: 'grace hopper' });
    expect(paged(system)).toEqual(['oncall', 'lead']);
    expect(system.pages()[0]?.message).toContain('grace hopper asked for this run');
    expect(await askerPages(system)).toEqual([]);
  });

  it('is told once a run, and again of a run that was asked for again', async () => {
    const tripped = leaveOneFile('one', 'DiskSpaceLow');
    const system = await stage(tripped);
    await useUpTheBudget(system);
    await start(system, { requestedBy: 'Ada Lovelace' }, tripped.id);
    const { id } = await system.incident();
    await round(system);
    expect(await askerPages(system)).toHaveLength(1);
    await system.clock.during(runAgain(system.around)(id, { by: 'Ada Lovelace', reason: 'once more' }));
    await system.until(system.quiet);
    await pass(system, 5_000);
    expect((await askerPages(system)).map(({ about, sentAt }) => [about, sentAt !== null])).toEqual([
      ['run-1', true],
      ['run-2', true],
    ]);
  });

  it('is told in a maintenance, which holds the ladder back', async () => {
    const system = await stage();
    const to = after(iso(system.clock.now()), 3_600_000);
    await system.clock.during(planMaintenance(system.around)({ system: 'sira', to, by: 'Bob', reason: 'it moves' }, 'one'));
    await start(system, { requestedBy: 'Ada Lovelace' });
    expect(system.pages()).toMatchObject([{ contact: ADA.email, message: expect.stringContaining('in maintenance until') }]);
  });

  it('keeps no page of the ladder from going out where it can not be sent, and is sent later', async () => {
    const system = await stage();
    const { publish } = system.around.topics;
    const { names } = system.around;
    const refused = [names.contactTopic('sira', 'ada-lovelace'), names.operatorsTopic];
    Object.assign(system.around.topics, {
      publish: async (topic: string, ...text: never[]) => {
        if (refused.includes(topic)) throw new Error('no such topic');
        return Reflect.apply(publish, system.around.topics, [topic, ...text]);
      },
    });
    await start(system, { requestedBy: 'Ada Lovelace' });
    expect(paged(system)).toEqual(['oncall', 'lead']);
    Object.assign(system.around.topics, { publish });
    await pass(system, 120_000);
    await round(system);
    expect(paged(system)).toEqual(['oncall', 'lead', 'dba']);
  });
});

describe('nobody is told who asked for', () => {
  it('a rehearsal', async () => {
    const system = await stage();
    await start(system, { requestedBy: 'Ada Lovelace', dryRun: true });
    expect(system.pages()).toEqual([]);
  });

  it('a run that only looks', async () => {
    const looks = lookOnly('P1');
    const system = await stage(looks);
    await start(system, { requestedBy: 'Ada Lovelace' }, looks.id);
    expect(system.pages()).toEqual([]);
  });

  it('nothing: an alarm has', async () => {
    const system = await stage();
    system.alarm('sira-DiskSpaceLow', 'ALARM');
    await system.until(async () => (await system.incidents())[0]?.automation === 'escalated');
    await pass(system, 5_000);
    expect(await askerPages(system)).toEqual([]);
    expect(
      system
        .pages()
        .map(({ message }) => message)
        .join(),
    ).not.toContain('asked for this run');
  });
});

describe('a name', () => {
  it.each([
    ['Ada', []],
    ['', []],
    ['Ada Lovelace', ['dba']],
    ['LEAD', ['lead']],
    ['Engineering lead', ['lead']],
    ['ada@example.com', []],
  ])('%j means the contacts with the roles %j', async (name, roles) => {
    const { around } = await stage();
    expect(askersCalled(around, 'sira', name).map(({ role }) => role)).toEqual(roles);
  });
});
