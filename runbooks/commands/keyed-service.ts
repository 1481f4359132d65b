import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { ssmParameter, url } from './parameters.ts';

export const keyedService = hostCommand('keyed-service', {
  title: 'Ask a service outside with our key',
  safety: 'observe',
  parameters: z.object({
    url,
    /** The name of the Systems Manager parameter that holds the key. The value never leaves the host but to the service. */
    keyParameter: ssmParameter,
    /** `Authorization: Bearer ...`, or `Api-Key: ...`. */
    scheme: z.enum(['bearer', 'api-key']),
  }),
  facts: z.object({
    url: z.string(),
    /** Whether it was asked with the key. Without it, an answer says no more than that they can be reached. */
    withKey: z.boolean(),
    /** Why without; empty when with it. */
    whyNot: z.string(),
    /** One after the other. */
    answers: z.array(
      z.object({
        /** 0 when none came within ten seconds. */
        status: z.number(),
        tookMs: z.number(),
        /** Why none came, in curl's words. */
        error: z.string(),
      }),
    ),
  }),
  timeout: '2m',
  byHand: 'curl -H "Authorization: Bearer $MISTRAL_API_KEY" https://api.mistral.ai/v1/models',
});
