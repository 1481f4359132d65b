import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { serviceName, stack } from './parameters.ts';

export const restartServices = hostCommand('restart-services', {
  title: 'Restart services',
  safety: 'disruptive',
  verb: 'restart',
  resource: ({ services }) => services.join('+'),
  parameters: z.object({
    services: z.array(serviceName).min(1).max(10),
    ...stack,
    /** How many seconds a container has to end by itself before it is killed. */
    stopTimeout: z.number().int().min(0).max(120).default(30),
  }),
  /** Services by whether they run again, started anew. The command fails when one does not. */
  facts: z.object({ restarted: z.array(z.string()), failed: z.array(z.string()) }),
  timeout: '5m',
  byHand: 'docker-compose -f docker-compose.prod.yml restart backend',
});
