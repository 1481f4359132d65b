import { once } from 'node:events';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';
import { afterAll, describe } from 'vitest';
import { TABLE_SHAPE } from '../../../../functions/incident/table.ts';
import { storeContract } from './store-contract.ts';

describe('the table on dynalite, in memory', () => {
  const server = dynalite({ createTableMs: 0 });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  storeContract(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    const endpoint = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    const client = new DynamoDBClient({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const name = 'firebreak-incidents';
    const attributes = [...TABLE_SHAPE.AttributeDefinitions];
    await client.send(
      new CreateTableCommand({
        ...TABLE_SHAPE,
        TableName: name,
        AttributeDefinitions: attributes,
        KeySchema: [...TABLE_SHAPE.KeySchema],
        GlobalSecondaryIndexes: TABLE_SHAPE.GlobalSecondaryIndexes.map((index) => ({
          ...index,
          KeySchema: [...index.KeySchema],
        })),
      }),
    );
    const active = async () => (await client.send(new DescribeTableCommand({ TableName: name }))).Table?.TableStatus === 'ACTIVE';
    while (!(await active()));
    return { client: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }), name };
  });
});
