import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { mb } from './parameters.ts';
import { rotatedContainerLogs } from './rotated-container-logs.ts';

export const deleteRotatedContainerLogs = hostCommand('delete-rotated-container-logs', {
  title: 'Delete rotated container logs',
  safety: 'routine',
  verb: 'delete-logs',
  parameters: rotatedContainerLogs.parameters,
  facts: z.object({ freedMb: mb, deleted: z.number() }),
  timeout: '1m',
  byHand: 'find /var/lib/docker/containers -name "*-json.log.*" -mtime +7 -delete',
});
