import * as z from 'zod';

/** The name of a parameter of Parameter Store that holds a secret. */
export const ParameterName = z
  .string()
  .max(512)
  .regex(
    /^(?!\/(aws|ssm)\b)(\/[\w.-]+)+$/i,
    'expected the name of a parameter that holds the key, such as /firebreak/pagerduty/oncall; never the key itself',
  );

/** What a deployment says of its PagerDuty, beside the keys of its people's services. */
export const PagerdutySettings = z.strictObject({
  /** Where its events go; the service region of the United States if not said. */
  eventsUrl: z.url({ protocol: /^https?$/, error: 'expected a URL such as https://events.eu.pagerduty.com' }).optional(),
  /** The parameter, a SecureString, that holds the secret of its webhook subscription. Without one its webhooks are not taken. */
  webhookSecret: ParameterName.optional(),
});
export type PagerdutySettings = z.output<typeof PagerdutySettings>;
