import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../../../functions/incident/clock.ts';
import type { Arns } from '../arns.ts';
import type { Store } from '../store.ts';

/** Which messages a subscription takes, by their attributes: one alternative must hold for each attribute that is named. */
export type FilterPolicy = Readonly<Record<string, readonly { exists: boolean }[]>>;

export interface TopicSpec {
  name: string;
  /** The role whose people it reaches, for the inbox. */
  role?: string;
  subscriptions: { protocol: string; endpoint: string; confirmed?: boolean; filter?: FilterPolicy }[];
}

const Subscription = z.object({
  arn: z.string(),
  topic: z.string(),
  protocol: z.string(),
  endpoint: z.string(),
  confirmed: z.boolean(),
  /** Whether only the account can unsubscribe it: whoever opens the link at the foot of a mail can't. */
  authenticated: z.boolean().default(true),
  /** Unsubscribed: kept, so that a restart does not bring it back. */
  gone: z.boolean(),
  token: z.string(),
  /** When the token was sent; it can be used for two days from then. */
  askedAt: z.iso.datetime().optional(),
});
export type Subscription = z.infer<typeof Subscription>;

/** A message as it reached a person: local mode has no mail, so it lies here for the console to show. */
export const Delivered = z.object({
  topic: z.string(),
  role: z.string().optional(),
  /** The address that it was sent to. */
  contact: z.string(),
  subject: z.string(),
  message: z.string(),
  at: z.iso.datetime(),
});
export type Delivered = z.infer<typeof Delivered>;

export interface Notification {
  id: string;
  topic: string;
  subject: string | undefined;
  message: string;
  /** What a protocol gets in place of the message. */
  byProtocol?: Readonly<Record<string, string>>;
  attributes: Record<string, { DataType: string; StringValue?: string | undefined; BinaryValue?: string | undefined }>;
}

export interface Topics {
  has(topic: string): boolean;
  names(): string[];
  /** Makes a topic that lives as long as the process. */
  create(topic: string): void;
  subscriptions(topic?: string): Subscription[];
  subscribe(topic: string, protocol: string, endpoint: string): Subscription;
  /**
   * @param authenticated whether only the account shall be able to unsubscribe it
   * @returns nothing for a token that is not the topic's, or too old. One that is confirmed already stays as it is
   */
  confirm(topic: string, token: string, authenticated: boolean): Subscription | undefined;
  /** @param signed whether the account asks, and not whoever has opened a link. @returns whether it may */
  unsubscribe(arn: string, signed: boolean): boolean;
  publish(notification: Notification): void;
  inbox(): Delivered[];
}

interface TopicDependencies {
  store: Store;
  clock: Clock;
  arns: Arns;
  ids: () => string;
  /** Takes a message to a queue, by the queue's ARN. */
  toQueue: (queueArn: string, body: string) => void;
}

/** Only these must be confirmed by whoever owns the address. */
const CONFIRMED_BY_OWNER = ['email', 'email-json', 'http', 'https'];
const INBOX = 'inbox';
/** As long as SNS takes a token. */
const TOKEN_MS = 2 * 86_400_000;

/** Topics, who is subscribed to them, and what they have delivered. A subscription that is not confirmed is silent. */
export function createTopics(deps: TopicDependencies, specs: readonly TopicSpec[]): Topics {
  const { store, clock, arns } = deps;
  const known = new Map(specs.map((spec) => [spec.name, spec]));
  const folder = store.folder('subscriptions', Subscription);
  const journal = store.journal('notifications', Delivered);

  const add = (topic: string, protocol: string, endpoint: string, confirmed: boolean): Subscription => {
    // The same three make the same subscription, now and after a restart.
    const id = createHash('sha256').update(`${topic} ${protocol} ${endpoint}`).digest('hex').slice(0, 32);
    const arn = `${arns.topic(topic)}:${id}`;
    const before = folder.get(id);
    if (before && !before.gone) return before;
    const askedAt = clock.now().toISOString();
    const token = deps.ids();
    const subscription = { arn, topic, protocol, endpoint, confirmed, authenticated: confirmed, gone: false, token, askedAt };
    folder.put(id, subscription);
    return subscription;
  };
  for (const { name, subscriptions } of specs)
    for (const { protocol, endpoint, confirmed } of subscriptions)
      if (!folder.all().some((one) => one.topic === name && one.protocol === protocol && one.endpoint === endpoint))
        add(name, protocol, endpoint, confirmed ?? true);

  const put = (subscription: Subscription) =>
    folder.put(subscription.arn.slice(subscription.arn.lastIndexOf(':') + 1), subscription);
  const living = (topic?: string) => folder.all().filter((one) => !one.gone && (topic === undefined || one.topic === topic));
  const link = ({ topic, token, endpoint }: Subscription) =>
    `https://sns.${arns.region}.amazonaws.com/confirmation.html?${new URLSearchParams({ TopicArn: arns.topic(topic), Token: token, Endpoint: endpoint })}`;
  const filterOf = (topic: string, protocol: string, endpoint: string) =>
    known.get(topic)?.subscriptions.find((one) => one.protocol === protocol && one.endpoint === endpoint)?.filter;
  const deliver = (topic: string, contact: string, subject: string, message: string) => {
    const role = known.get(topic)?.role;
    journal.append(INBOX, { topic, ...(role ? { role } : {}), contact, subject, message, at: clock.now().toISOString() });
  };

  return {
    has: (topic) => known.has(topic),
    names: () => [...known.keys()].sort(),
    create: (topic) => {
      if (!known.has(topic)) known.set(topic, { name: topic, subscriptions: [] });
    },
    subscriptions: living,
    subscribe: (topic, protocol, endpoint) => {
      const subscription = add(topic, protocol, endpoint, !CONFIRMED_BY_OWNER.includes(protocol));
      if (!subscription.confirmed)
        deliver(topic, endpoint, 'AWS Notification - Subscription Confirmation', `To confirm, visit:\n${link(subscription)}`);
      return subscription;
    },
    confirm: (topic, token, authenticated) => {
      const found = living(topic).find((one) => one.token === token);
      if (!found || found.confirmed) return found;
      if (clock.now().getTime() - Date.parse(found.askedAt ?? '') > TOKEN_MS) return undefined;
      const confirmed = { ...found, confirmed: true, authenticated };
      put(confirmed);
      return confirmed;
    },
    unsubscribe: (arn, signed) => {
      const found = living().find((one) => one.arn === arn);
      if (found?.authenticated && !signed) return false;
      if (found) put({ ...found, gone: true });
      return true;
    },
    publish: (notification) => {
      for (const { protocol, endpoint, confirmed } of living(notification.topic)) {
        if (!confirmed || !takes(filterOf(notification.topic, protocol, endpoint), notification)) continue;
        const message = notification.byProtocol?.[protocol] ?? notification.message;
        if (protocol === 'sqs') deps.toQueue(endpoint, envelope({ ...notification, message }, arns, clock));
        else deliver(notification.topic, endpoint, notification.subject ?? 'AWS Notification Message', message);
      }
    },
    inbox: () => journal.read(INBOX),
  };
}

const takes = (filter: FilterPolicy = {}, { attributes }: Notification) =>
  Object.entries(filter).every(([name, allowed]) => allowed.some(({ exists }) => exists === name in attributes));

/** The JSON that SNS wraps around a message on its way to a queue (raw delivery is off). */
function envelope({ id, topic, subject, message, attributes }: Notification, arns: Arns, clock: Clock): string {
  const given = Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    { Type: DataType, Value: StringValue ?? BinaryValue },
  ]);
  return JSON.stringify({
    Type: 'Notification',
    MessageId: id,
    TopicArn: arns.topic(topic),
    Subject: subject,
    Message: message,
    Timestamp: clock.now().toISOString(),
    SignatureVersion: '1',
    ...(given.length > 0 ? { MessageAttributes: Object.fromEntries(given) } : {}),
  });
}
