import {
  BatchGetCommand,
  BatchWriteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod';
import type { Key } from '../../incident/table.ts';

export type Item = Record<string, unknown>;

/** A conditional write that did not apply: somebody else was there first. Never an outage. */
export class Conflict extends Error {
  override name = 'Conflict';
}

export interface Update {
  /** For example `SET #status = :status ADD seen :one`. */
  expression: string;
  condition?: string;
  names?: Record<string, string>;
  values?: Record<string, unknown>;
  /** `before` gives the item as it was; the item as it is now if not said. */
  returns?: 'before' | 'after';
}

/**
 * The table, item by item. Knows DynamoDB's calls and its errors, and nothing of incidents.
 * An outage stays an error; absence is `undefined`; a condition that does not hold is {@link Conflict}.
 */
export class Items {
  private readonly client: DynamoDBDocumentClient;
  private readonly table: string;
  constructor(client: DynamoDBDocumentClient, table: string) {
    this.client = client;
    this.table = table;
  }

  /** Consistent, because what it returns decides whether something is done. */
  async get(key: Key): Promise<Item | undefined> {
    const { Item } = await this.client.send(new GetCommand({ TableName: this.table, Key: key, ConsistentRead: true }));
    return Item;
  }

  /** Up to 100 items in one call, in the order of their keys; `undefined` where there is none. */
  async batchGet(keys: readonly Key[]): Promise<(Item | undefined)[]> {
    const found: Item[] = [];
    let wanted: Item[] = keys.map((key) => ({ ...key }));
    while (wanted.length > 0) {
      const { Responses, UnprocessedKeys } = await this.client.send(
        new BatchGetCommand({ RequestItems: { [this.table]: { Keys: wanted, ConsistentRead: true } } }),
      );
      found.push(...(Responses?.[this.table] ?? []));
      wanted = UnprocessedKeys?.[this.table]?.Keys ?? [];
    }
    return keys.map((key) => found.find((item) => item.pk === key.pk && item.sk === key.sk));
  }

  /** @throws {Conflict} with `ifAbsent`, when there is one already */
  async put(key: Key, item: object, ifAbsent = false): Promise<void> {
    await this.conditional(() =>
      this.client.send(
        new PutCommand({
          TableName: this.table,
          Item: { ...item, ...key },
          ...(ifAbsent && { ConditionExpression: 'attribute_not_exists(pk)' }),
        }),
      ),
    );
  }

  /** Unconditional; in calls of 25, the most that DynamoDB takes. */
  async putAll(items: readonly { key: Key; item: object }[]): Promise<void> {
    for (let at = 0; at < items.length; at += 25) {
      let wanted = items.slice(at, at + 25).map(({ key, item }) => ({ PutRequest: { Item: { ...item, ...key } as Item } }));
      while (wanted.length > 0) {
        const { UnprocessedItems } = await this.client.send(new BatchWriteCommand({ RequestItems: { [this.table]: wanted } }));
        wanted = (UnprocessedItems?.[this.table] ?? []) as typeof wanted;
      }
    }
  }

  /**
   * @returns the whole item, as it is after the update if not asked otherwise
   * @throws {Conflict} when the condition does not hold
   */
  async update(key: Key, update: Update): Promise<Item> {
    const { Attributes } = await this.conditional(() =>
      this.client.send(
        new UpdateCommand({
          TableName: this.table,
          Key: key,
          UpdateExpression: update.expression,
          ...(update.condition && { ConditionExpression: update.condition }),
          ...(update.names && { ExpressionAttributeNames: update.names }),
          ...(update.values && { ExpressionAttributeValues: update.values }),
          ReturnValues: update.returns === 'before' ? 'ALL_OLD' : 'ALL_NEW',
        }),
      ),
    );
    return Attributes ?? {};
  }

  /** Every item of a partition whose sort key begins so, in order. */
  async query(pk: string, begins = ''): Promise<Item[]> {
    return this.pages({
      KeyConditionExpression: begins ? 'pk = :pk AND begins_with(sk, :begins)' : 'pk = :pk',
      ExpressionAttributeValues: begins ? { ':pk': pk, ':begins': begins } : { ':pk': pk },
      ConsistentRead: true,
    });
  }

  /** Every item of a partition whose sort key lies from one to the other, in order. */
  async queryBetween(pk: string, from: string, to: string): Promise<Item[]> {
    return this.pages({
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': pk, ':from': from, ':to': to },
      ConsistentRead: true,
    });
  }

  /** Every item of an index' partition. Eventually consistent, as an index is. @param from only those whose sort key is not below it */
  async queryIndex(index: string, gsiPk: string, from = ''): Promise<Item[]> {
    return this.pages({
      IndexName: index,
      KeyConditionExpression: from ? 'gsiPk = :pk AND gsiSk >= :from' : 'gsiPk = :pk',
      ExpressionAttributeValues: { ':pk': gsiPk, ...(from && { ':from': from }) },
    });
  }

  /**
   * The last items of an index' partition, the latest first, in one call: fewer where they are large.
   * @param before an item of that partition, by its keys: only what comes before it is wanted
   */
  async queryLatest(index: string, gsiPk: string, most: number, before?: Item): Promise<Item[]> {
    const { Items } = await this.client.send(
      new QueryCommand({
        TableName: this.table,
        IndexName: index,
        KeyConditionExpression: 'gsiPk = :pk',
        ExpressionAttributeValues: { ':pk': gsiPk },
        ScanIndexForward: false,
        Limit: most,
        ...(before && { ExclusiveStartKey: before }),
      }),
    );
    return Items ?? [];
  }

  /**
   * The items of an index' partition whose sort key is not below `from`, the latest first.
   * @returns no more than `most` of them, and whether that is fewer than there are
   */
  async queryRecent(index: string, gsiPk: string, from: string, most: number): Promise<{ items: Item[]; more: boolean }> {
    const query = {
      IndexName: index,
      KeyConditionExpression: 'gsiPk = :pk AND gsiSk >= :from',
      ExpressionAttributeValues: { ':pk': gsiPk, ':from': from },
      ScanIndexForward: false,
      Limit: most + 1,
    };
    const found = await this.pages(query, most);
    return { items: found.slice(0, most), more: found.length > most };
  }

  /** @param most enough: what comes after so many is not asked for */
  private async pages(query: object, most = Number.POSITIVE_INFINITY): Promise<Item[]> {
    const found: Item[] = [];
    let from: Item | undefined;
    do {
      const { Items, LastEvaluatedKey } = await this.client.send(
        new QueryCommand({ TableName: this.table, ...query, ...(from && { ExclusiveStartKey: from }) }),
      );
      found.push(...(Items ?? []));
      from = LastEvaluatedKey;
    } while (from && found.length <= most);
    return found;
  }

  private async conditional<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException') throw new Conflict(error.message);
      throw error;
    }
  }
}

/** Reads an item as one of our records. @throws {ZodError} for one that is none of ours: never guessed at. */
export function read<T>(schema: z.ZodType<T>, item: Item): T {
  return schema.parse(item);
}
