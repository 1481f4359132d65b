import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { decide } from '../../functions/approve/decide.ts';
import { climbingOf, nextOf } from '../../functions/escalate/standing.ts';
import { person } from '../../functions/incident/actor.ts';
import { iso } from '../../functions/incident/clock.ts';
import { AFTERWARDS } from '../../functions/incident/rungs.ts';
import type { Example, Runbook } from '../../runbooks/language/definition.ts';
import { registry } from '../../runbooks/registry.ts';
import { withinRights } from '../infra/within-rights.ts';
import type { Whole } from '../local/whole.ts';

/**
 * Every example of every runbook, through its compiled state machine, on the simulated hosts; and every call that it makes of AWS
 * held against the rights that its function has there.
 */
describe.each(registry.runbooks)('$id', (runbook) => {
  it.each(runbook.examples)('$name', async (example) => {
    const system = await withinRights(example.at);
    heard = 0;
    for (const fault of example.faults) system.simulation.switchOn(fault);
    const before = system.simulation.faults();
    if (example.alert) system.monitoring.start();
    await begin(system, runbook, example);
    await system.until(async () => system.quiet() || (await answered(system, example)));
    await system.until(() => system.quiet());

    expect(await system.acts()).toEqual(example.acts);
    expect(await ending(system)).toBe(example.ends);
    expect(await handedOver(system)).toBe(example.pages);
    await everyoneIsPaged(system);
    expect((await system.incident()).runbook).toBe(runbook.id);
    expect(await system.around.store.controls.lock(runbook.system.id)).toBeUndefined();
    if (example.dryRun) expect(system.simulation.faults()).toEqual(before);
    expect(system.denied()).toEqual([]);
    expect(system.made()).toContain(`${system.names.stepFunction(runbook.id)}: dynamodb UpdateItem`);
  });
});

async function begin(system: Whole, runbook: Runbook, { alert, schedule, parameters, dryRun }: Example): Promise<void> {
  if (alert) return system.alarm(`${runbook.system.id}-${alert.name}`, 'ALARM', alert.value);
  const by = schedule === undefined ? { requestedBy: 'Ada' } : { schedule };
  const input = { ...by, ...(parameters && { parameters }), ...(dryRun && { dryRun }) };
  const stateMachineArn = `arn:aws:states:us-east-1:000000000000:stateMachine:${system.names.stateMachine(runbook.id)}`;
  await system.clock.during(
    new SFNClient({}).send(new StartExecutionCommand({ stateMachineArn, name: 'by-hand', input: JSON.stringify(input) })),
  );
}

/** How many messages had come when it was last looked for a question: each question is a message. */
let heard = 0;

/** Answers what is asked, as the example says. Silence, where it says nothing. */
async function answered(system: Whole, { answers }: Example): Promise<boolean> {
  const messages = system.aws.inbox().length;
  if (!answers || messages === heard) return false;
  heard = messages;
  for (const { id } of await system.incidents()) {
    const open = (await system.around.store.people.approvals(id)).find((one) => !one.decision && one.token);
    if (!open) continue;
    const decision = answers === 'approve' ? 'approved' : 'denied';
    await decide(system.around, {
      incidentId: id,
      approvalId: open.id,
      decision,
      by: person('Grace'),
      reason: 'as the example says',
    });
  }
  return false;
}

async function ending(system: Whole): Promise<Example['ends']> {
  const { automation, run, runs } = await system.incident();
  const ended = runs[String(run)]?.ended;
  if (automation === 'escalated') return 'escalated';
  return ended === 'resolved' ? 'resolved' : 'succeeded';
}

/** How often a person was told: that an incident is theirs now, or that something went wrong after its run was over. */
async function handedOver(system: Whole): Promise<number> {
  const { incidents, people } = system.around.store;
  const all = await system.incidents();
  const events = (await Promise.all(all.map(({ id }) => incidents.timeline(id)))).flat();
  const pages = (await Promise.all(all.map(({ id }) => people.pages(id)))).flat();
  return events.filter(({ type }) => type === 'escalated').length + pages.filter(({ rung }) => rung === AFTERWARDS).length;
}

/** Whoever is due by the ladder has been paged, and every page that is said to have gone out is in the inbox. */
async function everyoneIsPaged(system: Whole): Promise<void> {
  // Whoever is due this very moment is paged before time goes on.
  await system.until(async () => (await due(system)).length === 0, 5 * 60_000);
  for (const incident of await system.incidents()) {
    const records = await system.around.store.steps.everything(incident.id);
    const sent = records.pages.filter(({ sentAt, by }) => sentAt && by === 'page');
    const inbox = system.aws.inbox().map(({ message }) => withoutLinks(message));
    expect(sent.filter(({ message }) => !inbox.includes(withoutLinks(message)))).toEqual([]);
    expect(system.aws.tickets()).toHaveLength(records.pages.filter(({ ticket }) => ticket).length);
  }
}

/** Rungs that are due and not climbed. */
async function due(system: Whole): Promise<string[]> {
  const found: string[] = [];
  for (const incident of await system.incidents()) {
    const climbing = climbingOf(system.around, incident, await system.around.store.steps.everything(incident.id));
    const next = climbing && nextOf(climbing);
    if (next && next.at <= iso(system.clock.now())) found.push(`${incident.id}: ${next.name}`);
  }
  return found;
}

/** Links are made when a page is sent: what is written down has their places. */
const withoutLinks = (message: string) => message.replace(/(<link: [a-z-]+>|http:\/\/[\d.:]+\/l\/[\w-]+)/g, '<link>');
