import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Server, ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import dynalite from 'dynalite';
import * as z from 'zod';
import type { AwsRequest } from './protocol/request.ts';

export interface DynamoDb {
  handle(request: AwsRequest, response: ServerResponse): void;
  /**
   * Makes the table if it is not there, and mends it if an earlier process ended suddenly.
   * @throws {Error} when DynamoDB refuses the shape
   */
  ensureTable(name: string, shape: object): Promise<void>;
  close(): Promise<void>;
}

/** Where dynalite writes its answer: what it uses of a ServerResponse, and no more. */
type Reply = Pick<ServerResponse, 'setHeader' | 'statusCode'> & { end(body?: string): unknown };

/** The one JSON value at which dynalite throws out of the process. */
const NO_INPUT = '{"__type":"com.amazon.coral.service#SerializationException"}';
/** An item in DynamoDB's own form, each value under its type. */
const Item = z.record(z.string(), z.unknown());
type Item = z.infer<typeof Item>;
const Scanned = z.object({ Items: z.array(Item), LastEvaluatedKey: Item.optional() });
const Shape = z.object({
  KeySchema: z.array(z.object({ AttributeName: z.string() })),
  GlobalSecondaryIndexes: z
    .array(z.object({ IndexName: z.string(), KeySchema: z.array(z.object({ AttributeName: z.string() })) }))
    .default([]),
});
const Described = z.object({ Table: z.object({ TableStatus: z.string() }) });

/**
 * DynamoDB is dynalite. Left out by it: transactions, TTL calls, ReturnValuesOnConditionCheckFailure, and backups: here no
 * table has any.
 *
 * Its handler is called in the process, without a port of its own, and only with bodies that have arrived whole: it
 * throws out of the process when a caller goes away in the middle of a request.
 *
 * @param path the folder of its store; `undefined` keeps it in memory
 */
export function createDynamoDb(path: string | undefined): DynamoDb {
  if (path !== undefined) mkdirSync(dirname(path), { recursive: true });
  // There while a process has the store: one that finds it was not closed.
  const inUse = path === undefined ? undefined : `${path}.in-use`;
  const torn = inUse !== undefined && existsSync(inUse);
  if (inUse) writeFileSync(inUse, '');
  const server = dynalite({ ...(path === undefined ? {} : { path }), createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  let closing: Promise<unknown> | undefined;
  let underWay = 0;
  let atRest: (() => void) | undefined;
  const pass = (request: Pick<AwsRequest, 'method' | 'url' | 'headers' | 'body'>, reply: Reply) => {
    const { method, url, headers, body } = request;
    const counted: Reply = {
      statusCode: 200,
      setHeader: reply.setHeader.bind(reply),
      end: (text) => {
        underWay -= 1;
        reply.statusCode = counted.statusCode;
        reply.end(text);
        if (underWay === 0) atRest?.();
      },
    };
    underWay += 1;
    server.emit('request', Object.assign(Readable.from([body]), { method, url, headers }), counted);
  };
  /** dynalite throws out of the process when its store is gone in the middle of a request. */
  const lastAnswer = async () => {
    if (underWay === 0) return;
    await new Promise<void>((resolve) => {
      atRest = resolve;
    });
  };

  const call: Call = (operation, input) =>
    new Promise((resolve) => {
      const reply: Reply = {
        statusCode: 200,
        setHeader: () => undefined as never,
        end: (body = '') => resolve({ status: reply.statusCode, body }),
      };
      pass({ method: 'POST', url: '/', headers: headersOf(operation), body: Buffer.from(JSON.stringify(input)) }, reply);
    });

  const isActive = async (name: string) => {
    const { status, body } = await call('DescribeTable', { TableName: name });
    return status === 200 ? Described.parse(JSON.parse(body)).Table.TableStatus === 'ACTIVE' : undefined;
  };

  return {
    handle: (request, response) => {
      if (closing) response.writeHead(503).end();
      else if (request.headers['x-amz-target']?.endsWith('.DescribeContinuousBackups'))
        void continuousBackups(call, request, response);
      else if (request.body.toString('latin1').trim() === 'null') response.writeHead(400).end(NO_INPUT);
      else pass(request, response);
    },
    ensureTable: async (name, shape) => {
      if ((await isActive(name)) === undefined) {
        const { status, body } = await call('CreateTable', { TableName: name, ...shape });
        if (status !== 200) throw new Error(`DynamoDB refused to make the table ${name}: ${body}`);
      }
      while (!(await isActive(name))) await new Promise((resolve) => setImmediate(resolve));
      if (torn) await mendIndexes(call, name, Shape.parse(shape));
    },
    close: async () => {
      closing ??= lastAnswer()
        .then(() => closeStore(server))
        .then(() => inUse && rmSync(inUse, { force: true }));
      await closing;
    },
  };
}

/** What DynamoDB tells of a table without point-in-time recovery. */
async function continuousBackups(call: Call, { body }: AwsRequest, response: ServerResponse): Promise<void> {
  const [, TableName = ''] = /"TableName"\s*:\s*"([\w.-]+)"/.exec(body.toString('utf8')) ?? [];
  const { status } = await call('DescribeTable', { TableName });
  const none = { ContinuousBackupsStatus: 'ENABLED', PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' } };
  const absent = { __type: 'com.amazonaws.dynamodb.v20120810#TableNotFoundException', message: `Table not found: ${TableName}` };
  response.writeHead(status === 200 ? 200 : 400, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify(status === 200 ? { ContinuousBackupsDescription: none } : absent));
}

type Call = (operation: string, input: object) => Promise<{ status: number; body: string }>;

/**
 * dynalite writes an item in up to three steps: it takes the old entry out of an index, puts the new one in, then puts the
 * item. A process that dies between them would leave an item that no query of the index finds, or one that it finds and that
 * is otherwise. An entry is the whole item: a write that came as far as the index is completed, any other is taken back.
 * Nobody had been told that it was done, so both are right.
 */
async function mendIndexes(call: Call, table: string, shape: z.infer<typeof Shape>): Promise<void> {
  const keyOf = (item: Item) => JSON.stringify(shape.KeySchema.map(({ AttributeName }) => item[AttributeName]));
  for (const { IndexName, KeySchema } of shape.GlobalSecondaryIndexes) {
    const items = await scan(call, { TableName: table });
    const entries = await scan(call, { TableName: table, IndexName });
    const byKey = new Map(items.map((item) => [keyOf(item), item]));
    const found = new Set(entries.map(keyOf));
    const begun = entries.filter((entry) => !isDeepStrictEqual(byKey.get(keyOf(entry)), entry));
    const lost = items.filter((item) => KeySchema.every(({ AttributeName }) => AttributeName in item) && !found.has(keyOf(item)));
    for (const Item of [...begun, ...lost]) {
      const { status, body } = await call('PutItem', { TableName: table, Item });
      if (status !== 200) throw new Error(`the table ${table} could not be mended: ${body}`);
    }
  }
}

async function scan(call: Call, input: object): Promise<Item[]> {
  const found: Item[] = [];
  let from: Item | undefined;
  do {
    const { body } = await call('Scan', { ...input, ...(from && { ExclusiveStartKey: from }) });
    const { Items, LastEvaluatedKey } = Scanned.parse(JSON.parse(body));
    found.push(...Items);
    from = LastEvaluatedKey;
  } while (from);
  return found;
}

/** dynalite closes its store only after its server has closed, and a server can only be closed after it has listened. */
function closeStore(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.listen(0, '127.0.0.1', () => server.close((error) => (error ? reject(error) : resolve())));
  });
}

/** dynalite wants the look of a signed request. */
function headersOf(operation: string): Record<string, string> {
  return {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `DynamoDB_20120810.${operation}`,
    'x-amz-date': '20260101T000000Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=local',
  };
}
