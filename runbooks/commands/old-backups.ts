import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { absolutePath, filePrefix, keepNewest, mb } from './parameters.ts';

export const oldBackups = hostCommand('old-backups', {
  title: 'Find backups past their retention',
  safety: 'observe',
  parameters: z.object({
    folder: absolutePath,
    prefix: filePrefix,
    /** Younger ones stay. */
    keepDays: z.number().int().min(1),
    keepNewest,
  }),
  facts: z.object({
    /** Of the newest backup that can be unpacked and holds something; `null` when none does. */
    newestAgeSeconds: z.number().nullable(),
    /** The newest good ones, `keepNewest` of them at most. They stay. */
    valid: z.array(z.string()),
    /** Empty when the newest good one is older than a day, or there are fewer good ones than must stay. At most 60. */
    deletable: z.array(z.object({ name: z.string(), mb, ageSeconds: z.number() })),
    /** What the deletable ones hold. */
    mb,
  }),
  timeout: '10m',
  byHand: 'ls -lh /backups/sira_*.sql.gz; gzip -t /backups/latest_backup.sql.gz',
});
