import * as z from 'zod';

const Reference = z.object({ summary: z.string().nullish(), type: z.string() });

/** An event of webhooks v3, as far as it is read: https://developer.pagerduty.com/docs/webhooks-overview. */
export const WebhookEvent = z.object({
  id: z.string().min(1).max(300),
  event_type: z.string().max(100),
  occurred_at: z.string(),
  /** Who did it: a person is a `user_reference`; nobody where it happened by itself. */
  agent: Reference.nullish(),
  data: z.object({ incident_key: z.string().max(300).nullish() }).loose(),
});
export type WebhookEvent = z.output<typeof WebhookEvent>;
