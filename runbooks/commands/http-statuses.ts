import * as z from 'zod';
import { hostCommand } from '../language/command.ts';
import { containerName } from './parameters.ts';

export const httpStatuses = hostCommand('http-statuses', {
  title: 'Count the answers by status',
  safety: 'observe',
  parameters: z.object({ container: containerName, tail: z.number().int().min(1).max(5_000).default(1_000) }),
  facts: z.object({
    /** Lines of the log that are requests; the others count for nothing. */
    requests: z.number(),
    status2xx: z.number(),
    status3xx: z.number(),
    status4xx: z.number(),
    status5xx: z.number(),
    /** Up to five endpoints with the most 5xx answers, such as `GET /api/orders`, without their queries. */
    top: z.array(z.object({ endpoint: z.string(), count: z.number() })),
  }),
  timeout: '1m',
  byHand: `docker logs sira_nginx_prod --tail=1000 | grep " 5[0-9][0-9] " | awk '{print $7}' | sort | uniq -c | sort -rn`,
});
