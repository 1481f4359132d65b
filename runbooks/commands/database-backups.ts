import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { absolutePath, backupChoice, filePrefix, mb, tableRows } from './parameters.ts';

export const databaseBackups = hostCommand('database-backups', {
  title: 'Look through a backup',
  safety: 'observe',
  parameters: z.object({ folder: absolutePath, prefix: filePrefix, backup: backupChoice }),
  facts: z.object({
    /** The newest twenty, the newest first. */
    backups: z.array(z.object({ name: z.string(), mb, ageSeconds: z.number() })),
    /** The one that was asked for; `null` where there is none of that name. */
    chosen: z
      .object({
        name: z.string(),
        bytes: z.number(),
        ageSeconds: z.number(),
        /** Whether it can be unpacked to its end. */
        intact: z.boolean(),
        /** Whether it ends as a whole dump of one database does. */
        complete: z.boolean(),
        /** A line that would do more than fill a database; empty where there is none. */
        foreign: z.string(),
        unpackedMb: mb,
        /** Rows that it copies into tables. A dump that inserts them one by one has none. */
        rows: z.number(),
        tables: tableRows,
      })
      .nullable(),
  }),
  timeout: '25m',
  byHand: 'ls -lh /backups/sira_*.sql.gz | tail -5; gzip -t /backups/<file>; gzip -dc /backups/<file> | tail',
});
