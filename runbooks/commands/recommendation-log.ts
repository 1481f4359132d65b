import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { errorKinds } from './log-errors.ts';
import { containerName, outsideServices } from './parameters.ts';

const seconds = z.object({
  count: z.number(),
  /** `null` where the log says of none how long it took. */
  median: z.number().nullable(),
  p95: z.number().nullable(),
  most: z.number().nullable(),
});

export const recommendationLog = hostCommand('recommendation-log', {
  title: 'Review the recommendation logs',
  safety: 'observe',
  parameters: z.object({
    container: containerName,
    tail: z.number().int().min(1).max(20_000).default(5_000),
    minutes: z.number().int().min(1).max(1_440).default(30),
    outside: outsideServices,
  }),
  facts: z.object({
    /** Of whole recommendations. */
    seconds,
    /** What they spent with each service, where the log says so. */
    services: z.array(z.object({ service: z.string(), seconds })),
    /** Of the lines that speak of recommendations or of a service behind them. */
    errors: errorKinds,
  }),
  timeout: '1m',
  byHand: 'docker logs sira_backend_prod --tail=5000 2>&1 | grep -i "recommendation\\|llama\\|mistral"',
});
