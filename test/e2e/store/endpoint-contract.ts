import { describe } from 'vitest';
import { emptyTable } from '../../functions/aws/table/empty-table.ts';
import { storeContract } from '../../functions/aws/table/store-contract.ts';

const endpoint = process.env.FIREBREAK_TABLE_ENDPOINT;
if (!endpoint) throw new Error('FIREBREAK_TABLE_ENDPOINT is not set: expected the URL of a DynamoDB without a table');

describe(endpoint, () => {
  storeContract(() => emptyTable(endpoint));
});
