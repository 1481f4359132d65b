import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { containerName, mb } from './parameters.ts';

export const memorySamples = hostCommand('memory-samples', {
  title: "Watch the containers' memory for a while",
  safety: 'observe',
  parameters: z.object({
    containers: z.array(containerName).min(1).max(10),
    /** Three make a slope; all of them take two minutes at most. */
    samples: z.number().int().min(3).max(30),
    everySeconds: z.number().int().min(1).max(30),
  }),
  facts: z.object({
    /** How long it was watched. */
    seconds: z.number(),
    containers: z.array(
      z.object({
        name: z.string(),
        /** In how many samples it ran: none means that it does not run. */
        samples: z.number(),
        firstMb: mb,
        lastMb: mb,
        /** Of the line through all samples; `null` for fewer than three. */
        mbPerMinute: z.number().nullable(),
      }),
    ),
  }),
  timeout: '4m',
  byHand: "watch -n 5 'docker stats --no-stream sira_backend_prod'",
});
