import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { containerName, databaseWord } from './parameters.ts';

export const activeQueries = hostCommand('active-queries', {
  title: 'Find slow queries',
  safety: 'observe',
  parameters: z.object({
    container: containerName,
    user: databaseWord,
    database: databaseWord,
    /** Whose queries may be cancelled. */
    role: databaseWord,
    overSeconds: z.number().int().min(1).max(3_600),
  }),
  facts: z.object({
    /** Whether the database could be asked. If not, `queries` is empty and says nothing. */
    readable: z.boolean(),
    queries: z.array(
      z.object({
        pid: z.number(),
        /** Which query of which session: the pid, and when session and query began, in microseconds since 1970. */
        id: z.string(),
        seconds: z.number(),
        role: z.string(),
        /** PostgreSQL's word: `client backend`, `autovacuum worker`, `walsender` ... */
        kind: z.string(),
        application: z.string(),
        waitsFor: z.string(),
        /** Whether it is the role's and only reads or writes rows: no dump, restore, migration, maintenance or replication. */
        ordinary: z.boolean(),
        /** Its beginning, without the values in it. */
        text: z.string(),
      }),
    ),
  }),
  timeout: '1m',
  byHand:
    "docker exec sira_db_prod psql -U postgres -d sira -c \"SELECT pid, now() - query_start, query FROM pg_stat_activity WHERE state = 'active' AND now() - query_start > interval '5 seconds'\"",
});
