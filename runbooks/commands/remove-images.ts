import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { dockerId, mb } from './parameters.ts';

export const removeImages = hostCommand('remove-images', {
  title: 'Remove unused images',
  safety: 'routine',
  verb: 'remove-images',
  parameters: z.object({ ids: z.array(dockerId).min(1).max(40) }),
  facts: z.object({
    removed: z.array(z.string()),
    kept: z.array(z.object({ id: z.string(), why: z.string() })),
    /** The most that this freed: layers that other images share are still there. */
    freedMb: mb,
  }),
  timeout: '4m',
  byHand: 'docker image rm <id>',
});
