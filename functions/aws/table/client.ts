import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type CallWatcher, watched } from '../watched.ts';

/** The one client that every function needs, whatever it is about to do. */
export function tableClient(watcher?: CallWatcher): DynamoDBDocumentClient {
  const dynamo = watched('dynamodb', new DynamoDBClient({}), watcher);
  return DynamoDBDocumentClient.from(dynamo, { marshallOptions: { removeUndefinedValues: true } });
}
