import * as z from 'zod';
import { hostCommand } from '../language/command.ts';

export const diskIo = hostCommand('disk-io', {
  title: 'Check how busy the disks are',
  safety: 'observe',
  parameters: z.object({}),
  facts: z.object({
    /** What it was measured with; `unknown`: nothing could measure it, and `devices` is empty. */
    source: z.enum(['iostat', 'diskstats', 'unknown']),
    devices: z.array(
      z.object({
        name: z.string(),
        /** In how much of the time it had something to do. */
        utilPercent: z.number(),
        /** How long a request took; `null` where only the kernel's counters could be read. */
        awaitMs: z.number().nullable(),
      }),
    ),
  }),
  timeout: '1m',
  byHand: 'iostat -x 1 5',
});
