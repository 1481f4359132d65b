import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { absolutePath, mb, olderThanDays } from './parameters.ts';

export const oldLogs = hostCommand('old-logs', {
  title: 'Count old logs',
  safety: 'observe',
  parameters: z.object({
    folders: z.array(absolutePath).min(1).max(20),
    /** Only files on this file system count: deleting others gives it no room. */
    mount: absolutePath,
    olderThanDays,
  }),
  facts: z.object({
    files: z.number(),
    mb,
    /** Of the youngest file that would be deleted; `null` when there is none. */
    newestAgeSeconds: z.number().nullable(),
  }),
  timeout: '2m',
  byHand: 'find logs/nginx logs/backend -type f -name "*.log*" -mtime +7',
});
