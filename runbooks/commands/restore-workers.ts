import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { serviceName, stack } from './parameters.ts';

export const restoreWorkers = hostCommand('restore-workers', {
  title: "Give a service the compose file's number of workers again",
  safety: 'disruptive',
  verb: 'add-workers',
  resource: ({ service }) => service,
  parameters: z.object({ service: serviceName, ...stack, stopTimeout: z.number().int().min(0).max(120).default(30) }),
  /** Fails, and changes nothing, where somebody has changed the compose file or the image since. */
  facts: z.object({ restored: z.boolean(), says: z.string() }),
  timeout: '5m',
  byHand: 'docker-compose -f docker-compose.prod.yml up -d --no-deps --no-build backend',
});
