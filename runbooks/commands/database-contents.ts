import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { containerName, databaseWord, mb, tableRows } from './parameters.ts';

export const databaseContents = hostCommand('database-contents', {
  title: 'See what the database holds',
  safety: 'observe',
  parameters: z.object({ container: containerName, user: databaseWord, database: databaseWord, role: databaseWord }),
  facts: z.object({
    /** Whether PostgreSQL has it; `null` when it could not be asked, and `error` says why. */
    there: z.boolean().nullable(),
    /** Whether it lets anybody in. A restore that was cut off may have left it shut. */
    open: z.boolean(),
    mb,
    /** About how many rows it has, by PostgreSQL's own statistics; `null` when it could not be asked. */
    rows: z.number().nullable(),
    /** The twenty largest. */
    tables: tableRows,
    /** Since the application's sessions last did something; `null` where it has none. */
    lastUsedSecondsAgo: z.number().nullable(),
    /** Dumps of it that are being made now. */
    dumps: z.number(),
    /** What it was last restored from, if it was. */
    restored: z.object({ from: z.string(), secondsAgo: z.number() }).nullable(),
    /** Whether a restore that was cut off has left an unfinished database. */
    leftover: z.boolean(),
    /** What restores have replaced and kept. */
    kept: z.array(z.object({ name: z.string(), mb, ageDays: z.number() })),
    error: z.string(),
  }),
  timeout: '2m',
  byHand: 'docker exec -it sira_db_prod psql -U postgres -c "\\l+"',
});
