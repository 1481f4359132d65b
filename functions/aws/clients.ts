import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * Stands around every call: it makes the call and returns its answer. Counts for the benchmarks; a test crashes before or
 * after the n-th.
 */
export type CallWatcher = (service: string, operation: string, call: () => Promise<unknown>) => Promise<unknown>;

interface Watchable {
  middlewareStack: { add(middleware: unknown, options: { step: 'initialize'; name: string }): void };
}

/** The clients are kept between invocations, so that a warm function reuses its connections. */
export interface Clients {
  table: DynamoDBDocumentClient;
  /** For questions about tables; what is in ours goes through `table`. */
  tables: DynamoDBClient;
  machines: SFNClient;
  hosts: SSMClient;
  topics: SNSClient;
  alarms: CloudWatchClient;
  functions: LambdaClient;
}

/**
 * Every SDK client that Firebreak uses is made here. Where they go is the SDK's own `AWS_ENDPOINT_URL`: on AWS it is
 * not set, in local mode it is local mode's port.
 */
export function makeClients(watcher: CallWatcher = (_service, _operation, call) => call()): Clients {
  const watch = <C extends Watchable>(service: string, client: C): C => {
    client.middlewareStack.add(watching(service, watcher), { step: 'initialize', name: 'callWatcher' });
    return client;
  };
  const dynamo = watch('dynamodb', new DynamoDBClient({}));
  return {
    tables: dynamo,
    table: DynamoDBDocumentClient.from(dynamo, { marshallOptions: { removeUndefinedValues: true } }),
    machines: watch('states', new SFNClient({})),
    hosts: watch('ssm', new SSMClient({})),
    topics: watch('sns', new SNSClient({})),
    alarms: watch('cloudwatch', new CloudWatchClient({})),
    functions: watch('lambda', new LambdaClient({})),
  };
}

type Next = (args: unknown) => Promise<unknown>;

function watching(service: string, watcher: CallWatcher) {
  return (next: Next, context: { commandName?: string }) => (args: unknown) =>
    watcher(service, (context.commandName ?? 'unknown').replace(/Command$/, ''), () => next(args));
}
