import type { Act, Runbook } from './definition.ts';
import type { Outcome } from './outcome.ts';
import { commentOn, FOR_PEOPLE, type StepKind } from './step-kind.ts';

/** Amazon States Language, as far as a runbook needs it. Plain JSONPath, with `${RunStep}` to be substituted. */
export interface StateMachineDefinition {
  Comment: string;
  StartAt: string;
  TimeoutSeconds: number;
  States: Record<string, State>;
}
export type State = TaskState | ChoiceState | WaitState | ParallelState | { Type: 'Succeed'; Comment: string } | FailState;

interface TaskState {
  Type: 'Task';
  Comment: string;
  Resource: string;
  Parameters: Record<string, unknown>;
  OutputPath: '$.Payload' | '$';
  TimeoutSeconds: number;
  Retry: object[];
  Catch?: { ErrorEquals: string[]; ResultPath: string; Next: string }[];
  Next?: string;
  End?: true;
}
interface ChoiceState {
  Type: 'Choice';
  Comment: string;
  Choices: { Variable: string; StringEquals: Outcome; Next: string }[];
  Default: string;
}
interface WaitState {
  Type: 'Wait';
  Comment: string;
  SecondsPath: string;
  Next: string;
}
interface ParallelState {
  Type: 'Parallel';
  Comment: string;
  Branches: { StartAt: string; States: Record<string, State> }[];
  ResultPath: null;
  Catch: { ErrorEquals: string[]; ResultPath: string; Next: string }[];
  Next: string;
}
interface FailState {
  Type: 'Fail';
  Comment: string;
  Error: string;
  Cause?: string;
  CausePath?: string;
}

/** A run waits at most this long for a person, an alarm or a lock, all told. Far under the 24.8 days that timers can hold. */
const MACHINE_TIMEOUT_SECONDS = 86_400;
/** A function's own time limit is 30 s; this is what the state machine gives it before it counts as lost. */
const TASK_TIMEOUT_SECONDS = 60;
/** How long a person has to answer before silence is a no. */
export const APPROVAL_SECONDS = 1_800;

/** Lambda's transient errors, as AWS lists them for Step Functions, and a crash of the function: asking again is safe. */
const TRANSIENT = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.Unknown',
  'Sandbox.Timedout',
  'Runtime.ExitError',
];
const retry = (errors: string[]) => [
  { ErrorEquals: errors, IntervalSeconds: 1, MaxAttempts: 4, BackoffRate: 2, MaxDelaySeconds: 10, JitterStrategy: 'FULL' },
];

const done = (title: string) => `${title}: done?`;
const wait = (title: string) => `${title}: wait`;
const approve = (act: Act) => `Approve: ${act.title}`;
const undo = (act: Act) => `Undo: ${act.title}`;

/**
 * A runbook as a state machine. Pure: the deployed and the local machine are byte for byte the same JSON.
 *
 * `Open` -> `Diagnose` -> each act (-> `Approve: <title>`) -> `Verify` -> `Resolve`; every other way out ->
 * `Undo: <title>` of what was started, in reverse -> `Escalate` -> `Escalated`.
 */
export function compile(runbook: Runbook): StateMachineDefinition {
  const { acts, verify } = runbook;
  const undos = acts.filter((act) => act.undo).toReversed();
  const wayOut = undos[0] ? undo(undos[0]) : 'Escalate';
  const task = (kind: StepKind, step: string, rest: Partial<TaskState> = {}): TaskState =>
    taskState(runbook, kind, step, wayOut, rest);
  const loop = (
    kind: StepKind,
    step: string,
    title: string,
    choices: Partial<Record<Outcome, string>>,
  ): Record<string, State> => ({
    [title]: task(kind, step, { Next: done(title) }),
    [done(title)]: choice({ running: wait(title), ...choices }, wayOut),
    [wait(title)]: waitFor(title),
  });
  const after = (at: number) => acts[at]?.title ?? verify?.title ?? 'Report';

  const States: Record<string, State> = {
    Open: task('open', 'open', { Parameters: parameters(runbook, 'open', 'open', OPENING), Next: done('Open') }),
    [done('Open')]: choice({ done: 'Diagnose', failed: 'Rejected' }, wayOut),
    Diagnose: {
      Type: 'Parallel',
      Comment: 'Looks, changes nothing. One that fails is recorded, and the rest goes on.',
      Branches: runbook.looks.map((look) => branch(runbook, look.key, look.title)),
      ResultPath: null,
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: wayOut }],
      Next: after(0),
    },
  };
  acts.forEach((act, at) => {
    Object.assign(
      States,
      loop('act', act.key, act.title, { done: after(at + 1), skipped: after(at + 1), stale: 'Diagnose', ask: approve(act) }),
    );
    States[approve(act)] = task('ask', act.key, {
      Comment: `A person decides, by the link in the page, the dashboard, the console or the CLI; silence is a no after ${APPROVAL_SECONDS / 60} minutes.`,
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Parameters: parameters(runbook, 'ask', act.key, { 'state.$': '$', 'taskToken.$': '$$.Task.Token' }),
      OutputPath: '$',
      TimeoutSeconds: APPROVAL_SECONDS,
      // A timeout here is a person's silence, not a lost function: asking again would never end.
      Retry: retry(TRANSIENT),
      Next: done(approve(act)),
    });
    States[done(approve(act))] = choice({ done: 'Diagnose' }, wayOut);
  });
  if (verify) {
    Object.assign(States, loop('verify', 'verify', verify.title, { done: 'Resolve' }));
    Object.assign(States, loop('resolve', 'resolve', 'Resolve', { done: 'Resolved' }));
  } else {
    Object.assign(States, {
      Report: task('report', 'report', { Next: done('Report') }),
      [done('Report')]: choice({ done: 'Resolved' }, wayOut),
    });
  }
  undos.forEach((act, at) => {
    const next = undos[at + 1];
    const following = next ? undo(next) : 'Escalate';
    Object.assign(States, {
      [undo(act)]: taskState(runbook, 'undo', act.key, following, { Next: done(undo(act)) }),
      [done(undo(act))]: choice({ running: wait(undo(act)) }, following),
      [wait(undo(act))]: waitFor(undo(act)),
    });
  });
  States.Escalate = taskState(runbook, 'escalate', 'escalate', 'Escalated', { Next: 'Escalated' });
  States.Escalated = {
    Type: 'Fail',
    Comment: 'Red on purpose: what is not proven well is at a person.',
    Error: 'Escalated',
    Cause: 'A person has it now. The incident says why.',
  };
  States.Resolved = { Type: 'Succeed', Comment: 'Proven well, or only looked at: nobody needs to do anything for it.' };
  States.Rejected = {
    Type: 'Fail',
    Comment: 'The input was wrong, and Cause says where. Nothing was done, and nobody was paged.',
    Error: 'InvalidInput',
    CausePath: '$.message',
  };
  return {
    Comment: `${runbook.title}: ${runbook.symptom} ${FOR_PEOPLE}`,
    StartAt: 'Open',
    TimeoutSeconds: MACHINE_TIMEOUT_SECONDS,
    States,
  };
}

const waitFor = (title: string): WaitState => ({
  Type: 'Wait',
  Comment: 'As long as the step has said; then it is asked again.',
  SecondsPath: '$.waitSeconds',
  Next: title,
});

/** A look needs no way out of its own: what fails is a fact that is missing, and the gate hears of it. */
function branch(runbook: Runbook, step: string, title: string): ParallelState['Branches'][number] {
  const { Catch: _none, ...look } = taskState(runbook, 'look', step, '', { Next: done(title) });
  const found = `${title}: recorded`;
  return {
    StartAt: title,
    States: {
      [title]: look,
      [done(title)]: choice({ running: wait(title) }, found),
      [wait(title)]: waitFor(title),
      [found]: { Type: 'Succeed', Comment: 'Its facts are in the incident; one that failed is a fact that is missing.' },
    },
  };
}

function choice(ways: Partial<Record<Outcome, string>>, otherwise: string): ChoiceState {
  const entries = Object.entries(ways) as [Outcome, string][];
  return {
    Type: 'Choice',
    Comment: 'Where it goes on: as the step before has answered.',
    Choices: entries.map(([outcome, Next]) => ({ Variable: '$.outcome', StringEquals: outcome, Next })),
    Default: otherwise,
  };
}

function taskState(runbook: Runbook, kind: StepKind, step: string, wayOut: string, rest: Partial<TaskState>): TaskState {
  return {
    Type: 'Task',
    Comment: commentOn(runbook, kind, step),
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: parameters(runbook, kind, step),
    OutputPath: '$.Payload',
    TimeoutSeconds: TASK_TIMEOUT_SECONDS,
    Retry: retry([...TRANSIENT, 'States.Timeout']),
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: wayOut }],
    ...rest,
  };
}

function parameters(
  runbook: Runbook,
  kind: StepKind,
  step: string,
  rest: Record<string, string> = { 'state.$': '$' },
): Record<string, unknown> {
  return {
    FunctionName: '${RunStep}',
    Payload: {
      runbook: runbook.id,
      kind,
      step,
      'execution.$': '$$.Execution.Id',
      'executionName.$': '$$.Execution.Name',
      ...rest,
    },
  };
}

/** What only the first state passes on. A person may start it with `{}`, so nothing of the input is named here. */
const OPENING = { 'startedAt.$': '$$.Execution.StartTime', 'input.$': '$$.Execution.Input' };
