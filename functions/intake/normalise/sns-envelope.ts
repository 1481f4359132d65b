import * as z from 'zod';

const Attributes = z.record(z.string(), z.object({ Value: z.unknown() })).nullish();

/** What SNS puts around a message for a queue without raw delivery, and inside `Records[].Sns` for a function. */
const Notification = z.object({
  Type: z.literal('Notification'),
  Message: z.string(),
  Subject: z.string().nullish(),
  MessageAttributes: Attributes,
});
/** The questions that SNS asks before it delivers, or when someone unsubscribes. */
const Handshake = z.object({ Type: z.enum(['SubscriptionConfirmation', 'UnsubscribeConfirmation']), TopicArn: z.string() });
const Envelope = z.union([Notification, Handshake]);
const Records = z.object({ Records: z.array(z.object({ Sns: Envelope })).min(1) });

/** One message, out of its envelope. */
export interface Letter {
  text: string;
  /** Whether it was in SNS's envelope. */
  enveloped: boolean;
  subject: string;
  /** Alertmanager sets this attribute when it had to cut the message at SNS's 256 KB. */
  truncated: boolean;
  /** Set when it is no message but a question of SNS itself. */
  handshake?: string;
}

/** @returns the letters in a queue's message; one, unless it has the shape in which SNS calls a function */
export function opened(body: string): Letter[] {
  const json = parsed(body);
  const records = Records.safeParse(json);
  if (records.success) return records.data.Records.map((record) => letter(record.Sns));
  const envelope = Envelope.safeParse(json);
  if (envelope.success) return [letter(envelope.data)];
  return [{ text: body, enveloped: false, subject: '', truncated: false }];
}

function letter(envelope: z.output<typeof Envelope>): Letter {
  if (envelope.Type !== 'Notification')
    return { text: '', enveloped: true, subject: '', truncated: false, handshake: envelope.Type };
  const truncated = envelope.MessageAttributes?.truncated !== undefined;
  return { text: envelope.Message, enveloped: true, subject: envelope.Subject ?? '', truncated };
}

/** @returns `undefined` for text that is not JSON */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
