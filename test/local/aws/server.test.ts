import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeContinuousBackupsCommand, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, onTestFinished, test } from 'vitest';
import { localAws } from './local-aws.ts';

/** A request that looks signed for a service: what no SDK client of this project sends, others do. */
const signed = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=k/20261004/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=s`,
  'x-amz-date': '20261004T031400Z',
});
const form = (service: string, fields: Record<string, string>) => ({
  method: 'POST',
  headers: { ...signed(service), 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields),
});

describe('DynamoDB', () => {
  const item = { pk: { S: 'INCIDENT#1' }, sk: { S: 'INCIDENT' }, gsiPk: { S: 'OPEN' }, gsiSk: { S: 'P0' } };
  const TableName = 'firebreak-incidents';

  test('has the table with its index', async () => {
    const { dynamoDb } = await localAws();
    await dynamoDb.send(new PutItemCommand({ TableName, Item: item }));
    const put = new PutItemCommand({ TableName, Item: item, ConditionExpression: 'attribute_not_exists(pk)' });
    await expect(dynamoDb.send(put)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    const open = new QueryCommand({
      TableName,
      IndexName: 'open',
      KeyConditionExpression: 'gsiPk = :open',
      ExpressionAttributeValues: { ':open': { S: 'OPEN' } },
    });
    expect((await dynamoDb.send(open)).Items).toEqual([item]);
  });

  test('says that there are no backups of it', async () => {
    const { dynamoDb } = await localAws();
    const backups = (name: string) => dynamoDb.send(new DescribeContinuousBackupsCommand({ TableName: name }));
    const { ContinuousBackupsDescription } = await backups(TableName);
    expect(ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe('DISABLED');
    await expect(backups('nothing')).rejects.toMatchObject({ name: 'TableNotFoundException' });
  });

  test('keeps what it was given through a restart', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'local-aws-'));
    onTestFinished(() => rmSync(dataDir, { recursive: true }));
    const first = await localAws({ dataDir });
    await first.dynamoDb.send(new PutItemCommand({ TableName, Item: item }));
    await first.stop();
    const { dynamoDb } = await localAws({ dataDir });
    const { pk, sk } = item;
    expect((await dynamoDb.send(new GetItemCommand({ TableName, Key: { pk, sk } }))).Item).toEqual(item);
  });

  test('is closed only when what it was asked has been answered', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'local-aws-'));
    onTestFinished(() => rmSync(dataDir, { recursive: true }));
    const { dynamoDb, stop } = await localAws({ dataDir });
    const all = { TableName, KeyConditionExpression: 'pk = :one', ExpressionAttributeValues: { ':one': item.pk } };
    const asked = Array.from({ length: 50 }, () => dynamoDb.send(new QueryCommand(all)));
    await Promise.race(asked);
    // A question that still was at work without its store would throw out of the process.
    const answers = Promise.allSettled(asked);
    await stop();
    expect((await answers).filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
  });
});

describe('Lambda', () => {
  const invoke = async (name: string, payload: unknown) => {
    if (name !== 'firebreak-mode') throw Object.assign(new Error(`no function ${name}`), { name: 'ResourceNotFoundException' });
    if (payload === 'bad') throw new TypeError('bad input');
    return { echo: payload };
  };
  const call = async (path: string, body: string, headers = {}) => {
    const { endpoint } = await localAws({ invoke });
    const url = `${endpoint}/2015-03-31/functions/${path}/invocations`;
    return fetch(url, { method: 'POST', headers: { ...signed('lambda'), ...headers }, body });
  };

  test('invokes by name or ARN, with or without a version', async () => {
    const arn = encodeURIComponent('arn:aws:lambda:us-east-1:000000000000:function:firebreak-mode:3');
    for (const name of ['firebreak-mode', 'firebreak-mode%3A3', arn])
      expect(await (await call(name, '{"a":1}')).json()).toEqual({ echo: { a: 1 } });
  });

  test('tells a function’s error from one of its own', async () => {
    const failed = await call('firebreak-mode', '"bad"');
    expect([failed.status, failed.headers.get('x-amz-function-error')]).toEqual([200, 'Unhandled']);
    expect(await failed.json()).toMatchObject({ errorType: 'TypeError', errorMessage: 'bad input' });
    const missing = await call('nothing', '{}');
    expect([missing.status, missing.headers.get('x-amzn-errortype')]).toEqual([404, 'ResourceNotFoundException']);
    expect((await call('firebreak-mode', '{')).status).toBe(400);
    expect((await call('firebreak-mode', '{}', { 'x-amz-invocation-type': 'Event' })).status).toBe(202);
  });

  test('tells the environment of a function', async () => {
    const environments = new Map([['firebreak-intake', { FIREBREAK_CONFIG: '{}' }]]);
    const { endpoint } = await localAws({ environments });
    const functions = new LambdaClient({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'k', secretAccessKey: 's' },
    });
    const of = (FunctionName: string) => functions.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(await of('firebreak-intake')).toMatchObject({
      FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:firebreak-intake',
      Environment: { Variables: { FIREBREAK_CONFIG: '{}' } },
    });
    await expect(of('nothing')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('a request', () => {
  test('that is malformed never ends the process', async () => {
    const { endpoint } = await localAws();
    const post = (service: string, headers: object, body: string) =>
      fetch(endpoint, { method: 'POST', headers: { ...signed(service), ...headers }, body });
    const json = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.GetItem' };
    expect((await post('dynamodb', json, 'null')).status).toBe(400);
    expect((await post('states', { 'x-amz-target': 'AWSStepFunctions.StartExecution' }, '{')).status).toBe(400);
    expect((await post('sns', { 'content-encoding': 'gzip' }, 'no gzip')).status).toBe(400);
    expect((await fetch(endpoint, form('sts', { '__proto__.Action': 'x', Action: 'GetCallerIdentity' }))).status).toBe(200);
    expect(Object.hasOwn(Object.prototype, 'Action')).toBe(false);
    const lambda = await fetch(`${endpoint}/2015-03-31/functions/%E0%A4%A/invocations`, {
      method: 'POST',
      headers: signed('lambda'),
    });
    expect(lambda.status).toBe(200);
  });

  test('of the query protocol is answered in XML', async () => {
    const { endpoint } = await localAws({ alarms: [{ name: 'a', namespace: 'n', metric: 'm', dimensions: {}, threshold: 1 }] });
    const identity = await fetch(endpoint, form('sts', { Action: 'GetCallerIdentity' }));
    expect(await identity.text()).toContain('<Account>000000000000</Account>');
    const alarms = await fetch(endpoint, form('monitoring', { Action: 'DescribeAlarms', 'AlarmNames.member.1': 'a' }));
    expect(await alarms.text()).toContain('<MetricAlarms><member><AlarmName>a</AlarmName>');
  });

  // As Go's SDK sends it, and so Alertmanager's SNS receiver.
  test('may send an empty map as a field without a value', async () => {
    const { endpoint } = await localAws();
    const TopicArn = 'arn:aws:sns:us-east-1:000000000000:firebreak-signals';
    const published = await fetch(endpoint, form('sns', { Action: 'Publish', TopicArn, Message: 'm', MessageAttributes: '' }));
    expect([published.status, await published.text()]).toEqual([200, expect.stringContaining('<MessageId>')]);
  });

  test('for an operation or a service that is not here is refused in the service’s own words', async () => {
    const { endpoint } = await localAws();
    const action = await fetch(endpoint, form('sns', { Action: 'CreatePlatformApplication' }));
    expect([action.status, await action.text()]).toEqual([400, expect.stringContaining('<Code>InvalidAction</Code>')]);
    const json = (service: string, target: string) =>
      fetch(endpoint, { method: 'POST', headers: { ...signed(service), 'x-amz-target': target }, body: '{}' });
    for (const [service, target] of [
      ['states', 'AWSStepFunctions.RedriveExecution'],
      ['kms', 'TrentService.Encrypt'],
      ['states', 'x.toString'],
    ] as const)
      expect(await (await json(service, target)).json()).toMatchObject({ __type: 'UnknownOperationException' });
  });

  test('without a credential scope is no AWS call', async () => {
    const { aws, endpoint } = await localAws();
    expect(aws.accepts({ headers: {}, url: '/api/incidents' })).toBe(false);
    expect(aws.accepts({ headers: { authorization: 'Bearer x' }, url: '/' })).toBe(false);
    const presigned = '/?X-Amz-Credential=k%2F20261004%2Fus-east-1%2Fsts%2Faws4_request';
    expect(aws.accepts({ headers: {}, url: presigned }), 'any web page can have a browser send it').toBe(false);
    expect((await fetch(endpoint)).status).toBe(403);
  });
});
