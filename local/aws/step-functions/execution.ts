import * as z from 'zod';

const Started = z.object({
  executionArn: z.string(),
  stateMachineArn: z.string(),
  name: z.string(),
  /** ISO 8601 in UTC, of the clock. */
  startDate: z.iso.datetime(),
  /** JSON, as it was given. */
  input: z.string(),
});
const Ended = Started.extend({ stopDate: z.iso.datetime() });
const Unfinished = Ended.extend({ error: z.string(), cause: z.string() });

/** An execution by its status: one that succeeded has an output, one that did not has an error and a cause. */
export const Execution = z.discriminatedUnion('status', [
  Started.extend({ status: z.literal('RUNNING') }),
  Ended.extend({ status: z.literal('SUCCEEDED'), output: z.string() }),
  Unfinished.extend({ status: z.literal('FAILED') }),
  Unfinished.extend({ status: z.literal('TIMED_OUT') }),
  Unfinished.extend({ status: z.literal('ABORTED') }),
]);
export type Execution = z.infer<typeof Execution>;
export type ExecutionStatus = Execution['status'];

/** How an execution ended, without its times. */
export type Outcome =
  | { status: 'SUCCEEDED'; output: string }
  | { status: 'FAILED' | 'TIMED_OUT' | 'ABORTED'; error: string; cause: string };

/** The last event of a history: its type and what it says. */
export function lastEvent(outcome: Outcome): [type: string, details: Record<string, unknown>] {
  if (outcome.status === 'SUCCEEDED')
    return [
      'ExecutionSucceeded',
      { executionSucceededEventDetails: { output: outcome.output, outputDetails: { truncated: false } } },
    ];
  const { error, cause } = outcome;
  if (outcome.status === 'FAILED') return ['ExecutionFailed', { executionFailedEventDetails: { error, cause } }];
  if (outcome.status === 'TIMED_OUT') return ['ExecutionTimedOut', { executionTimedOutEventDetails: { error, cause } }];
  return ['ExecutionAborted', { executionAbortedEventDetails: { error, cause } }];
}
