import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { absolutePath, backupName, containerName, databaseWord } from './parameters.ts';

/** What came out of a backup when it was restored. */
export const restoreResult = z.object({
  /** Every table and row of the dump came out, and nothing failed on the way. */
  good: z.boolean(),
  backup: z.string(),
  /** Tables that the dump makes, and that were there afterwards, without those of extensions. */
  tablesInDump: z.number(),
  tables: z.number(),
  /** Rows that the dump holds (as COPY), and that were counted afterwards in the same tables. */
  rowsInDump: z.number(),
  rows: z.number(),
  /** Up to ten tables whose rows differ; `rows` is `null` where the table could not be read. */
  differing: z.array(z.object({ table: z.string(), rowsInDump: z.number(), rows: z.number().nullable() })),
  /** Statements that failed, beside those about roles and the database itself, which the scratch server has not or has already. */
  errors: z.number(),
  tookSeconds: z.number(),
});

export const testRestore = hostCommand('test-restore', {
  title: 'Restore a backup into a scratch container',
  // It makes and removes a container of its own, and touches no other: nobody is interrupted.
  safety: 'routine',
  verb: 'test-restore',
  parameters: z.object({
    /** The running database's container, whose image is taken; nothing else of it is touched. */
    container: containerName,
    user: databaseWord,
    database: databaseWord,
    folder: absolutePath,
    name: backupName,
    /** The most that the scratch container may take. */
    memoryMb: z.number().int().min(128).max(16_384),
  }),
  facts: restoreResult,
  timeout: '1h',
  byHand:
    'docker run --rm -d --network none --name scratch -e POSTGRES_PASSWORD=x <image of sira_db_prod>; gzip -dc <backup> | docker exec -i scratch psql -U postgres; compare counts; docker rm -f -v scratch',
});
