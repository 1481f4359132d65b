import * as z from 'zod';
import type { Climb } from '../incident.ts';

/** What an execution of the escalation machine is started with. */
export const ClimbInput = z.strictObject({
  incidentId: z.string().min(1).max(80),
  generation: z.number().int().min(1),
  /** 0 for a look beside those that climb: it tells elsewhere what a person has done. */
  attempt: z.number().int().min(0),
  /** Where the incident's story is told, for whoever finds the execution in Step Functions. */
  see: z.string().max(2_000).optional(),
});
export type ClimbInput = z.output<typeof ClimbInput>;

/** What a look at the ladder answers: whether there is another, and in how many seconds. */
export interface Looked {
  outcome: 'again' | 'over';
  waitSeconds: number;
}

/** The name of the execution that climbs a generation. Started twice, it is the same execution. */
export function climbName(incidentId: string, { generation, attempt }: Pick<Climb, 'generation' | 'attempt'>): string {
  return `${incidentId}-${generation}.${attempt}`;
}

/** A day and no longer is waited, so that what nobody told the execution of is seen within that time. */
export const LONGEST_WAIT_SECONDS = 86_400;
/** Far under the 24.8 days that timers can hold, and the 25,000 events of a history. `watch` begins another after it. */
const MACHINE_TIMEOUT_SECONDS = 1_728_000;
/** The function's own limit is 30 s; this is what it has before it counts as lost. */
const TASK_TIMEOUT_SECONDS = 60;

/**
 * The escalation machine: page what is due, wait for what comes next, look again. Which that is, is decided by the function in
 * each look, from the incident as it is then; the machine knows only time. Plain JSONPath, with `${Escalate}` to be substituted.
 */
export const ESCALATION_MACHINE = {
  Comment:
    'Climbs the ladder of one incident, rung by rung, until a person has it. The input says in "see" where the incident is shown.',
  StartAt: 'Page what is due',
  TimeoutSeconds: MACHINE_TIMEOUT_SECONDS,
  States: {
    'Page what is due': {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: {
        FunctionName: '${Escalate}',
        Payload: { 'input.$': '$$.Execution.Input', 'execution.$': '$$.Execution.Name' },
      },
      OutputPath: '$.Payload',
      TimeoutSeconds: TASK_TIMEOUT_SECONDS,
      // Whatever went wrong, a page is due: it is tried for about five minutes, and then by `watch`.
      Retry: [
        {
          ErrorEquals: ['States.ALL'],
          IntervalSeconds: 1,
          MaxAttempts: 12,
          BackoffRate: 2,
          MaxDelaySeconds: 30,
          JitterStrategy: 'FULL',
        },
      ],
      Next: 'Does anything come next?',
    },
    'Does anything come next?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.outcome', StringEquals: 'again', Next: 'Wait for the next rung' }],
      Default: 'Nobody is left to page',
    },
    'Wait for the next rung': { Type: 'Wait', SecondsPath: '$.waitSeconds', Next: 'Page what is due' },
    'Nobody is left to page': { Type: 'Succeed' },
  },
};
