import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { containerName, databaseWord, idleSeconds } from './parameters.ts';

export const databaseSessions = hostCommand('database-sessions', {
  title: 'Count the sessions of the database',
  safety: 'observe',
  parameters: z.object({ container: containerName, user: databaseWord, database: databaseWord, role: databaseWord, idleSeconds }),
  facts: z.object({
    /** Whether the database could be asked at all. If not, the numbers say nothing, and `error` says why. */
    asked: z.boolean(),
    error: z.string(),
    /** How many connections it takes, and how many of them it keeps back from ordinary roles. */
    most: z.number(),
    reserved: z.number(),
    /** Connected clients, of whatever role. */
    clients: z.number(),
    /** Those of the application's role. `idleLong`: idle for longer than was asked for. */
    application: z.object({
      all: z.number(),
      active: z.number(),
      inTransaction: z.number(),
      idle: z.number(),
      idleLong: z.number(),
    }),
    /** What the application's role is. A superuser's sessions may be an administrator's. */
    role: z.enum(['ordinary', 'superuser', 'missing']),
  }),
  timeout: '1m',
  byHand: `docker exec -it sira_db_prod psql -U postgres -d sira -c "SELECT count(*) FROM pg_stat_activity;"`,
});
