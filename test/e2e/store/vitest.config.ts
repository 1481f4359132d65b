import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The store's contract, against the DynamoDB that `FIREBREAK_TABLE_ENDPOINT` names: see `../store.ts`, which starts one. */
export default defineConfig({
  test: {
    environment: 'node',
    root: join(import.meta.dirname, '../../..'),
    include: ['test/e2e/store/endpoint-contract.ts'],
    // A JVM that has just begun, on a machine that does other things too.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
