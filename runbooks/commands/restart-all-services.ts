import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { stack } from './parameters.ts';

export const restartAllServices = hostCommand('restart-all-services', {
  title: 'Restart all services',
  safety: 'disruptive',
  verb: 'restart',
  resource: () => 'all',
  parameters: z.object({
    ...stack,
    /** How many seconds a container has to end by itself before it is killed. */
    stopTimeout: z.number().int().min(0).max(120).default(30),
  }),
  /** Services by whether they run again, started anew. The command fails when one does not. */
  facts: z.object({ restarted: z.array(z.string()), failed: z.array(z.string()) }),
  timeout: '5m',
  byHand: 'docker-compose -f docker-compose.prod.yml restart',
});
