import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { ListCommandsCommand, SSMClient } from '@aws-sdk/client-ssm';
import { resolve } from '../../functions/console/commands/resolve.ts';
import { until } from '../e2e/until.ts';
import type { SkippingClock } from './skipping-clock.ts';
import type { Stage } from './stage.ts';

const PATIENCE_MS = 60_000;
/** Enough for every cached answer, every window of the breaker and every lease to be over when the next alarm comes. */
const BETWEEN_ALARMS_MS = 2 * 3_600_000;

/** Until no function is at work, and no script runs on the simulated host. */
export async function atRest({ recorded }: Stage): Promise<void> {
  const hosts = new SSMClient({});
  const running = new ListCommandsCommand({ Filters: [{ key: 'Status', value: 'InProgress' }] });
  const rests = async () => recorded.underWay() === 0 && ((await hosts.send(running)).Commands ?? []).length === 0;
  await until('everything is at rest', rests, PATIENCE_MS);
}

/** Stops what runs, as a person at the console of Step Functions would. */
export async function stopRuns(stage: Stage): Promise<void> {
  const machines = new SFNClient({});
  for (const { executionArn, status } of stage.aws.executions())
    if (status === 'RUNNING') await machines.send(new StopExecutionCommand({ executionArn }));
  await atRest(stage);
}

/** Ends the run and its incident, so that the next alarm finds the house as the first one found it: warm, and at rest. */
export async function endIncident(stage: Stage, clock: SkippingClock, alarm: string): Promise<void> {
  await stopRuns(stage);
  stage.alarm(alarm, 'OK');
  await stage.recorded.next(({ service, operation }) => service === 'dynamodb' && operation === 'UpdateItem');
  await atRest(stage);
  await stage.watch();
  await resolve(stage.around)((await stage.openIncident()).id, { by: 'benchmark' });
  // What its end leaves to do: whoever heard that it began hears that it is over. A ladder that waits for its next rung waits for ever.
  await atRest(stage);
  await stopRuns(stage);
  stage.recorded.forget();
  clock.skip(BETWEEN_ALARMS_MS);
}
