import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { beforeAll } from 'vitest';
import { makeStore, type Store } from '../../../../functions/aws/table/store.ts';
import { sira } from '../../../../runbooks/sira/system.ts';
import { claimsContract } from './claims-contract.ts';
import { controlsContract } from './controls-contract.ts';
import { incidentsContract } from './incidents-contract.ts';
import { linksContract } from './links-contract.ts';
import { peopleContract } from './people-contract.ts';
import { racesContract } from './races-contract.ts';
import { reviewsContract } from './reviews-contract.ts';
import { stepsContract } from './steps-contract.ts';

/** A table of the shape that the stack deploys, empty, and a client that reaches it. */
export interface EmptyTable {
  client: DynamoDBDocumentClient;
  name: string;
}

/**
 * What the responder relies on, whichever DynamoDB is behind it. Every rule of uniqueness is one conditional write, so each is
 * tried with many at once. Ids differ from test to test: one table serves them all.
 */
export function storeContract(makeItems: () => Promise<EmptyTable>): void {
  let store: Store;
  const storeOf = () => store;
  beforeAll(async () => {
    const { client, name } = await makeItems();
    store = makeStore(client, name, () => sira.severities);
  });

  claimsContract(storeOf);
  incidentsContract(storeOf);
  stepsContract(storeOf);
  controlsContract(storeOf);
  peopleContract(storeOf);
  linksContract(storeOf);
  reviewsContract(storeOf);
  racesContract(storeOf);
}
