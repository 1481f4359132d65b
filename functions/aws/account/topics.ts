import {
  ConfirmSubscriptionCommand,
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import { all, inTime } from './asking.ts';

/** Somebody, or something, that a topic's messages go to. */
export interface Subscriber {
  protocol: string;
  /** An address, a number, a URL or an ARN. */
  endpoint: string;
  /** Nothing while the address has not confirmed: nothing is delivered until then. */
  arn?: string;
  /**
   * Whether only the account can unsubscribe it. Of email and HTTP alone: others are never confirmed by whoever opens a link.
   * `undefined` where it was not asked.
   */
  authenticated?: boolean;
}

/** What is subscribed by confirming a link, and can be unsubscribed by opening one. */
const BY_LINK = ['email', 'email-json', 'http', 'https'];
/** SNS' words in place of an ARN. */
const PENDING = 'PendingConfirmation';
const DELETED = 'Deleted';

/** Of every topic of the account and region, by name. */
export async function topicArns(client: SNSClient): Promise<Map<string, string>> {
  const topics = await all(async (NextToken) => {
    const answer = await client.send(new ListTopicsCommand({ NextToken }), inTime());
    return { items: answer.Topics ?? [], next: answer.NextToken };
  });
  return new Map(topics.flatMap(({ TopicArn }) => (TopicArn ? [[lastPart(TopicArn), TopicArn] as const] : [])));
}

/** Who is subscribed to a topic, confirmed or not. */
export async function subscribers(client: SNSClient, topicArn: string): Promise<Subscriber[]> {
  const found = await all(async (NextToken) => {
    const answer = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn, NextToken }), inTime());
    return { items: answer.Subscriptions ?? [], next: answer.NextToken };
  });
  return found
    .filter(({ SubscriptionArn }) => SubscriptionArn !== DELETED)
    .map(({ Protocol = '', Endpoint = '', SubscriptionArn = PENDING }) => ({
      protocol: Protocol,
      endpoint: Endpoint,
      ...(SubscriptionArn !== PENDING && { arn: SubscriptionArn }),
    }));
}

/** The same, each confirmed one with whether only the account can unsubscribe it. */
export async function whetherAuthenticated(client: SNSClient, subscriber: Subscriber): Promise<Subscriber> {
  if (subscriber.arn === undefined || !BY_LINK.includes(subscriber.protocol)) return subscriber;
  const { authenticated } = await subscriberOf(client, subscriber.arn);
  return { ...subscriber, authenticated };
}

/** One subscription, as it is now: lists may be seconds behind. */
export async function subscriberOf(client: SNSClient, arn: string): Promise<Required<Subscriber>> {
  const { Attributes = {} } = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn }), inTime());
  const { Protocol = '', Endpoint = '', ConfirmationWasAuthenticated } = Attributes;
  return { arn, protocol: Protocol, endpoint: Endpoint, authenticated: ConfirmationWasAuthenticated === 'true' };
}

/**
 * Confirms a subscription so that only the account can take it back: whoever opens the link at the foot of a mail can't.
 * @returns the subscription's ARN
 */
export async function confirmSubscription(client: SNSClient, topicArn: string, token: string): Promise<string> {
  const command = new ConfirmSubscriptionCommand({ TopicArn: topicArn, Token: token, AuthenticateOnUnsubscribe: 'true' });
  return (await client.send(command, inTime())).SubscriptionArn ?? '';
}

const lastPart = (arn: string) => arn.slice(arn.lastIndexOf(':') + 1);
