import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { stack } from './parameters.ts';

export const serviceStatus = hostCommand('service-status', {
  title: 'Check service status',
  safety: 'observe',
  parameters: z.object(stack),
  facts: z.object({
    containers: z.array(
      z.object({
        service: z.string(),
        name: z.string(),
        /** Docker's word: `running`, `exited`, `restarting`, `created`, `paused`, `dead`. */
        state: z.string(),
        health: z.enum(['healthy', 'unhealthy', 'starting', 'none']),
        /** Absent for one that never started. */
        startedSecondsAgo: z.number().optional(),
        /** Absent for one that never ended. A running one may have ended before. */
        finishedSecondsAgo: z.number().optional(),
        exitCode: z.number(),
        restartCount: z.number(),
        oomKilled: z.boolean(),
        restartPolicy: z.string(),
      }),
    ),
    /** Services of the compose file that have no container. Empty also when the file can't be read. */
    missing: z.array(z.string()),
    composeReadable: z.boolean(),
    /** Whether Docker answered. If not, nothing is known of the containers. */
    dockerLive: z.boolean(),
  }),
  timeout: '1m',
  byHand: 'docker-compose -f docker-compose.prod.yml ps',
});

/** For the timeline: each service, and those that should be there. */
export const sayServices = ({ containers, missing, dockerLive }: z.output<typeof serviceStatus.facts>) =>
  dockerLive
    ? [
        ...containers.map(({ service, state, health }) => `${service} ${state}${health === 'none' ? '' : ` (${health})`}`),
        ...missing.map((service) => `${service} has no container`),
      ].join(', ')
    : 'Docker does not answer';
