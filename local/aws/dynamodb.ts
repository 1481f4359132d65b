import { mkdirSync } from 'node:fs';
import type { Server, ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import dynalite from 'dynalite';
import * as z from 'zod';
import type { AwsRequest } from './protocol/request.ts';

export interface DynamoDb {
  handle(request: AwsRequest, response: ServerResponse): void;
  /** Makes the table if it is not there. @throws {Error} when DynamoDB refuses the shape */
  ensureTable(name: string, shape: object): Promise<void>;
  close(): Promise<void>;
}

/** Where dynalite writes its answer: what it uses of a ServerResponse, and no more. */
type Reply = Pick<ServerResponse, 'setHeader' | 'statusCode'> & { end(body?: string): unknown };

/** The one JSON value at which dynalite throws out of the process. */
const NO_INPUT = '{"__type":"com.amazon.coral.service#SerializationException"}';
const Described = z.object({ Table: z.object({ TableStatus: z.string() }) });

/**
 * DynamoDB is dynalite. Left out by it: transactions, TTL calls, ReturnValuesOnConditionCheckFailure.
 *
 * Its handler is called in the process, without a port of its own, and only with bodies that have arrived whole: it
 * throws out of the process when a caller goes away in the middle of a request.
 *
 * @param path the folder of its store; `undefined` keeps it in memory
 */
export function createDynamoDb(path: string | undefined): DynamoDb {
  if (path !== undefined) mkdirSync(dirname(path), { recursive: true });
  const server = dynalite({ ...(path === undefined ? {} : { path }), createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  let closing: Promise<void> | undefined;
  const pass = (request: Pick<AwsRequest, 'method' | 'url' | 'headers' | 'body'>, reply: Reply) => {
    const { method, url, headers, body } = request;
    server.emit('request', Object.assign(Readable.from([body]), { method, url, headers }), reply);
  };

  const call = (operation: string, input: object): Promise<{ status: number; body: string }> =>
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
      if (request.body.toString('latin1').trim() === 'null') response.writeHead(400).end(NO_INPUT);
      else pass(request, response);
    },
    ensureTable: async (name, shape) => {
      if ((await isActive(name)) === undefined) {
        const { status, body } = await call('CreateTable', { TableName: name, ...shape });
        if (status !== 200) throw new Error(`DynamoDB refused to make the table ${name}: ${body}`);
      }
      while (!(await isActive(name))) await new Promise((resolve) => setImmediate(resolve));
    },
    close: () => {
      closing ??= closeStore(server);
      return closing;
    },
  };
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
