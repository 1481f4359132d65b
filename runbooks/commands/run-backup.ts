import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { absolutePath, containerName, filePrefix } from './parameters.ts';

export const runBackup = hostCommand('run-backup', {
  title: 'Run the backup',
  safety: 'routine',
  verb: 'backup',
  parameters: z.object({
    /** The container that the script lives in, and which sees the folder of backups. */
    container: containerName,
    script: absolutePath,
    folder: absolutePath,
    prefix: filePrefix,
    /** The size of the last good one: twice that must be free, and a new one of less than half of it is a failure. 0 if there is none. */
    lastBytes: z.number().int().min(0),
  }),
  facts: z.object({
    exitCode: z.number(),
    /** Of the new file; empty when there is none. */
    name: z.string(),
    bytes: z.number(),
    state: z.enum(['whole', 'broken', 'incomplete', 'unchecked', 'none']),
    tookSeconds: z.number(),
  }),
  timeout: '1h',
  byHand:
    'docker exec sira_backend_prod /app/scripts/backup_db.sh; ls -lh /backups/sira_*.sql.gz | tail -5; gzip -t <the new one>',
});
