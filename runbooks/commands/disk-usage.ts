import * as z from 'zod';
import { hostCommand } from '../language/command.ts';

export const diskUsage = hostCommand('disk-usage', {
  title: 'Check disk usage',
  safety: 'observe',
  parameters: z.object({}),
  facts: z.object({
    /** Local file systems on disks; none in memory, none of containers or images. */
    filesystems: z.array(
      z.object({
        mount: z.string(),
        device: z.string(),
        sizeMb: z.number(),
        usedMb: z.number(),
        /** Of what programs other than root's can use, as df and the alarms count it. */
        freePercent: z.number(),
        /** 0 where the file system does not count inodes. */
        inodesUsedPercent: z.number(),
      }),
    ),
  }),
  timeout: '1m',
  byHand: 'df -h; df -i',
});
