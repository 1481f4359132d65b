import { GetExecutionHistoryCommand, type HistoryEvent, SFNClient } from '@aws-sdk/client-sfn';
import { virtualClock } from '../../local/clocks.ts';
import { tallied } from './recorder.ts';
import { onStage, type Stage } from './stage.ts';

/** Longer than any run of these takes. */
export const LIMIT_MS = 3_600_000;

export interface RunCalls {
  runbook: string;
  ended: string;
  /** As Step Functions counts and bills them: each state that is entered, and each retry. */
  stateTransitions: number;
  /** Of all functions, the two for the signals (it fires, it clears) among them. */
  invocations: number;
  calls: Record<string, number>;
  /** Metrics that were counted, each by each group of dimensions: CloudWatch asks for every one of them by the hour in which it was. */
  metricHours: number;
  dynamoDbPerTransition: number;
}

/**
 * What one incident costs from its alarm to its end. Time stands still while a script or a call is under way, so the
 * counts are the same at every run; on AWS, where a command takes seconds to come back, it is asked about more often.
 */
export function runCalls(runbook: string, alarm: string, alert: string, fault: string): Promise<RunCalls> {
  const clock = virtualClock();
  return onStage(clock, async (stage) => {
    const { simulation, recorded, aws, around } = stage;
    simulation.switchOn(fault);
    stage.alarm(alarm, 'ALARM');
    const well = () => simulation.measure().every((one) => one.alert !== alert || !one.firing);
    await clock.drive(() => recorded.calls().length > 0 && well(), LIMIT_MS);
    stage.alarm(alarm, 'OK');
    const isOver = () => aws.executions().length > 0 && aws.executions().every(({ status }) => status !== 'RUNNING');
    await clock.drive(isOver, LIMIT_MS);

    // Before anything else is asked, for that is counted too.
    const [calls, invocations] = [[...recorded.calls()], recorded.invocations()];
    const transitions = await clock.during(transitionsOf(stage));
    const [incident] = await clock.during(around.store.incidents.past());
    return {
      runbook,
      ended: incident?.status ?? 'not resolved',
      stateTransitions: transitions,
      invocations,
      calls: tallied(calls),
      metricHours: metricHours(stage),
      dynamoDbPerTransition: Math.round((10 * calls.filter(({ service }) => service === 'dynamodb').length) / transitions) / 10,
    };
  });
}

/** As if each were counted in an hour of its own. */
export function metricHours({ counted }: Stage): number {
  return counted.reduce((sum, { metrics, groups }) => sum + metrics.length * groups.length, 0);
}

/** Of all executions that there were. */
export async function transitionsOf(stage: Stage): Promise<number> {
  const history = await historyOf(stage);
  return history.filter(({ type = '' }) => type.endsWith('StateEntered')).length + retries(history);
}

async function historyOf({ aws }: Stage): Promise<HistoryEvent[]> {
  const machines = new SFNClient({});
  const events: HistoryEvent[] = [];
  for (const { executionArn } of aws.executions()) {
    let nextToken: string | undefined;
    do {
      const page = await machines.send(new GetExecutionHistoryCommand({ executionArn, ...(nextToken && { nextToken }) }));
      events.push(...(page.events ?? []));
      nextToken = page.nextToken;
    } while (nextToken);
  }
  return events;
}

/** A task that is scheduled once more without its state being entered again. */
function retries(history: readonly HistoryEvent[]): number {
  const count = (wanted: string) => history.filter(({ type }) => type === wanted).length;
  return Math.max(0, count('TaskScheduled') - count('TaskStateEntered'));
}
