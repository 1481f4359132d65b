import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { url } from './parameters.ts';

export const statusPages = hostCommand('status-pages', {
  title: 'Read the status pages of services outside',
  safety: 'observe',
  parameters: z.object({ urls: z.array(url).min(1).max(10) }),
  facts: z.object({
    pages: z.array(
      z.object({
        url: z.string(),
        /** `unknown` where it cannot be had, or is neither Statuspage's JSON nor Instatus'. */
        says: z.enum(['well', 'degraded', 'outage', 'maintenance', 'unknown']),
        /** Their own words, where there are some. */
        description: z.string(),
      }),
    ),
  }),
  timeout: '2m',
  byHand: 'curl -s https://status.pinecone.io/api/v2/status.json',
});
