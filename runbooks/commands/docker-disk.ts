import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { mb } from './parameters.ts';

export const dockerDisk = hostCommand('docker-disk', {
  title: 'See what Docker takes',
  safety: 'observe',
  parameters: z.object({}),
  facts: z.object({
    /** Images, containers, volumes and build cache, in Docker's words. */
    kinds: z.array(z.object({ kind: z.string(), total: z.number(), active: z.number(), mb, reclaimableMb: mb })),
  }),
  timeout: '3m',
  byHand: 'docker system df',
});
