import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { consoleApp } from '../../functions/console/app.ts';
import { consoleCall } from '../../functions/console/console-call.ts';
import type { Incident } from '../../functions/incident/incident.ts';
import { hostCommand } from '../../runbooks/language/command.ts';
import type { Runbook } from '../../runbooks/language/definition.ts';
import type { Whole } from '../local/whole.ts';
import { leaveOneFile } from './leave-one-file.ts';
import { LEAVING, useUpTheBudget } from './used-up.ts';
import { withRunbook } from './watching.ts';

const WHY = 'the vendor has mended it';
const byHand = leaveOneFile('one', 'DiskSpaceLow');

const deploying = hostCommand('test-deploying', {
  title: 'See that something is deployed',
  safety: 'observe',
  parameters: z.object({}),
  facts: z.object({ underWay: z.boolean(), endedSecondsAgo: z.number().nullable(), sign: z.string() }),
  timeout: '1m',
  byHand: 'true',
  script: `printf '{"underWay":true,"endedSecondsAgo":null,"sign":".deploying"}\\n'`,
});
const whileDeploying: Runbook = {
  ...byHand,
  looks: byHand.looks.map((look) => (look.key === 'deployment' && look.kind === 'host' ? { ...look, command: deploying } : look)),
};

/** What a run by hand is started with. */
interface Given {
  by: string;
  reason: string;
  override: string[];
}

/** By Step Functions' own API, as its console, the CLI and the SDK do it. */
async function execute(system: Whole, { id }: Runbook, input: object): Promise<void> {
  const stateMachineArn = `arn:aws:states:us-east-1:000000000000:stateMachine:${system.names.stateMachine(id)}`;
  await system.clock.during(new SFNClient({}).send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) })));
}

/** The ways by which a person starts a runbook: each leads to the same run. */
const WAYS: Readonly<Record<string, (system: Whole, runbook: Runbook, given: Given) => Promise<unknown>>> = {
  "the console's form": async (system, { id }, { by, reason, override }) => {
    const ticked = override.map((one) => [`override.${one}`, 'yes']);
    const body = new URLSearchParams({ by, reason, how: 'run', confirmed: 'yes', ...Object.fromEntries(ticked) }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const app = consoleApp(system.around);
    await system.clock.during(Promise.resolve(app.request(`/runbooks/${id}/executions`, { method: 'POST', headers, body })));
  },
  "the console's API": async (system, { id }, given) => {
    const headers = { 'content-type': 'application/json' };
    const sent = { method: 'POST', headers, body: JSON.stringify(given) };
    await system.clock.during(Promise.resolve(consoleApp(system.around).request(`/api/runbooks/${id}/executions`, sent)));
  },
  'aws lambda invoke': (system, { id }, given) =>
    system.clock.during(
      consoleCall(system.around)({ method: 'POST', path: `/api/runbooks/${id}/executions`, body: { ...given } }, 'request'),
    ),
  'Step Functions': (system, runbook, { by: requestedBy, ...given }) => execute(system, runbook, { ...given, requestedBy }),
};

const gateSaid = async ({ around }: Whole, { id }: Incident) =>
  (await around.store.incidents.timeline(id)).flatMap((event) =>
    event.type === 'gate' ? [`${event.answer}: ${event.reasons.join('; ')}`] : [],
  );

/** What of an incident does not depend on when and under which name it was started. */
const story = ({ runs, ...incident }: Incident) => ({
  ...incident,
  id: '',
  openedAt: '',
  resolvedAt: '',
  runs: Object.values(runs).map(({ execution: _name, startedAt: _at, endedAt: _end, ...run }) => run),
});

describe('a run by hand', () => {
  it.each(Object.keys(WAYS))('by %s is the same incident and the same run', async (way) => {
    const system = await withRunbook(byHand);
    await useUpTheBudget(system);
    await WAYS[way]?.(system, byHand, { by: 'Ada', reason: WHY, override: ['breaker'] });
    await system.until(system.quiet);
    const incident = await system.incident();
    expect(story(incident)).toMatchObject({
      origin: 'manual',
      status: 'resolved',
      automation: 'succeeded',
      severity: 'P1',
      alert: '',
      openedBy: { name: 'Ada', kind: 'person', verified: false },
      runs: [
        { number: 1, runbook: 'sira/one', reason: WHY, dryRun: false, parameters: {}, override: ['breaker'], ended: 'resolved' },
      ],
    });
    expect(Object.keys(incident.runs['1'] ?? {}).sort()).toEqual([
      'by',
      'dryRun',
      'ended',
      'endedAt',
      'execution',
      'number',
      'override',
      'parameters',
      'reason',
      'runbook',
      'startedAt',
      'why',
    ]);
    expect(await gateSaid(system, incident)).toEqual([
      `go: asked for by a person; facts are fresh; no deployment under way; Ada went over the breaker, because ${WHY} (3 acts (leave) per 1h on sira-prod-1 are used up)`,
    ]);
    const begun = (await system.around.store.incidents.timeline(incident.id)).find(({ type }) => type === 'run-started');
    expect(begun).toMatchObject({ by: { name: 'Ada' }, reason: WHY, override: ['breaker'] });
    const breaker = await system.around.store.controls.breaker(LEAVING);
    expect(breaker?.acts, 'the act is counted all the same').toHaveLength(4);
    expect(system.pages()).toEqual([]);
  });

  it('that goes over nothing is held back by the breaker', async () => {
    const system = await withRunbook(byHand);
    await useUpTheBudget(system);
    await execute(system, byHand, { requestedBy: 'Ada', reason: WHY });
    await system.until(system.quiet);
    expect(await system.incident()).toMatchObject({ automation: 'escalated', runs: { '1': { ended: 'escalated' } } });
    expect(await system.acts()).toEqual([]);
  });

  it('asks where something is deployed, unless it goes over that guard', async () => {
    const system = await withRunbook(whileDeploying);
    await execute(system, whileDeploying, { requestedBy: 'Ada', reason: WHY, override: ['breaker'] });
    await system.until(async () => (await system.incidents())[0]?.automation === 'awaiting-approval');
    expect(await gateSaid(system, await system.incident())).toEqual(['ask: a deployment runs: .deploying']);
  });

  it('goes over the deployment guard without a question', async () => {
    const system = await withRunbook(whileDeploying);
    await execute(system, whileDeploying, { requestedBy: 'Ada', reason: WHY, override: ['deployment'] });
    await system.until(system.quiet);
    expect(await system.acts()).toEqual(['Leave a file']);
    expect(await gateSaid(system, await system.incident())).toEqual([
      expect.stringContaining(`Ada went over the deployment guard, because ${WHY} (a deployment runs: .deploying)`),
    ]);
  });
});

describe('run again', () => {
  it('goes over a guard for that run alone, and an alarm never does', async () => {
    const system = await withRunbook(byHand);
    await useUpTheBudget(system);
    system.alarm('sira-DiskSpaceLow', 'ALARM');
    await system.until(async () => (await system.incidents())[0]?.automation === 'escalated');
    const { id, runs } = await system.incident();
    expect(runs['1']).not.toHaveProperty('override');
    const call = (body: object) =>
      system.clock.during(
        consoleCall(system.around)({ method: 'POST', path: `/api/incidents/${id}/run-again`, body: { ...body } }, 'r'),
      );
    expect(await call({ by: 'Ada', override: ['breaker'] })).toMatchObject({
      status: 400,
      body: { error: { field: 'reason', expected: 'why it may go over the breaker' } },
    });
    expect(await call({ by: 'Ada', reason: WHY, override: ['lock'] })).toMatchObject({
      status: 400,
      body: { error: { field: 'override.0', expected: 'one of breaker, deployment' } },
    });
    await call({ by: 'Ada', reason: WHY, override: ['breaker'] });
    await system.until(async () => (await system.acts()).length > 0);
    expect((await system.incident()).runs['2']).toMatchObject({ by: { name: 'Ada' }, reason: WHY, override: ['breaker'] });
    expect((await gateSaid(system, await system.incident())).at(-1)).toMatch(/Ada went over the breaker/);
  });
});

describe('what an execution is started with', () => {
  const nightly: Runbook = {
    ...byHand,
    schedules: [{ name: 'nightly', why: 'Each night', at: '03:30', on: 'day', severity: 'P3' }],
  };
  it.each([
    [
      'an override that there is not',
      { reason: WHY, override: ['lock'] },
      /^override\.0: .*"breaker"\|"deployment".*got "lock"$/,
    ],
    ['an override that is no list', { reason: WHY, override: 'breaker' }, /^override: .*expected array/],
    [
      'no reason for it',
      { override: ['breaker', 'deployment'] },
      /^reason: expected why it may go over the breaker and the deployment guard/,
    ],
    ['nothing but blanks for it', { reason: '  ', override: ['breaker'] }, /^reason: expected why it may go over the breaker/],
    [
      'a schedule',
      { schedule: 'nightly', reason: WHY, override: ['breaker'] },
      /^override: expected none, because a schedule goes over no guard/,
    ],
  ])('is refused with %s: no incident, and no page', async (_name, input, cause) => {
    const system = await withRunbook(nightly);
    await execute(system, nightly, input);
    await system.until(system.quiet);
    expect(system.runs()).toMatchObject([{ status: 'FAILED', error: 'InvalidInput', cause: expect.stringMatching(cause) }]);
    expect([await system.incidents(), system.aws.inbox()]).toEqual([[], []]);
  });

  it('counts an override once, and keeps no secret of the reason', async () => {
    const system = await withRunbook(byHand);
    await execute(system, byHand, { reason: `password=hunter2hunter2 ${WHY}`, override: ['deployment', 'breaker', 'breaker'] });
    await system.until(system.quiet);
    const { runs } = await system.incident();
    expect(runs['1']?.override).toEqual(['breaker', 'deployment']);
    expect(JSON.stringify(await system.around.store.incidents.timeline((await system.incident()).id))).not.toContain('hunter2');
  });
});
