import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import type { Example, Runbook } from '../../runbooks/language/definition.ts';
import { registry } from '../../runbooks/registry.ts';
import { type Whole, whole } from '../local/whole.ts';

const HOSTS = ['sira-prod-1', 'sira-prod-2', 'sira-prod-3'].map((name, at) => ({
  name,
  instanceId: `i-0a1b2c3d4e5f6071${at}`,
}));
const [FIRST, SECOND, THIRD] = ['sira-prod-1', 'sira-prod-2', 'sira-prod-3'] as const;

/** The first example in which a runbook acts without asking and that ends so; nothing where it has none. */
function acting(runbook: Runbook, ends: Example['ends']): { runbook: Runbook; example: Example }[] {
  const example = runbook.examples.find((one) => one.acts.length > 0 && one.ends === ends && one.answers === undefined);
  return example ? [{ runbook, example }] : [];
}
/** A system that is simulated on more hosts than one: Save-It's cluster is one place, and has one Docker Compose host beside it. */
const RUNBOOKS = registry.runbooks.filter(({ system }) => system.id === 'sira');
const CURED = RUNBOOKS.flatMap((runbook) => acting(runbook, 'resolved'));
const NOT_CURED = RUNBOOKS.flatMap((runbook) => acting(runbook, 'escalated'));

/** Three hosts under one tag; a person starts the runbook, which then looks at all of them. */
async function run({ runbook, example }: (typeof CURED)[number], ill: readonly string[], silent?: string): Promise<Whole> {
  const system = await whole({ monitoring: false, sira: { hosts: HOSTS } });
  for (const host of ill) for (const fault of example.faults) system.simulation.switchOn(fault, host);
  if (silent) system.simulation.switchOn('host-unreachable', silent);
  const stateMachineArn = `arn:aws:states:us-east-1:000000000000:stateMachine:${system.names.stateMachine(runbook.id)}`;
  const input = JSON.stringify({ requestedBy: 'Ada', ...(example.parameters && { parameters: example.parameters }) });
  await system.clock.during(new SFNClient({}).send(new StartExecutionCommand({ stateMachineArn, name: 'by-hand', input })));
  await system.until(() => system.quiet());
  return system;
}

/** What began and ended on which host, in order. */
async function story(system: Whole): Promise<{ begun: boolean; host: string; title: string }[]> {
  const { id } = await system.incident();
  const events = await system.around.store.incidents.timeline(id);
  return events.flatMap((event) =>
    event.type === 'act-started' || event.type === 'act-finished'
      ? [{ begun: event.type === 'act-started', host: event.host, title: event.title }]
      : [],
  );
}

/** What people are told; of a P3 that is on the next business day. */
async function pages(system: Whole): Promise<string> {
  const { id } = await system.incident();
  const told = () => system.around.store.people.pages(id);
  await system.until(async () => (await told()).length > 0, 4 * 86_400_000);
  const sent = await told();
  return sent.map(({ message }) => message).join('\n');
}

it('is tried with every runbook that acts without asking', () => {
  const acts = RUNBOOKS.filter(({ acts }) => acts.some(({ safety }) => safety !== 'destructive'));
  expect([...CURED, ...NOT_CURED].map(({ runbook }) => runbook.id)).toEqual(expect.arrayContaining(acts.map(({ id }) => id)));
});

describe.each(CURED.map((one) => [one.runbook.id, one] as const))('%s on three hosts', (_id, one) => {
  it('touches only the ill ones, one after the other', async () => {
    // What is to be done where nothing is wrong, a trial of the backups, is to be done on each.
    const ill = one.example.faults.length > 0 ? [FIRST, THIRD] : [FIRST, SECOND, THIRD];
    const system = await run(one, ill);
    const told = await story(system);
    expect(told.filter(({ begun }) => begun).map(({ host, title }) => `${title} on ${host}`)).toEqual(
      one.example.acts.flatMap((title) => ill.map((host) => `${title} on ${host}`)),
    );
    // None begins before the one before it has ended.
    for (const [at, { begun, host, title }] of told.entries())
      if (begun) expect(told[at + 1]).toEqual({ begun: false, host, title });
    expect(system.runs().map(({ status }) => status)).toEqual(['SUCCEEDED']);
  });

  it('touches none while one of them does not answer, and names it', async () => {
    const system = await run(one, [SECOND, THIRD], FIRST);
    expect(await story(system)).toEqual([]);
    expect(await pages(system)).toContain(`${FIRST} does not answer Systems Manager`);
  });
});

describe.each(NOT_CURED.map((one) => [one.runbook.id, one] as const))('%s on three hosts', (_id, one) => {
  it('stops at the first that is not well afterwards', async () => {
    const system = await run(one, [FIRST, SECOND, THIRD]);
    const touched = new Set((await story(system)).map(({ host }) => host));
    // A leak shows after minutes alone: no host looks ill when it is the next one's turn, and the verification of all finds it.
    expect(touched).toEqual(new Set(one.runbook.id === 'sira/memory-exhausted' ? [FIRST, SECOND, THIRD] : [FIRST]));
    expect(await pages(system)).toContain(FIRST);
  });
});
