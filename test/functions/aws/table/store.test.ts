import { once } from 'node:events';
import dynalite from 'dynalite';
import { afterAll, describe } from 'vitest';
import { emptyTable } from './empty-table.ts';
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
    return emptyTable(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`);
  });
});
