import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { containerName } from './parameters.ts';

export const containerLogs = hostCommand('container-logs', {
  title: 'Check logs',
  safety: 'observe',
  parameters: z.object({
    containers: z.array(containerName).min(1).max(10),
    tail: z.number().int().min(1).max(1_000).default(100),
  }),
  facts: z.object({
    logs: z.array(
      z.object({
        container: z.string(),
        /** Whether there is a container of this name. */
        found: z.boolean(),
        lines: z.number(),
        /** Lines that speak of an error, an exception, something fatal or critical, or a panic. */
        errors: z.number(),
        connectionRefused: z.number(),
        timeouts: z.number(),
        noSpaceLeft: z.number(),
        /** Up to three: the exception, with the place that it came from. */
        stackTraces: z.array(z.string()),
        lastLine: z.string(),
      }),
    ),
  }),
  timeout: '2m',
  byHand: 'docker logs sira_backend_prod --tail=100',
});
