import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { url } from './parameters.ts';

export const externalServices = hostCommand('external-services', {
  title: 'Check the services that the application calls',
  safety: 'observe',
  parameters: z.object({ urls: z.array(url).min(1).max(10) }),
  facts: z.object({
    services: z.array(
      z.object({
        url: z.string(),
        /** Whether any answer came within five seconds, an error's status included. */
        reachable: z.boolean(),
        /** 0 when none came. */
        status: z.number(),
        tookMs: z.number(),
        /** Why none came, in curl's words. */
        error: z.string(),
      }),
    ),
  }),
  timeout: '2m',
  byHand: 'curl -sS -o /dev/null --max-time 5 https://api.mistral.ai/v1/models',
});
