import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { containerName, dockerId, mb, volumeName } from './parameters.ts';

export const removeDockerLeftovers = hostCommand('remove-docker-leftovers', {
  title: 'Remove what Docker has left over',
  safety: 'destructive',
  verb: 'remove-leftovers',
  parameters: z.object({
    /** By name or id; one that runs stays. */
    containers: z.array(containerName).max(30),
    images: z.array(dockerId).max(40),
    volumes: z.array(volumeName).max(30),
  }),
  facts: z.object({
    removed: z.array(z.string()),
    kept: z.array(z.object({ id: z.string(), why: z.string() })),
    /** Of images and volumes; for images the most that it can be. */
    freedMb: mb,
  }),
  timeout: '4m',
  byHand: 'docker rm <container>; docker image rm <id>; docker volume rm <volume>',
});
