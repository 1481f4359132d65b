import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { url } from './parameters.ts';

/** `null` where nothing answered. */
const ms = z.number().nullable();

export const answerTimes = hostCommand('answer-times', {
  title: 'Measure how long answers take',
  safety: 'observe',
  parameters: z.object({ url, samples: z.number().int().min(1).max(20) }),
  facts: z.object({
    samples: z.number(),
    answered: z.number(),
    /** No answer within ten seconds, or a 5xx. */
    failed: z.number(),
    medianMs: ms,
    p95Ms: ms,
    slowestMs: ms,
  }),
  timeout: '4m',
  byHand: "curl -sS -o /dev/null -w '%{time_total}\\n' https://api.yourdomain.com/health",
});
