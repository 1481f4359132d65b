import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { absolutePath, filePrefix } from './parameters.ts';

export const recentBackups = hostCommand('recent-backups', {
  title: 'Look at the newest backups',
  safety: 'observe',
  parameters: z.object({
    folder: absolutePath,
    prefix: filePrefix,
    /** The script that makes them: a process with its name makes one right now. */
    script: absolutePath,
  }),
  facts: z.object({
    /** Whether the folder is there at all. If not, nothing is known of backups. */
    folderFound: z.boolean(),
    /** The newest first, five at most. */
    backups: z.array(
      z.object({
        name: z.string(),
        bytes: z.number(),
        ageSeconds: z.number(),
        /**
         * `broken` does not unpack to its end, as `gzip -t` finds; `incomplete` does, and lacks the line that a dump ends with.
         * `unchecked`: two newer ones are whole, or there was no time for it.
         */
        state: z.enum(['whole', 'broken', 'incomplete', 'unchecked']),
      }),
    ),
    /** How many there are, with those that are not listed. */
    total: z.number(),
    /** Of the folder's filesystem, in MB of 2^20 bytes, as programs other than root's can use it. */
    freeMb: z.number(),
    /** Processes that make a backup right now: the script, pg_dump, pg_dumpall or pg_basebackup, in a container or not. */
    running: z.array(z.object({ pid: z.number(), seconds: z.number(), command: z.string() })),
  }),
  timeout: '10m',
  byHand: 'ls -lh /backups/sira_*.sql.gz | tail -5; gzip -t <the newest>; gzip -dc <the newest> | tail -5',
});
