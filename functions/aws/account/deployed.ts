import { DescribeContinuousBackupsCommand, DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { ListStateMachinesCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { all, inTime } from './asking.ts';
import { isAbsent } from './refusal.ts';

/** The environment of a function; `null` when there is no such function. */
export async function environmentOf(client: LambdaClient, name: string): Promise<Readonly<Record<string, string>> | null> {
  const answer = await orAbsent(client.send(new GetFunctionConfigurationCommand({ FunctionName: name }), inTime()));
  return answer && (answer.Environment?.Variables ?? {});
}

/** The names of the state machines of this region. */
export async function stateMachineNames(client: SFNClient): Promise<string[]> {
  const found = await all(async (nextToken) => {
    const answer = await client.send(new ListStateMachinesCommand({ maxResults: 1_000, nextToken }), inTime());
    return { items: answer.stateMachines ?? [], next: answer.nextToken };
  });
  return found.flatMap(({ name }) => name ?? []);
}

/** Whether a table is there, and whether it can be deleted by mistake; `null` when it is not there. */
export async function tableFound(client: DynamoDBClient, name: string): Promise<{ deletionProtection: boolean } | null> {
  const answer = await orAbsent(client.send(new DescribeTableCommand({ TableName: name }), inTime()));
  return answer && { deletionProtection: answer.Table?.DeletionProtectionEnabled === true };
}

/** Whether a table can be brought back as it was at any second of the last weeks. */
export async function hasPointInTimeRecovery(client: DynamoDBClient, name: string): Promise<boolean> {
  const answer = await client.send(new DescribeContinuousBackupsCommand({ TableName: name }), inTime());
  const { PointInTimeRecoveryDescription: recovery } = answer.ContinuousBackupsDescription ?? {};
  return recovery?.PointInTimeRecoveryStatus === 'ENABLED';
}

export async function orAbsent<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}
