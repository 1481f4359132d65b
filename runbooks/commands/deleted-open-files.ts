import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { mb } from './parameters.ts';

export const deletedOpenFiles = hostCommand('deleted-open-files', {
  title: 'Find deleted files that are still open',
  safety: 'observe',
  parameters: z.object({}),
  facts: z.object({
    /** Over 1 MB, the largest first, one entry for each process that holds one. At most 40. */
    files: z.array(z.object({ pid: z.number(), process: z.string(), path: z.string(), mb })),
    /** A file that several processes hold counts once. */
    totalMb: mb,
  }),
  timeout: '1m',
  byHand: 'lsof +L1',
});
