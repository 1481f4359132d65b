import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { absolutePath, stack } from './parameters.ts';

/** No step of a runbook: `npm run doctor` sends it before there is an incident. */
export const hostReadiness = hostCommand('host-readiness', {
  title: 'See whether a host has what the runbooks need',
  safety: 'observe',
  parameters: z.object({
    /** Programs that must be on the PATH of the agent. */
    tools: z
      .array(z.string().regex(/^[a-z][a-z0-9_.-]{0,63}$/))
      .min(1)
      .max(100),
    /** Folders and files that must be there. */
    paths: z.array(absolutePath).min(1).max(50),
    ...stack,
  }),
  facts: z.object({
    /** Bash's own version, such as `5.2.15(1)-release`. */
    bash: z.string(),
    /** The host's clock, in seconds since 1970. */
    now: z.number(),
    missingTools: z.array(z.string()),
    /** Of `find` and `date`, those that do not know GNU's options. */
    notGnu: z.array(z.string()),
    /** As the agent's user meets them; links are followed. Owner and mode (`755`) are empty for what is missing. */
    paths: z.array(
      z.object({
        path: z.string(),
        kind: z.enum(['folder', 'file', 'other', 'missing']),
        owner: z.string(),
        mode: z.string(),
        readable: z.boolean(),
        writable: z.boolean(),
      }),
    ),
    /** Whether acts can keep on the disk that they were begun. */
    markersWritable: z.boolean(),
    /** The version of Docker's daemon; empty when it is not installed or does not answer, which `dockerError` tells apart. */
    docker: z.string(),
    dockerError: z.string(),
    /** Compose as the scripts would call it, with its version: `docker compose 2.29.7`; empty when there is none. */
    compose: z.string(),
    /** Why the compose file can't be read; empty when it can. */
    composeError: z.string(),
    /** Of the compose file; `container` is empty where the file leaves its name to Compose. At most 60. */
    services: z.array(z.object({ service: z.string(), container: z.string() })),
  }),
  timeout: '1m',
  byHand: 'type -P docker gzip flock curl iostat; docker compose config --services; ls -ld /srv/sira /backups',
});
