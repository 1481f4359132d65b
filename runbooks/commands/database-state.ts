import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { containerName, databaseWord } from './parameters.ts';

export const databaseState = hostCommand('database-state', {
  title: 'Check the database',
  safety: 'observe',
  parameters: z.object({ container: containerName, user: databaseWord, database: databaseWord }),
  facts: z.object({
    /** The container's state in Docker's word, or `missing`. */
    state: z.string(),
    /** Since its last start, whether it still runs or not; `null` where there is no container, or it never started. */
    startedSecondsAgo: z.number().nullable(),
    /** What pg_isready says; `unknown` when it could not be asked. */
    accepting: z.enum(['accepting', 'rejecting', 'no-response', 'unknown']),
    /** `null` when the database could not be asked. */
    connections: z.number().nullable(),
    maxConnections: z.number().nullable(),
    /** Whether it turned this very question away because every connection is taken. */
    tooManyClients: z.boolean(),
    /** Whether the last 50 lines of its log tell of a full disk, or of a panic. */
    diskFull: z.boolean(),
    panic: z.boolean(),
    /** Or of data that it reads and cannot believe: "invalid page" and the like. */
    damaged: z.boolean(),
  }),
  timeout: '2m',
  byHand: 'docker logs sira_db_prod --tail=50; docker exec sira_db_prod pg_isready -U postgres',
});
