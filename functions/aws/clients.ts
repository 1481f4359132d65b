import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EKSClient } from '@aws-sdk/client-eks';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type CallWatcher, watched } from './watched.ts';

export interface Clients {
  table: DynamoDBDocumentClient;
  /** For questions about tables; what is in ours goes through `table`. */
  tables: DynamoDBClient;
  machines: SFNClient;
  hosts: SSMClient;
  topics: SNSClient;
  alarms: CloudWatchClient;
  functions: LambdaClient;
  clusters: EKSClient;
}

/**
 * Every SDK client at once, for a program that a person starts; a function has `services`. Where they go is the SDK's own `AWS_ENDPOINT_URL`: on AWS it is
 * not set, in local mode it is local mode's port.
 */
export function makeClients(watcher?: CallWatcher): Clients {
  const dynamo = watched('dynamodb', new DynamoDBClient({}), watcher);
  return {
    tables: dynamo,
    table: DynamoDBDocumentClient.from(dynamo, { marshallOptions: { removeUndefinedValues: true } }),
    machines: watched('states', new SFNClient({}), watcher),
    hosts: watched('ssm', new SSMClient({}), watcher),
    topics: watched('sns', new SNSClient({}), watcher),
    alarms: watched('cloudwatch', new CloudWatchClient({}), watcher),
    functions: watched('lambda', new LambdaClient({}), watcher),
    clusters: watched('eks', new EKSClient({}), watcher),
  };
}
