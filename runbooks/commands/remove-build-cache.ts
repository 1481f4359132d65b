import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { buildCacheId, mb } from './parameters.ts';

export const removeBuildCache = hostCommand('remove-build-cache', {
  title: 'Remove the build cache',
  safety: 'routine',
  verb: 'remove-build-cache',
  parameters: z.object({ ids: z.array(buildCacheId).min(1).max(80) }),
  facts: z.object({
    freedMb: mb,
    /** How many entries went. */
    removed: z.number(),
    /** Those that are gone already, that a build uses, or that others are built on. */
    kept: z.array(z.string()),
  }),
  timeout: '4m',
  byHand: 'docker builder prune --force --filter id=<id>',
});
