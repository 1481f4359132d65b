import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { mb, olderThanDays } from './parameters.ts';

export const rotatedContainerLogs = hostCommand('rotated-container-logs', {
  title: 'Count rotated container logs',
  safety: 'observe',
  parameters: z.object({ olderThanDays: olderThanDays.default(7) }),
  facts: z.object({
    files: z.number(),
    mb,
    /** The file system that Docker keeps them on. */
    mount: z.string(),
  }),
  timeout: '1m',
  byHand: 'find /var/lib/docker/containers -name "*-json.log.*" -mtime +7',
});
