import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { serviceName, stack } from './parameters.ts';

export const workerState = hostCommand('worker-state', {
  title: "Check a service's workers and its queue",
  safety: 'observe',
  parameters: z.object({ service: serviceName, ...stack }),
  facts: z.object({
    /** The container's state in Docker's word, or `missing`. */
    state: z.string(),
    /** What `--workers` says in the command that runs; `null` where it says nothing. */
    workers: z.number().nullable(),
    /** All processes in the container; `null` when they can't be listed. */
    processes: z.number().nullable(),
    /** Connections that wait to be accepted; `null` when that can't be read. */
    waiting: z.number().nullable(),
    /** Whether configuration and image are what the compose file says, so that bringing it up changes nothing else. */
    asWritten: z.boolean(),
    /** If not, why. */
    why: z.string(),
    /** Whether workers were added before and are not taken back yet. */
    added: z.boolean(),
  }),
  timeout: '2m',
  byHand: 'docker exec sira_backend_prod ps aux | grep uvicorn; docker-compose -f docker-compose.prod.yml config --hash backend',
});
