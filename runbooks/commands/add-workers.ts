import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { serviceName, stack } from './parameters.ts';

export const addWorkers = hostCommand('add-workers', {
  title: 'Give a service more workers for a while',
  safety: 'disruptive',
  verb: 'add-workers',
  resource: ({ service }) => service,
  parameters: z.object({
    service: serviceName,
    ...stack,
    /** How many it is to have in all. */
    workers: z.number().int().min(1).max(64),
    stopTimeout: z.number().int().min(0).max(120).default(30),
  }),
  /** Fails where what runs is not what the compose file says, and where the service does not come up. */
  facts: z.object({ before: z.number(), workers: z.number(), changed: z.boolean() }),
  timeout: '5m',
  byHand: 'docker-compose -f docker-compose.prod.yml -f more-workers.yml up -d --no-deps --no-build backend',
});
