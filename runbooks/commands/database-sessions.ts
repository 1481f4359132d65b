import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { containerName, databaseWord, idleSeconds } from './parameters.ts';
import { SessionCounts } from './session-counts.ts';

export const databaseSessions = hostCommand('database-sessions', {
  title: 'Count the sessions of the database',
  safety: 'observe',
  parameters: z.object({ container: containerName, user: databaseWord, database: databaseWord, role: databaseWord, idleSeconds }),
  facts: z.object({
    /** Whether the database could be asked at all. If not, the numbers say nothing, and `error` says why. */
    asked: z.boolean(),
    error: z.string(),
    ...SessionCounts.shape,
  }),
  timeout: '1m',
  byHand: `docker exec -it sira_db_prod psql -U postgres -d sira -c "SELECT count(*) FROM pg_stat_activity;"`,
});
