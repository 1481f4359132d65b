import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { containerName } from './parameters.ts';

export const databaseConnectionLog = hostCommand('database-connection-log', {
  title: 'See what the backend says of the database',
  safety: 'observe',
  parameters: z.object({ container: containerName, tail: z.number().int().min(1).max(500).default(20) }),
  facts: z.object({
    /** Whether there is a container of this name. */
    found: z.boolean(),
    startedSecondsAgo: z.number().nullable(),
    /** Lines that speak of the database or of a connection, and how many of them tell of one that failed or ended. */
    lines: z.number(),
    failures: z.number(),
    /** What the last of them tells of: with a failure, it has not reconnected, or has not said so. */
    last: z.enum(['failure', 'other', 'none']),
    lastLine: z.string(),
  }),
  timeout: '1m',
  byHand: 'docker logs sira_backend_prod --tail=20 | grep -i "database\\|connection"',
});
