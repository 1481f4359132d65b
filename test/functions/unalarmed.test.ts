import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { acknowledge } from '../../functions/console/commands/acknowledge.ts';
import { answer } from '../../functions/console/commands/answer.ts';
import { nextBusinessDay } from '../../functions/incident/ladder/business-day.ts';
import { startSchedules } from '../../local/schedules.ts';
import { hostCommand } from '../../runbooks/language/command.ts';
import { runbook } from '../../runbooks/language/define.ts';
import type { Runbook } from '../../runbooks/language/definition.ts';
import { sira } from '../../runbooks/sira/system.ts';
import type { Whole } from '../local/whole.ts';
import { leaveOneFile } from './leave-one-file.ts';
import { removal } from './remove-files.ts';
import { pass, withRunbook } from './watching.ts';

/** Runs that no alarm started: by a schedule, or by a person who may not say yes to themselves. */

async function start(system: Whole, { id }: Runbook, input: object): Promise<void> {
  const stateMachineArn = `arn:aws:states:us-east-1:000000000000:stateMachine:${system.names.stateMachine(id)}`;
  await system.clock.during(new SFNClient({}).send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) })));
  await system.until(() => system.quiet() || system.aws.inbox().some(({ subject }) => subject.includes('may Firebreak')));
}

const NIGHTLY = { name: 'nightly', why: 'Looks each night', at: '03:30', on: 'day', severity: 'P3' } as const;

const count = hostCommand('test-marks', {
  title: 'Count the marks',
  safety: 'observe',
  parameters: z.object({}),
  facts: z.object({ marks: z.number() }),
  timeout: '1m',
  byHand: 'ls /srv/sira/marks',
  script: `
mkdir -p /srv/sira/marks
printf '{"marks":%s}\\n' "$(find /srv/sira/marks -type f | wc -l)"`,
});

/** Only looks; by its schedule it expects that there is nothing. */
const looking = runbook(sira, 'looking', {
  title: 'Look for marks',
  symptom: 'There are marks.',
  owner: 'oncall',
  triggers: [],
  parameters: z.object({ most: z.number().default(0) }),
})
  .diagnose('marks', 'Count the marks', { command: count })
  .expects(({ marks: { marks } }, { most }) => marks <= most || `there are ${marks} marks`)
  .escalate({
    to: 'devops',
    instead: { dba: ({ marks: { marks } }) => marks > 1 },
    asBadAs: ({ marks: { marks } }) => (marks > 1 ? 'P1' : undefined),
    tell: ({ marks: { marks } }) => `Marks: ${marks}`,
  })
  .schedule(NIGHTLY)
  .examples();

const mark = (system: Whole, names: readonly string[]) =>
  system.clock.during(
    system.simulation.fleet.run(
      'i-0a1b2c3d4e5f60718',
      `mkdir -p /srv/sira/marks; for name in ${names.join(' ')}; do touch "/srv/sira/marks/$name"; done`,
      {},
      new AbortController().signal,
    ),
  );

describe('a schedule', () => {
  it('looks, and wakes nobody where all is as expected', async () => {
    const system = await withRunbook(looking);
    await start(system, looking, { schedule: 'nightly' });
    expect(await system.incident()).toMatchObject({ origin: 'scheduled', severity: 'P3', status: 'resolved' });
    expect((await system.incident()).runs['1']).toMatchObject({ by: { name: 'schedule nightly' }, reason: 'Looks each night' });
    expect(system.aws.inbox()).toEqual([]);
  });

  it('ends at a person where it is not, at whom the facts name and as bad as they say', async () => {
    const system = await withRunbook(looking);
    await mark(system, ['a']);
    await start(system, looking, { schedule: 'nightly' });
    await mark(system, ['b']);
    await start(system, looking, { schedule: 'nightly' });
    await system.until(() => system.pages().length === 2 && system.quiet());
    // Nobody is woken on a Sunday for what can wait for the next business day.
    expect(system.pages()).toMatchObject([
      { role: 'dba', subject: 'P1 SIRA: Look for marks', message: expect.stringContaining('there are 2 marks') },
      { role: 'lead', subject: 'P1 SIRA: Look for marks', message: expect.stringContaining('there are 2 marks') },
    ]);
    const [waits, worse] = await system.incidents();
    await system.clock.during(acknowledge(system.around)(worse?.id ?? '', { by: 'Ada' }));
    expect(waits).toMatchObject({ severity: 'P3', automation: 'escalated' });
    const hours = system.around.config.businessHoursOf('sira');
    const monday = nextBusinessDay(waits?.openedAt ?? '', hours);
    expect(monday.slice(0, 10)).toBe('2026-10-05');
    await pass(system, Date.parse(monday) - system.clock.now().getTime() + 1_000);
    const ofP3 = system.pages().filter(({ subject }) => subject === 'P3 SIRA: Look for marks');
    expect(ofP3).toMatchObject([{ role: 'devops', message: expect.stringContaining('there are 1 marks') }]);
    expect(Date.parse(ofP3[0]?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(monday));
  });

  it('that the runbook does not have is refused by name, and opens nothing', async () => {
    const system = await withRunbook(looking);
    await start(system, looking, { schedule: 'weekly' });
    const [execution] = system.aws.executions();
    expect(execution).toMatchObject({ cause: 'schedule: expected one of nightly, got "weekly"' });
    expect(await system.incidents()).toEqual([]);
  });

  it('is reason enough to act, within every other rule', async () => {
    const acting: Runbook = { ...leaveOneFile('one', 'DiskSpaceLow'), schedules: [NIGHTLY] };
    const system = await withRunbook(acting);
    await start(system, acting, { schedule: 'nightly' });
    expect(await system.acts()).toEqual(['Leave a file']);
    expect((await system.incident()).status).toBe('resolved');
  });

  it('starts at its time in local mode, once a time', async () => {
    const system = await withRunbook(looking);
    const schedules = startSchedules(system.around, system.clock, (error) => {
      throw error;
    });
    await pass(system, 3 * 86_400_000);
    schedules.stop();
    const opened = (await system.incidents()).map(({ openedAt }) => openedAt.slice(0, 16));
    expect(opened).toEqual(['2026-10-04T03:30', '2026-10-05T03:30', '2026-10-06T03:30']);
  });
});

describe('an act that another person must approve', () => {
  const theirs: Runbook = { ...removal, triggers: [], acts: removal.acts.map((act) => ({ ...act, approver: 'another' })) };
  const old = (system: Whole) =>
    system.clock.during(
      system.simulation.fleet.run(
        'i-0a1b2c3d4e5f60718',
        'mkdir -p /srv/sira/old; touch /srv/sira/old/x',
        {},
        new AbortController().signal,
      ),
    );
  const question = async (system: Whole) => {
    const [asked] = await system.around.store.people.approvals((await system.incident()).id);
    return `${asked?.incidentId}.${asked?.id}`;
  };

  it('is not approved by who asked, however they write their name; another may, and they may say no', async () => {
    const system = await withRunbook(theirs);
    await old(system);
    await start(system, theirs, { requestedBy: 'Ada Lovelace' });
    const asked = await question(system);
    const say = (by: string, decision: string) => system.clock.during(answer(system.around)(asked, { by, decision, reason: '' }));
    await expect(say(' ada  LOVELACE', 'approve')).rejects.toThrow(/somebody else must approve it; the question stays open/);
    expect(system.aws.inbox()[0]?.message).toContain('Somebody else than Ada Lovelace must say yes');
    await say('Grace', 'approve');
    await system.until(() => system.quiet());
    expect(await system.acts()).toEqual(['Remove the files']);
  });

  it('is denied by who asked, too', async () => {
    const system = await withRunbook(theirs);
    await old(system);
    await start(system, theirs, { requestedBy: 'Ada' });
    await system.clock.during(
      answer(system.around)(await question(system), { by: 'Ada', decision: 'deny', reason: 'a mistake' }),
    );
    await system.until(() => system.quiet());
    expect(await system.acts()).toEqual([]);
  });

  it('is refused where nobody knows who asked, and where a name proves nobody', async () => {
    const system = await withRunbook(theirs);
    await old(system);
    await start(system, theirs, {});
    await system.until(() => system.quiet());
    Object.assign(system.around.config, { namesAreTrusted: false });
    await start(system, theirs, { requestedBy: 'Ada' });
    await system.until(() => system.quiet());
    // No alarm says how bad it is: it is a P3, whose pages wait for Monday.
    await system.until(() => system.pages().length === 2, 2 * 86_400_000);
    const messages = system.pages().map(({ message }) => message);
    expect(messages.filter((one) => one.includes('give requestedBy, so that it is known who asked'))).toHaveLength(1);
    expect(messages.filter((one) => one.includes('here a name proves nobody'))).toHaveLength(1);
    expect(await system.acts()).toEqual([]);
  });
});
