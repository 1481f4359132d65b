import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { containerName, databaseWord } from './parameters.ts';

export const cancelQueries = hostCommand('cancel-queries', {
  title: 'Cancel slow queries',
  // What a query has written is rolled back, and whoever waits for it gets an error: only a person may say so.
  safety: 'destructive',
  verb: 'cancel-queries',
  resource: ({ database }) => database,
  parameters: z.object({
    container: containerName,
    user: databaseWord,
    database: databaseWord,
    role: databaseWord,
    /** As active-queries tells them: a pid alone may be another session's by now. */
    queries: z
      .array(z.string().regex(/^[0-9]{1,10}:[0-9]{1,17}:[0-9]{1,17}$/))
      .min(1)
      .max(20),
  }),
  /** By pid: those that have ended, and those that were not the same any more, or had better be let finish. */
  facts: z.object({ cancelled: z.array(z.number()), gone: z.array(z.number()) }),
  timeout: '3m',
  byHand: "docker exec sira_db_prod psql -U postgres -d sira -c 'SELECT pg_cancel_backend(<pid>)'",
});
