import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { oldLogs } from './old-logs.ts';
import { mb } from './parameters.ts';

export const deleteOldLogs = hostCommand('delete-old-logs', {
  title: 'Delete old logs',
  safety: 'routine',
  verb: 'delete-logs',
  parameters: oldLogs.parameters,
  facts: z.object({ freedMb: mb, deleted: z.number() }),
  timeout: '2m',
  byHand: 'find logs/nginx logs/backend -type f -name "*.log" -mtime +7 -delete',
});
