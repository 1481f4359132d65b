import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { absolutePath, backupName, filePrefix, keepNewest, mb } from './parameters.ts';

export const deleteBackups = hostCommand('delete-backups', {
  title: 'Delete backups past their retention',
  safety: 'routine',
  verb: 'delete-backups',
  parameters: z.object({
    folder: absolutePath,
    prefix: filePrefix,
    names: z.array(backupName).min(1).max(100),
    /** It refuses a younger one. */
    keepDays: z.number().int().min(1).default(7),
    keepNewest,
  }),
  facts: z.object({ freedMb: mb, deleted: z.number() }),
  timeout: '10m',
  byHand: 'ls -lt /backups/sira_*.sql.gz; gzip -t <the newest three>; rm <one that is older than a week and none of the three>',
});
