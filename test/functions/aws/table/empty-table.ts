import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { TABLE_SHAPE } from '../../../../functions/incident/table.ts';
import type { EmptyTable } from './store-contract.ts';

/** Makes the table that the stack deploys, in the DynamoDB that answers there. The key has no dash: DynamoDB Local takes none. */
export async function emptyTable(endpoint: string): Promise<EmptyTable> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  const name = 'firebreak-incidents';
  await client.send(
    new CreateTableCommand({
      ...TABLE_SHAPE,
      TableName: name,
      AttributeDefinitions: [...TABLE_SHAPE.AttributeDefinitions],
      KeySchema: [...TABLE_SHAPE.KeySchema],
      GlobalSecondaryIndexes: TABLE_SHAPE.GlobalSecondaryIndexes.map((index) => ({ ...index, KeySchema: [...index.KeySchema] })),
    }),
  );
  const active = async () => (await client.send(new DescribeTableCommand({ TableName: name }))).Table?.TableStatus === 'ACTIVE';
  while (!(await active()));
  return { client: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }), name };
}
