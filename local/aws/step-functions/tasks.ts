import * as z from 'zod';
import type { Clock } from '../../../functions/incident/clock.ts';
import { functionName } from '../arns.ts';
import type { Deadlines } from '../deadlines.ts';
import type { Retrier, TaskSpec } from './machine.ts';
import { lambdaError, TaskError } from './task-error.ts';
import type { TaskTokens } from './task-tokens.ts';

/** Carries out a function, as Lambda would. @throws the function's own error */
export type Invoke = (functionName: string, payload: unknown) => Promise<unknown>;

export interface TaskDependencies {
  clock: Clock;
  deadlines: Deadlines;
  tokens: TaskTokens;
  invoke: Invoke;
  /** From 0 to 1: the jitter of retries. */
  random: () => number;
}

/** What the execution hears of a task, for its history. */
export interface TaskWitness {
  /** Whether the execution, and the branch that the task is in, still run. */
  alive(): boolean;
  tell(type: string, details?: Record<string, unknown>): void;
}

/** Stands for the token in the state's input, and in the history; each attempt puts a new token in its place. */
export const TOKEN_PLACEHOLDER = '<task token>';

const Call = z.looseObject({ FunctionName: z.string(), Payload: z.unknown() });

/**
 * Runs a Task state: attempt by attempt, as its Retry says.
 * @throws {TaskError} when it failed for good
 */
export async function runTask(deps: TaskDependencies, task: TaskSpec, input: unknown, witness: TaskWitness): Promise<unknown> {
  const attempts = new Map<Retrier, number>();
  for (;;) {
    try {
      witness.tell('TaskScheduled', { parameters: JSON.stringify(input), timeoutInSeconds: task.timeoutSeconds });
      witness.tell('TaskStarted');
      const output = await (task.resource === 'invoke' ? invokeOnce(deps, task, input) : askOnce(deps, task, input, witness));
      witness.tell('TaskSucceeded', { output: JSON.stringify(output) });
      return output;
    } catch (thrown) {
      const error = lambdaError(thrown);
      witness.tell(error.name === 'States.Timeout' ? 'TaskTimedOut' : 'TaskFailed', { error: error.name, cause: error.message });
      const seconds = witness.alive() ? retryAfter(task.retry, attempts, error, deps.random) : undefined;
      if (seconds === undefined) throw error;
      await deps.clock.sleep(seconds * 1_000);
      if (!witness.alive()) throw error;
    }
  }
}

/**
 * How many seconds until the next attempt; `undefined` when there is none.
 * Jitter `FULL` takes any part of the interval, as Step Functions does.
 */
function retryAfter(
  retry: readonly Retrier[],
  attempts: Map<Retrier, number>,
  error: TaskError,
  random: () => number,
): number | undefined {
  const retrier = error.isRetryable
    ? retry.find(({ ErrorEquals }) => ErrorEquals.some((name) => matches(name, error)))
    : undefined;
  const made = retrier ? (attempts.get(retrier) ?? 0) : 0;
  if (!retrier || made >= retrier.MaxAttempts) return undefined;
  attempts.set(retrier, made + 1);
  const interval = Math.min(retrier.IntervalSeconds * retrier.BackoffRate ** made, retrier.MaxDelaySeconds ?? Infinity);
  return retrier.JitterStrategy === 'FULL' ? interval * random() : interval;
}

function matches(name: string, error: TaskError): boolean {
  return name === error.name || name === 'States.ALL' || (name === 'States.TaskFailed' && error.name !== 'States.Timeout');
}

/** One call of a function. It works in the machine's own time, whatever the speed of the clock: so does its timeout. */
async function invokeOnce(deps: TaskDependencies, task: TaskSpec, input: unknown): Promise<unknown> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const seconds = Math.min(task.timeoutSeconds, 2_147_483);
  const timer = setTimeout(() => reject(timedOut(task)), seconds * 1_000);
  try {
    return { ExecutedVersion: '$LATEST', Payload: await Promise.race([callFunction(deps, input), late]), StatusCode: 200 };
  } finally {
    clearTimeout(timer);
  }
}

/** One call with a new token; then the answer, or the timeout by the clock: silence is the task's `States.Timeout`. */
async function askOnce(deps: TaskDependencies, task: TaskSpec, input: unknown, witness: TaskWitness): Promise<unknown> {
  const { token, answer } = deps.tokens.issue();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const cancel = deps.deadlines.at(deps.clock.now().getTime() + task.timeoutSeconds * 1_000, () => reject(timedOut(task)));
  const asked = callFunction(deps, JSON.parse(JSON.stringify(input).replaceAll(TOKEN_PLACEHOLDER, token))).then((output) => {
    witness.tell('TaskSubmitted', { output: JSON.stringify({ Payload: output, StatusCode: 200 }) });
    return answer;
  });
  try {
    return await Promise.race([asked, answer, late]);
  } finally {
    cancel();
    deps.tokens.withdraw(token);
  }
}

async function callFunction(deps: TaskDependencies, input: unknown): Promise<unknown> {
  const call = Call.safeParse(input);
  if (!call.success) throw new TaskError('States.Runtime', 'the Task has no Parameters.FunctionName');
  const { FunctionName, Payload } = call.data;
  return asJson(await deps.invoke(functionName(FunctionName), asJson(Payload)));
}

/** What is left of a value after the way through JSON, as between Step Functions and Lambda. */
function asJson(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

function timedOut(task: TaskSpec): TaskError {
  return new TaskError('States.Timeout', `"${task.name}" did not end within ${task.timeoutSeconds} s`);
}
