import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { mb, stack } from './parameters.ts';

const image = z.object({
  id: z.string(),
  /** Up to two of its tags, or of its digests when it has none. */
  names: z.array(z.string()),
  /** Layers that it shares with others count in full, so this is the most that its removal frees. */
  mb,
});

export const dockerUsage = hostCommand('docker-usage', {
  title: 'See what Docker holds',
  safety: 'observe',
  parameters: z.object(stack),
  facts: z.object({
    imagesMb: mb,
    /** Used by no container, named by no service, older than a week, and known to a registry. At most 30. */
    images: z.array(image.extend({ ageSeconds: z.number(), pullable: z.boolean() })),
    /** Unused too, but they stay unless a person says so: no registry has them, or they are young. At most 10. */
    leftImages: z.array(image.extend({ why: z.string() })),
    buildCacheMb: mb,
    /** What no build uses now, the youngest first. At most 60. */
    buildCache: z.array(z.object({ id: z.string(), mb })),
    /** Used by no container and not in the compose file. At most 25. */
    volumes: z.array(z.object({ name: z.string(), mb, anonymous: z.boolean() })),
    /** Of no Compose project. At most 15. */
    stoppedContainers: z.array(z.object({ id: z.string(), name: z.string(), image: z.string() })),
    /** Whether every service of the compose file has containers and all of them run. */
    allRunning: z.boolean(),
  }),
  timeout: '4m',
  byHand: 'docker system df -v',
});
