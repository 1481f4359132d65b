import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { ListCommandsCommand, SSMClient } from '@aws-sdk/client-ssm';
import { until } from '../e2e/until.ts';
import type { Stage } from './stage.ts';

const PATIENCE_MS = 60_000;

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
