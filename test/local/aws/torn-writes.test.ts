import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createStore } from '../../../local/aws/store.ts';
import { localAws } from './local-aws.ts';

/** What a process leaves that dies in the middle of a write. */
const place = mkdtempSync(join(tmpdir(), 'firebreak-torn-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

describe('a journal', () => {
  test('loses a torn line, and nothing that is added after it', () => {
    const open = () => createStore(place).journal('told', z.object({ says: z.string() }));
    open().append('a', { says: 'é' });
    appendFileSync(join(place, 'told', 'a.jsonl'), '{"says":"tor');
    const again = open();
    expect(again.read('a')).toEqual([{ says: 'é' }]);
    again.append('a', { says: 'two' });
    again.append('a', { says: 'three' });
    expect(open().read('a')).toEqual([{ says: 'é' }, { says: 'two' }, { says: 'three' }]);
    expect(readFileSync(join(place, 'told', 'a.jsonl'), 'utf8')).not.toContain('tor');
  });
});

/** dynalite's own store, as far as it is used here. */
interface RawStore {
  open(): Promise<void>;
  close(): Promise<void>;
  keys(): AsyncIterable<string>;
  get(key: string): Promise<object>;
  put(key: string, value: object): Promise<void>;
  del(key: string): Promise<void>;
}
const { Level }: { Level: new (path: string, options: object) => RawStore } = createRequire(
  createRequire(import.meta.url).resolve('dynalite'),
)('level');

describe('the table', () => {
  test('is mended: a write that came as far as the index is completed, any other taken back', async () => {
    const dataDir = join(place, 'table');
    const path = join(dataDir, 'dynamodb');
    await write(dataDir, { lost: 'OPEN', moved: 'OPEN' });
    const before = await raw(path, (store) => read(store, 'item-', 'moved'));
    await write(dataDir, { moved: 'PAST' });
    // As if it had been killed: `lost` without its entry, and `moved` with the new entry, but not yet written itself.
    await raw(path, async (store) => {
      await store.put(before.key, before.value);
      await store.del((await read(store, 'index-', 'lost')).key);
    });
    appendFileSync(`${path}.in-use`, '');

    const again = await localAws({ dataDir });
    const table = DynamoDBDocumentClient.from(again.dynamoDb);
    const of = async (gsiPk: string) => {
      const query = { IndexName: 'open', KeyConditionExpression: 'gsiPk = :pk', ExpressionAttributeValues: { ':pk': gsiPk } };
      const { Items = [] } = await table.send(new QueryCommand({ TableName: 'firebreak-incidents', ...query }));
      return Items.map(({ pk }) => pk);
    };
    expect(await of('OPEN')).toEqual(['lost']);
    expect(await of('PAST')).toEqual(['moved']);
    const { Items = [] } = await again.dynamoDb.send(new ScanCommand({ TableName: 'firebreak-incidents' }));
    expect(Items.map(({ pk, gsiPk }) => [pk?.S, gsiPk?.S]).sort()).toEqual([
      ['lost', 'OPEN'],
      ['moved', 'PAST'],
    ]);
  });
});

/** Writes items, by name with the index's key, and ends as it should. */
async function write(dataDir: string, items: Record<string, string>): Promise<void> {
  const aws = await localAws({ dataDir });
  const table = DynamoDBDocumentClient.from(aws.dynamoDb);
  for (const [pk, gsiPk] of Object.entries(items))
    await table.send(new PutCommand({ TableName: 'firebreak-incidents', Item: { pk, sk: 'INCIDENT', gsiPk, gsiSk: '1' } }));
  await aws.stop();
}

async function raw<T>(path: string, work: (store: RawStore) => Promise<T>): Promise<T> {
  const store = new Level(path, { valueEncoding: 'json' });
  await store.open();
  const result = await work(store);
  await store.close();
  return result;
}

async function read(store: RawStore, prefix: string, name: string): Promise<{ key: string; value: object }> {
  for await (const key of store.keys()) {
    const value = key.startsWith(prefix) ? await store.get(key) : {};
    if (JSON.stringify(value).includes(`"${name}"`)) return { key, value };
  }
  throw new Error(`there is no ${prefix} of ${name}`);
}
