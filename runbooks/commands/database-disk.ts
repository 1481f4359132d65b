import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { containerName, mb } from './parameters.ts';

export const databaseDisk = hostCommand('database-disk', {
  title: 'Check the disk of the database',
  safety: 'observe',
  parameters: z.object({ container: containerName }),
  facts: z.object({
    /** Of the place that has the least. */
    freeMb: mb,
    freePercent: z.number(),
    places: z.array(z.object({ path: z.string(), freeMb: mb, freePercent: z.number(), inodesUsedPercent: z.number() })),
  }),
  timeout: '1m',
  byHand: 'df -h; df -i',
});
