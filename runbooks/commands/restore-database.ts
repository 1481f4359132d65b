import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { absolutePath, backupName, containerName, databaseWord } from './parameters.ts';

export const restoreDatabase = hostCommand('restore-database', {
  title: 'Restore a backup in the place of the database',
  safety: 'destructive',
  verb: 'restore-database',
  resource: ({ database }) => database,
  parameters: z.object({
    container: containerName,
    user: databaseWord,
    database: databaseWord,
    /** Who owns the new database, where there is no old one whose owner it could have. */
    role: databaseWord,
    folder: absolutePath,
    backup: backupName,
    /** The archive's size when it was looked through: another one is another archive. */
    bytes: z.number().int().min(1),
    /** How much must be free for a second copy. */
    roomMb: z.number().int().min(1),
  }),
  /** `kept`: what the old data is called now; empty where there was none. */
  facts: z.object({ database: z.string(), backup: z.string(), kept: z.string(), tables: z.number(), rows: z.number() }),
  timeout: '90m',
  byHand:
    'createdb sira_new; gzip -dc /backups/<file> | psql -1 -v ON_ERROR_STOP=1 -d sira_new  # then exchange the names with ALTER DATABASE ... RENAME',
});
