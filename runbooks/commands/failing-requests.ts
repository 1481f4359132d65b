import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { containerName } from './parameters.ts';

const endpoints = z.array(z.object({ endpoint: z.string(), status: z.number(), count: z.number() }));

export const failingRequests = hostCommand('failing-requests', {
  title: 'Group the requests by status and endpoint',
  safety: 'observe',
  parameters: z.object({
    container: containerName,
    tail: z.number().int().min(1).max(20_000).default(1_000),
    /** Older requests say nothing of an error rate of now. */
    minutes: z.number().int().min(1).max(1_440).default(10),
  }),
  facts: z.object({
    /** Lines of the log that are requests; the others count for nothing. */
    requests: z.number(),
    /** The most frequent first. */
    statuses: z.array(z.object({ status: z.number(), count: z.number() })),
    /** Up to ten endpoints with 5xx answers, such as `GET /api/orders/:id`: without queries, and without anybody's number. */
    failed: endpoints,
    /** The same of 4xx. */
    refused: endpoints,
    /** Requests to where one signs in, by the words in their path; and how many of them were answered 4xx. */
    login: z.object({ requests: z.number(), refused: z.number() }),
  }),
  timeout: '1m',
  byHand: `docker logs sira_nginx_prod --tail=1000 | awk '{print $9}' | sort | uniq -c | sort -rn`,
});
