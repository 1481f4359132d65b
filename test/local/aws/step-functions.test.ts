import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ARN, eventually, localAws } from './local-aws.ts';

type State = Record<string, unknown>;

/** A step that can run long, as the runbooks' compiler makes it: do, done?, wait. */
function triple(title: string, next: State): Record<string, State> {
  return {
    [title]: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: 'step', Payload: { step: title, 'state.$': '$', 'execution.$': '$$.Execution.Name' } },
      ResultSelector: { 'outcome.$': '$.Payload.outcome', 'waitSeconds.$': '$.Payload.waitSeconds' },
      TimeoutSeconds: 60,
      Retry: [{ ErrorEquals: ['Lambda.TooManyRequestsException'], IntervalSeconds: 2, MaxAttempts: 3, JitterStrategy: 'FULL' }],
      Next: `${title}: done?`,
    },
    [`${title}: done?`]: {
      Type: 'Choice',
      Choices: [{ Variable: '$.outcome', StringEquals: 'running', Next: `${title}: wait` }],
      Default: `${title}: on`,
    },
    [`${title}: wait`]: { Type: 'Wait', SecondsPath: '$.waitSeconds', Next: title },
    [`${title}: on`]: { Type: 'Pass', ...next },
  };
}

const looking = {
  StartAt: 'Diagnose',
  States: {
    Diagnose: {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'Disk', States: triple('Disk', { End: true }) },
        { StartAt: 'Docker', States: triple('Docker', { End: true }) },
      ],
      ResultSelector: { 'input.$': '$$.Execution.Input', 'looks.$': '$[*].outcome' },
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Escalated' }],
      Next: 'Act',
    },
    ...triple('Act', { Next: 'Resolved' }),
    Resolved: { Type: 'Succeed' },
    Escalated: { Type: 'Fail', Error: 'Escalated', Cause: 'a person has it' },
  },
};

const asking = {
  StartAt: 'Approve',
  States: {
    Approve: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Parameters: { FunctionName: 'ask', Payload: { 'token.$': '$$.Task.Token' } },
      TimeoutSeconds: 3_600,
      Catch: [{ ErrorEquals: ['States.Timeout'], ResultPath: '$.error', Next: 'Silence' }],
      End: true,
    },
    Silence: { Type: 'Fail', Error: 'Silence', Cause: 'nobody answered' },
  },
};

const machine = (name: string, definition: unknown) => ({ name, definition });
const start = (states: SFNClient, name: string, run: string, input = '{}') =>
  states.send(new StartExecutionCommand({ stateMachineArn: `${ARN}:stateMachine:${name}`, name: run, input }));
const ended = (states: SFNClient, name: string, run: string) =>
  eventually(
    () => states.send(new DescribeExecutionCommand({ executionArn: `${ARN}:execution:${name}:${run}` })),
    ({ status }) => status !== 'RUNNING',
  );
const historyOf = async (states: SFNClient, name: string, run: string) =>
  (await states.send(new GetExecutionHistoryCommand({ executionArn: `${ARN}:execution:${name}:${run}`, maxResults: 1_000 })))
    .events ?? [];

const done = { outcome: 'done', waitSeconds: 0 };
const stepOf = (payload: unknown) => (payload as { step: string }).step;
const failure = (name: string, message: string) => Object.assign(new Error(message), { name });

describe('an execution', () => {
  test('runs branches, waits by the clock, and keeps its own input in branches', async () => {
    const asked: unknown[] = [];
    const waits = new Map([
      ['Docker', 1],
      ['Act', 2],
    ]);
    const { states, clock } = await localAws({
      stateMachines: [machine('m', looking)],
      invoke: async (_, payload) => {
        asked.push(payload);
        const left = waits.get(stepOf(payload)) ?? 0;
        waits.set(stepOf(payload), left - 1);
        return left > 0 ? { outcome: 'running', waitSeconds: 600 } : done;
      },
    });
    const before = clock.now().getTime();
    await start(states, 'm', 'r-1', '{"incidentId":"i1"}');
    const { status, output } = await ended(states, 'm', 'r-1');

    expect({ status, output }).toEqual({ status: 'SUCCEEDED', output: JSON.stringify(done) });
    expect(clock.now().getTime() - before).toBe(3 * 600_000);
    expect(asked.filter((payload) => stepOf(payload) === 'Act')).toHaveLength(3);
    expect(asked.at(0)).toEqual({ step: 'Disk', state: { incidentId: 'i1' }, execution: 'r-1' });
    const inputOfAct = asked.find((payload) => stepOf(payload) === 'Act');
    expect(inputOfAct).toMatchObject({ state: { input: { incidentId: 'i1' }, looks: ['done', 'done'] } });
  });

  test('tells its history in the words of AWS, every event after one that came before it', async () => {
    const { states } = await localAws({ stateMachines: [machine('m', looking)], invoke: async () => done });
    await start(states, 'm', 'r-1');
    await ended(states, 'm', 'r-1');
    const events = await historyOf(states, 'm', 'r-1');

    expect(events.map(({ id }) => id)).toEqual(events.map((_, at) => at + 1));
    for (const { id = 0, previousEventId = 0 } of events) expect(previousEventId).toBeLessThan(id);
    const types = events.map(({ type }) => type);
    expect(types.slice(0, 3)).toEqual(['ExecutionStarted', 'ParallelStateEntered', 'ParallelStateStarted']);
    expect(types.slice(-12)).toEqual([
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'ChoiceStateEntered',
      'ChoiceStateExited',
      'PassStateEntered',
      'PassStateExited',
      'SucceedStateEntered',
      'SucceedStateExited',
      'ExecutionSucceeded',
    ]);
    const startOfBranches = events.filter(({ stateEnteredEventDetails: of }) => of?.name === 'Disk' || of?.name === 'Docker');
    expect(startOfBranches.map(({ previousEventId }) => previousEventId)).toEqual([3, 3]);
    const reverse = await states.send(
      new GetExecutionHistoryCommand({ executionArn: `${ARN}:execution:m:r-1`, reverseOrder: true, maxResults: 1 }),
    );
    expect(reverse.events?.[0]?.executionSucceededEventDetails?.output).toBe(JSON.stringify(done));
    expect(reverse.nextToken).toBeDefined();
  });

  test('retries by the clock, with jitter, and gives up after the last attempt', async () => {
    let calls = 0;
    const { states, clock } = await localAws({
      stateMachines: [machine('m', { StartAt: 'Act', States: { ...triple('Act', { End: true }) } })],
      invoke: async () => {
        calls += 1;
        throw failure('Lambda.TooManyRequestsException', 'slow down');
      },
    });
    const before = clock.now().getTime();
    await start(states, 'm', 'r-1');
    const { status, error, cause } = await ended(states, 'm', 'r-1');

    expect({ status, error, calls }).toEqual({ status: 'FAILED', error: 'Lambda.TooManyRequestsException', calls: 4 });
    expect(JSON.parse(cause ?? '')).toMatchObject({ errorType: 'Lambda.TooManyRequestsException', errorMessage: 'slow down' });
    expect(clock.now().getTime() - before).toBe((2 + 4 + 8) * 500);
    const types = (await historyOf(states, 'm', 'r-1')).map(({ type }) => type);
    expect(types.filter((type) => type === 'TaskFailed')).toHaveLength(4);
    expect(types.at(-1)).toBe('ExecutionFailed');
  });

  test('catches what a branch throws, and the other branches try no more', async () => {
    const { states } = await localAws({
      stateMachines: [machine('m', looking)],
      invoke: async (_, payload) => {
        if (stepOf(payload) === 'Disk') throw failure('TypeError', 'no disk');
        return { outcome: 'running', waitSeconds: 1 };
      },
    });
    await start(states, 'm', 'r-1');
    expect(await ended(states, 'm', 'r-1')).toMatchObject({ status: 'FAILED', error: 'Escalated', cause: 'a person has it' });
    const types = (await historyOf(states, 'm', 'r-1')).map(({ type }) => type);
    expect(types).toContain('ParallelStateFailed');
    expect(types.slice(-2)).toEqual(['FailStateEntered', 'ExecutionFailed']);
  });

  test('times out as a whole by the clock, however long that is', async () => {
    const { states, clock } = await localAws({
      stateMachines: [machine('m', { ...asking, TimeoutSeconds: 90 * 86_400, States: { ...asking.States } })],
      invoke: () => new Promise(() => {}),
    });
    await start(states, 'm', 'r-1');
    clock.leap(90 * 86_400_000);
    expect(await ended(states, 'm', 'r-1')).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
  });
});

describe('a task token', () => {
  test('carries the answer back; afterwards it is worth nothing', async () => {
    const tokens: string[] = [];
    const { states } = await localAws({
      stateMachines: [machine('a', asking)],
      invoke: async (_, payload) => void tokens.push((payload as { token: string }).token),
    });
    await start(states, 'a', 'r-1');
    const [taskToken = ''] = await eventually(
      () => tokens,
      ({ length }) => length > 0,
    );
    await states.send(new SendTaskHeartbeatCommand({ taskToken }));
    await states.send(new SendTaskSuccessCommand({ taskToken, output: '{"approved":true}' }));

    expect(await ended(states, 'a', 'r-1')).toMatchObject({ status: 'SUCCEEDED', output: '{"approved":true}' });
    const again = states.send(new SendTaskSuccessCommand({ taskToken, output: '{}' }));
    await expect(again).rejects.toMatchObject({ name: 'TaskTimedOut' });
    const strange = states.send(new SendTaskSuccessCommand({ taskToken: 'made up', output: '{}' }));
    await expect(strange).rejects.toMatchObject({ name: 'InvalidToken' });
    expect(JSON.stringify(await historyOf(states, 'a', 'r-1'))).not.toContain(taskToken);
  });

  test('carries a failure back by its name', async () => {
    const tokens: string[] = [];
    const { states } = await localAws({
      stateMachines: [machine('a', asking)],
      invoke: async (_, payload) => void tokens.push((payload as { token: string }).token),
    });
    await start(states, 'a', 'r-1');
    const [taskToken = ''] = await eventually(
      () => tokens,
      ({ length }) => length > 0,
    );
    await states.send(new SendTaskFailureCommand({ taskToken, error: 'Denied', cause: 'not now' }));
    expect(await ended(states, 'a', 'r-1')).toMatchObject({ status: 'FAILED', error: 'Denied', cause: 'not now' });
  });

  test('that nobody answers times out by the clock, and not before', async () => {
    const { states, clock } = await localAws({ stateMachines: [machine('a', asking)] });
    await start(states, 'a', 'r-1');
    clock.leap(3_599_000);
    await eventually(
      async () => (await historyOf(states, 'a', 'r-1')).map(({ type }) => type),
      (types) => types.includes('TaskSubmitted'),
    );
    clock.leap(3_600_000);
    expect(await ended(states, 'a', 'r-1')).toMatchObject({ status: 'FAILED', error: 'Silence' });
  });
});

describe('starting and stopping', () => {
  const stuck = { stateMachines: [machine('a', asking)], invoke: () => new Promise<never>(() => {}) };

  test('the same name with the same input is the same execution while it runs; otherwise it exists already', async () => {
    const { states } = await localAws(stuck);
    const first = await start(states, 'a', 'r-1', '{"a":1}');
    const second = await start(states, 'a', 'r-1', '{"a":1}');
    expect(second.startDate).toEqual(first.startDate);
    await expect(start(states, 'a', 'r-1', '{"a":2}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    await states.send(new StopExecutionCommand({ executionArn: `${ARN}:execution:a:r-1`, error: 'Stopped', cause: 'by hand' }));
    await expect(start(states, 'a', 'r-1', '{"a":1}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  });

  test('a stopped execution is aborted at once, with the reason that was given', async () => {
    const { states, aws } = await localAws(stuck);
    const { executionArn } = await start(states, 'a', 'r-1');
    const { stopDate } = await states.send(new StopExecutionCommand({ executionArn, error: 'Stopped', cause: 'by hand' }));
    const described = await states.send(new DescribeExecutionCommand({ executionArn }));
    expect(described).toMatchObject({ status: 'ABORTED', error: 'Stopped', cause: 'by hand', stopDate });
    expect((await historyOf(states, 'a', 'r-1')).at(-1)?.type).toBe('ExecutionAborted');
    expect(aws.events().map(({ detail }) => (detail as { status: string }).status)).toEqual(['RUNNING', 'ABORTED']);
  });

  test('unknown machines, executions, names and inputs are refused by their names', async () => {
    const { states } = await localAws(stuck);
    await expect(start(states, 'nobody', 'r')).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
    await expect(start(states, 'a', 'r 1')).rejects.toMatchObject({ name: 'InvalidName' });
    await expect(start(states, 'a', 'r', '{')).rejects.toMatchObject({ name: 'InvalidExecutionInput' });
    await expect(ended(states, 'a', 'nothing')).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
  });

  test('lists executions by status, and machines with their definition as it was given', async () => {
    const { states } = await localAws(stuck);
    const { executionArn } = await start(states, 'a', 'r-1');
    await start(states, 'a', 'r-2');
    await states.send(new StopExecutionCommand({ executionArn }));
    const stateMachineArn = `${ARN}:stateMachine:a`;
    const { executions } = await states.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' }));
    expect(executions?.map(({ name }) => name)).toEqual(['r-2']);
    const { stateMachines } = await states.send(new ListStateMachinesCommand({}));
    expect(stateMachines?.map(({ name }) => name)).toEqual(['a']);
    const { definition } = await states.send(new DescribeStateMachineCommand({ stateMachineArn }));
    expect(JSON.parse(definition ?? '')).toEqual(asking);
  });

  test('a machine that AWS would run otherwise than here is refused at once', async () => {
    const map = { StartAt: 'M', States: { M: { Type: 'Map', End: true } } };
    await expect(localAws({ stateMachines: [machine('m', map)] })).rejects.toThrow('state "M": Map is not supported');
    const other = { StartAt: 'T', States: { T: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', End: true } } };
    await expect(localAws({ stateMachines: [machine('m', other)] })).rejects.toThrow('state "T": expected');
  });
});

test('what a restart interrupted is aborted, and its history goes on', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'local-aws-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  const options = { dataDir, stateMachines: [machine('a', asking)], invoke: () => new Promise<never>(() => {}) };
  const first = await localAws(options);
  await start(first.states, 'a', 'r-1');
  await first.stop();

  const { states } = await localAws(options);
  expect(await ended(states, 'a', 'r-1')).toMatchObject({ status: 'ABORTED', error: 'LocalMode.Restarted' });
  const events = await historyOf(states, 'a', 'r-1');
  expect(events.map(({ id }) => id)).toEqual(events.map((_, at) => at + 1));
  expect(events.at(0)?.type).toBe('ExecutionStarted');
  expect(events.at(-1)?.type).toBe('ExecutionAborted');
});
