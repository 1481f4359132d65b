import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { absolutePath, mb } from './parameters.ts';

export const largestFolders = hostCommand('largest-folders', {
  title: 'Find the largest folders',
  safety: 'observe',
  parameters: z.object({ mount: absolutePath }),
  facts: z.object({
    /** Up to ten, the largest first, with everything below them on the same file system. */
    folders: z.array(z.object({ path: z.string(), mb })),
    /** `false` when something could not be read, or a minute was not enough. */
    complete: z.boolean(),
  }),
  timeout: '2m',
  byHand: 'du -sh /* | sort -rh | head -10',
});
