import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { decide, TooLate } from '../../functions/approve/decide.ts';
import { setMode } from '../../functions/console/commands/set-mode.ts';
import { stop } from '../../functions/console/commands/stop.ts';
import { takeOver } from '../../functions/console/commands/take-over.ts';
import { person } from '../../functions/incident/actor.ts';
import { iso } from '../../functions/incident/clock.ts';
import type { Mode } from '../../functions/incident/control.ts';
import type { Runbook } from '../../runbooks/language/definition.ts';
import { type Whole, whole } from '../local/whole.ts';
import { leaveOneFile } from './leave-one-file.ts';
import { removal } from './remove-files.ts';

/** P0: the on-call engineer is paged at once, whatever the automation does, and again where it hands over. */
const APPLICATION = {
  id: 'sira/application-down',
  fault: 'backend-down',
  would: 'restart-services',
  atOnce: ['oncall'],
  handedOver: ['oncall'],
};
/** P1: nobody before the hand-over, then DevOps, as its runbook says, and the engineering lead, who hears of each. */
const DISK = {
  id: 'sira/disk-space-low',
  fault: 'disk-full-logs',
  would: 'delete-old-logs',
  atOnce: [],
  handedOver: ['devops', 'lead'],
};

const only = (runbook: Runbook) => whole({ registry: { systems: [runbook.system], runbooks: [runbook] }, monitoring: false });
const quick = () => only(leaveOneFile('one', 'DiskSpaceLow'));

const inMode = (system: Whole, mode: Mode) =>
  system.clock.during(setMode(system.around)({ scope: 'all', mode, by: 'Ada', reason: 'a test' }));

const waits = async (system: Whole) => (await system.incidents()).some(({ automation }) => automation === 'awaiting-approval');

async function question(system: Whole) {
  const { id } = await system.incident();
  const open = (await system.around.store.people.approvals(id)).filter((one) => !one.decision && one.token);
  if (!open[0] || open.length > 1) throw new Error(`${open.length} questions are open`);
  return open[0];
}

async function answer(system: Whole, decision: 'approved' | 'denied' = 'approved'): Promise<void> {
  const { id, incidentId } = await question(system);
  const by = person('Grace');
  await system.clock.during(decide(system.around, { incidentId, approvalId: id, decision, by, reason: 'a test' }));
}

async function timeline(system: Whole) {
  return system.around.store.incidents.timeline((await system.incident()).id);
}

/** What asks to take it: neither an update nor the question for an approval. */
const pages = (system: Whole) => system.pages().filter(({ message }) => message.includes('Please take it'));
const paged = (system: Whole) => pages(system).map(({ role }) => role);

async function byHand(system: Whole, id: string, input: object): Promise<void> {
  const stateMachineArn = `arn:aws:states:us-east-1:000000000000:stateMachine:${system.names.stateMachine(id)}`;
  const start = new StartExecutionCommand({ stateMachineArn, name: 'by-hand', input: JSON.stringify(input) });
  await system.clock.during(new SFNClient({}).send(start));
  await system.until(() => system.quiet());
}

describe('the mode observe', () => {
  it.each([APPLICATION, DISK])('$id says what it would have done, changes nothing, and pages with it', async (one) => {
    const system = await whole();
    await inMode(system, 'observe');
    system.simulation.switchOn(one.fault);
    await system.until(() => system.quiet());
    expect(await system.acts()).toEqual([]);
    expect(system.simulation.measure().filter(({ firing }) => firing)).toHaveLength(1);
    expect(await system.incident()).toMatchObject({ automation: 'escalated', status: 'open', runbook: one.id });
    expect(paged(system)).toEqual([...one.atOnce, ...one.handedOver]);
    for (const { message } of pages(system).slice(one.atOnce.length)) {
      expect(message).toMatch(new RegExp(`What it would have done\\n(  .*\\n)*  .*: ${one.would} `));
      expect(message).toContain('nothing was changed');
    }
    expect(await system.around.store.controls.lock('sira')).toBeUndefined();
  });
});

describe('the mode ask', () => {
  it.each([APPLICATION, DISK])('$id waits for a person before each act, and goes on when one says yes', async (one) => {
    const system = await whole();
    await inMode(system, 'ask');
    system.simulation.switchOn(one.fault);
    await system.until(() => waits(system));
    expect(await system.acts()).toEqual([]);
    expect(await system.around.store.controls.lock('sira'), 'nobody waits with the lock in hand').toBeUndefined();
    await answer(system);
    await system.until(() => system.quiet());
    expect(await system.incident()).toMatchObject({ status: 'resolved', automation: 'succeeded' });
    expect(await system.acts()).toHaveLength(1);
    expect(paged(system)).toEqual(one.atOnce);
  });

  it('is taken at its word when it comes between two acts', async () => {
    const system = await whole();
    for (const fault of ['disk-full-logs', 'disk-full-images']) system.simulation.switchOn(fault);
    await system.until(async () => (await system.acts()).length === 1);
    await inMode(system, 'ask');
    await system.until(() => waits(system));
    expect(await system.acts()).toHaveLength(1);
    await answer(system, 'denied');
    await system.until(() => system.quiet());
    expect(await system.acts()).toHaveLength(1);
    expect(paged(system)).toEqual(DISK.handedOver);
    for (const { message } of pages(system)) expect(message).toContain('Grace said no: a test');
  });
});

describe('a person in between', () => {
  it.each([
    { name: 'who stops it is paged, because nothing is proven well', command: stop, ends: 'escalated', heard: DISK.handedOver },
    { name: 'who takes it over is not paged about their own', command: takeOver, ends: 'taken-over', heard: [] },
  ])('of two acts $name; the second is not begun', async ({ command, ends, heard }) => {
    const system = await whole();
    for (const fault of ['disk-full-logs', 'disk-full-images']) system.simulation.switchOn(fault);
    await system.until(async () => (await system.acts()).length === 1);
    const { id } = await system.incident();
    await system.clock.during(command(system.around)(id, { by: 'Ada' }));
    await system.until(() => system.quiet());
    expect(await system.acts()).toHaveLength(1);
    expect(await system.incident()).toMatchObject({ automation: ends, runs: { '1': { ended: 'escalated' } } });
    expect(paged(system)).toEqual(heard);
    expect(await system.around.store.controls.lock('sira')).toBeUndefined();
  });

  it('who does not answer in time said no; the answer that comes late changes nothing and says so', async () => {
    const system = await whole();
    for (const fault of ['disk-full-logs', 'deploy-running']) system.simulation.switchOn(fault);
    await system.until(() => waits(system));
    const asked = await question(system);
    expect(asked.question).toContain('a deployment runs');
    await system.until(() => system.quiet());
    expect(await system.incident()).toMatchObject({ automation: 'escalated' });
    expect(paged(system)).toEqual(DISK.handedOver);
    const { incidentId, id: approvalId } = asked;
    const late = decide(system.around, { incidentId, approvalId, decision: 'approved', by: person('Grace'), reason: '' });
    await expect(system.clock.during(late)).rejects.toThrow(TooLate);
    await expect(late).rejects.toThrow(/changes nothing/);
    await system.until(() => system.quiet());
    expect(await system.acts()).toEqual([]);
    expect((await system.around.store.people.approvals(incidentId)).map(({ decision }) => decision)).toEqual(['expired']);
  });
});

it('a breaker that is used up refuses the act, and a person is paged with the reason', async () => {
  const system = await quick();
  const name = { system: 'sira', verb: 'leave', resource: 'sira-prod-1/host' };
  const acts = ['a', 'b', 'c'].map((key) => ({ key, at: iso(system.clock.now()) }));
  await system.around.store.controls.count(name, 'd', iso(system.clock.now()), undefined, acts.slice(1));
  system.alarm('sira-DiskSpaceLow', 'ALARM');
  await system.until(() => system.quiet());
  expect(await system.acts()).toEqual([]);
  expect(paged(system)).toEqual(['oncall', 'lead']);
  for (const { message } of pages(system)) expect(message).toMatch(/the breaker has tripped: 3 acts \(leave\) per 1h/);
});

it('a list that grows between question and answer asks again, and only what was shown last goes', async () => {
  const system = await only(removal);
  const folder = join(system.dataDir, 'simulation/hosts/sira-prod-1/root/srv/sira/old');
  mkdirSync(folder, { recursive: true });
  const grow = (name: string) => writeFileSync(join(folder, name), '');
  grow('first');
  system.alarm('sira-DiskSpaceLow', 'ALARM');
  await system.until(() => waits(system));
  expect((await question(system)).items).toEqual(['first']);
  grow('second');
  await answer(system);
  await system.until(async () => (await waits(system)) && (await question(system).catch(() => undefined)) !== undefined);
  expect((await question(system)).items).toEqual(['first', 'second']);
  expect(await system.acts()).toEqual([]);
  await answer(system);
  await system.until(async () => (await system.acts()).length > 0);
  system.alarm('sira-DiskSpaceLow', 'OK');
  await system.until(() => system.quiet());
  expect(await system.acts()).toEqual(['Remove the files']);
  expect(await system.incident()).toMatchObject({ status: 'resolved' });
});

describe('a run by hand', () => {
  it.each([
    ['a value out of its bounds', { parameters: { freeAtLeast: 5 } }, /parameters\.freeAtLeast.*20/],
    ['a value of another kind', { parameters: { keepLogsDays: 'seven' } }, /parameters\.keepLogsDays.*number/],
    ['a parameter that there is not', { parameters: { keepDays: 7 } }, /keepDays/],
    ['a misspelt dryRun', { dryrun: true }, /dryrun/],
    ['an incident that there is not', { incidentId: 'NONE' }, /incidentId.*NONE/],
  ])('with %s fails at once and says what was expected, with no incident and no page', async (_name, input, says) => {
    const system = await whole({ monitoring: false });
    await byHand(system, DISK.id, input);
    expect(system.aws.executions()).toMatchObject([
      { status: 'FAILED', error: 'InvalidInput', cause: expect.stringMatching(says) },
    ]);
    expect(await system.incidents()).toEqual([]);
    expect(system.aws.inbox()).toEqual([]);
  });

  it('takes {} and needs no alarm', async () => {
    const system = await quick();
    await byHand(system, 'sira/one', {});
    expect(system.aws.executions()).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(await system.incident()).toMatchObject({ status: 'resolved', origin: 'manual', dedupKey: null });
    expect(await system.acts()).toEqual(['Leave a file']);
  });

  it.each([APPLICATION, DISK])('of $id with dryRun changes nothing, says what it would do, and pages nobody', async (one) => {
    const system = await whole({ monitoring: false });
    system.simulation.switchOn(one.fault);
    await byHand(system, one.id, { dryRun: true });
    expect(system.aws.executions()).toMatchObject([{ status: 'SUCCEEDED' }]);
    const would = (await timeline(system)).flatMap((event) => (event.type === 'act-skipped' ? [event.wouldHave] : []));
    expect(would.join('\n')).toContain(one.would);
    expect(await system.acts()).toEqual([]);
    expect(system.simulation.measure().some(({ firing }) => firing)).toBe(true);
    expect(await system.incident()).toMatchObject({ origin: 'rehearsal', runs: { '1': { ended: 'rehearsed' } } });
    expect(system.aws.inbox()).toEqual([]);
  });
});
