import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { containerName, databaseWord, idleSeconds } from './parameters.ts';

export const endIdleSessions = hostCommand('end-idle-sessions', {
  title: 'End sessions that sit idle',
  // A pool opens another one when it needs it; the request that meets the ended one may fail.
  safety: 'disruptive',
  verb: 'end-sessions',
  resource: ({ role }) => role,
  parameters: z.object({ container: containerName, user: databaseWord, database: databaseWord, role: databaseWord, idleSeconds }),
  /** Connected clients before and after, and how many were ended. */
  facts: z.object({ before: z.number(), ended: z.number(), after: z.number() }),
  timeout: '4m',
  byHand:
    "docker exec sira_db_prod psql -U postgres -d sira -c \"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'sira' AND state = 'idle' AND state_change < now() - interval '10 minutes'\"",
});
