import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { errorKinds } from './log-errors.ts';
import { absolutePath, containerName, outsideServices } from './parameters.ts';

export const applicationLog = hostCommand('application-log', {
  title: "Group the errors of the application's own log",
  safety: 'observe',
  parameters: z.object({
    container: containerName,
    /** Inside the container. */
    file: absolutePath,
    /** The last so many lines of the last 400,000 bytes. */
    tail: z.number().int().min(1).max(5_000).default(200),
    outside: outsideServices,
  }),
  facts: errorKinds,
  timeout: '1m',
  byHand: 'docker exec sira_backend_prod tail -n 200 /app/logs/app.log',
});
