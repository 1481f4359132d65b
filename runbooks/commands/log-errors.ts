import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { containerName, outsideServices } from './parameters.ts';

/** What a log tells of errors. Counts and names alone: a line may hold what is somebody's. */
export const errorKinds = z.object({
  readable: z.boolean(),
  /** Why it could not be read; empty when it could. */
  why: z.string(),
  lines: z.number(),
  /** Lines that speak of an error, however little else they say. */
  errors: z.number(),
  /** Queries, connections, the pool. */
  database: z.number(),
  /** Calls of another service that failed, which none of the names in `outside` stands beside. */
  otherServices: z.number(),
  authentication: z.number(),
  invalidInput: z.number(),
  /** Errors that name a service outside. */
  outside: z.array(
    z.object({
      service: z.string(),
      errors: z.number(),
      timeouts: z.number(),
      /** Of ours, by the service: 401 and 403. */
      keyRefused: z.number(),
      /** 429, or words that say the same. */
      quota: z.number(),
    }),
  ),
  /** Up to ten, the most frequent first, by their class or by what PostgreSQL calls them. */
  exceptions: z.array(z.object({ name: z.string(), count: z.number() })),
});

export const logErrors = hostCommand('log-errors', {
  title: "Group the errors of a container's log",
  safety: 'observe',
  parameters: z.object({
    container: containerName,
    tail: z.number().int().min(1).max(5_000).default(200),
    outside: outsideServices,
  }),
  facts: errorKinds,
  timeout: '1m',
  byHand: 'docker logs sira_backend_prod --tail=200 | grep -i "error\\|exception"',
});
