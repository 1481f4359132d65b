import * as z from 'zod';
import { LOCAL_ACCOUNT } from '../../../runbooks/language/names.ts';
import { type Arns, nameOf } from '../arns.ts';
import { page } from '../protocol/pagination.ts';
import { operation, type Service, ServiceError } from '../protocol/service.ts';
import type { Subscription, Topics } from './topics.ts';

const OfTopic = z.object({ TopicArn: z.string() });
const Paged = z.object({ NextToken: z.string().optional() });
const Attribute = z.object({
  DataType: z.string(),
  StringValue: z.string().optional(),
  BinaryValue: z.string().optional(),
});
/** An empty map is sent by some SDKs as a field without a value: Go's, and so Alertmanager, for an alert without attributes. */
const Attributes = z.preprocess((given) => (given === '' ? {} : given), z.record(z.string(), Attribute).default({}));
const Structure = z.object({ default: z.string() }).catchall(z.string());
const PAGE = 100;
const LARGEST_MESSAGE = 262_144;
const PENDING = 'PendingConfirmation';

/** SNS, query protocol. Not here: mobile push, filter policies that a caller sets or that ask for more than whether an attribute is there, FIFO topics, raw delivery, batches. */
export function simpleNotificationService(topics: Topics, arns: Arns, ids: () => string): Service {
  const topicOf = (arn: string) => {
    const name = nameOf(arn);
    if (!topics.has(name)) throw new ServiceError('NotFound', 'Topic does not exist', { status: 404 });
    return name;
  };
  const told = (subscription: Subscription) => ({
    SubscriptionArn: subscription.confirmed ? subscription.arn : PENDING,
    Owner: LOCAL_ACCOUNT,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    TopicArn: arns.topic(subscription.topic),
  });
  const list = (all: Subscription[], token: string | undefined) => {
    const { items, next } = page(all.map(told), PAGE, token, 'InvalidParameter');
    return { Subscriptions: items, NextToken: next };
  };
  const publish = operation(
    z.object({
      TopicArn: z.string().optional(),
      TargetArn: z.string().optional(),
      Message: z.string(),
      Subject: z.string().optional(),
      MessageStructure: z.literal('json').optional(),
      MessageAttributes: Attributes,
    }),
    ({ TopicArn, TargetArn, Message, Subject, MessageStructure, MessageAttributes }) => {
      const topic = topicOf(TopicArn ?? TargetArn ?? '');
      checkMessage(Message, Subject);
      const id = ids();
      const { default: message, ...byProtocol } = MessageStructure ? structured(Message) : { default: Message };
      topics.publish({ id, topic, subject: Subject, message, byProtocol, attributes: MessageAttributes });
      return { MessageId: id };
    },
  );

  return {
    xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
    invalidInput: 'InvalidParameter',
    operations: {
      Publish: publish,
      CreateTopic: operation(z.object({ Name: z.string().regex(/^[A-Za-z0-9_-]{1,256}$/) }), ({ Name }) => {
        topics.create(Name);
        return { TopicArn: arns.topic(Name) };
      }),
      ListTopics: operation(Paged, ({ NextToken }) => {
        const { items, next } = page(topics.names(), PAGE, NextToken, 'InvalidParameter');
        return { Topics: items.map((name) => ({ TopicArn: arns.topic(name) })), NextToken: next };
      }),
      Subscribe: operation(
        OfTopic.extend({ Protocol: z.string(), Endpoint: z.string(), ReturnSubscriptionArn: z.stringbool().default(false) }),
        ({ TopicArn, Protocol, Endpoint, ReturnSubscriptionArn }) => {
          const { arn, confirmed } = topics.subscribe(topicOf(TopicArn), Protocol, Endpoint);
          return { SubscriptionArn: confirmed || ReturnSubscriptionArn ? arn : 'pending confirmation' };
        },
      ),
      ConfirmSubscription: operation(
        OfTopic.extend({ Token: z.string(), AuthenticateOnUnsubscribe: z.stringbool().default(false) }),
        ({ TopicArn, Token, AuthenticateOnUnsubscribe }) => {
          const confirmed = topics.confirm(topicOf(TopicArn), Token, AuthenticateOnUnsubscribe);
          if (!confirmed) throw new ServiceError('InvalidParameter', 'Invalid parameter: Token');
          return { SubscriptionArn: confirmed.arn };
        },
      ),
      Unsubscribe: operation(z.object({ SubscriptionArn: z.string() }), ({ SubscriptionArn }, { unsigned }) => {
        // Already gone is no error: SNS' Unsubscribe is idempotent.
        if (!topics.unsubscribe(SubscriptionArn, !unsigned))
          throw new ServiceError('AuthorizationError', 'This subscription can only be removed by a signed request', {
            status: 403,
          });
      }),
      ListSubscriptions: operation(Paged, ({ NextToken }) => list(topics.subscriptions(), NextToken)),
      ListSubscriptionsByTopic: operation(Paged.extend(OfTopic.shape), ({ TopicArn, NextToken }) =>
        list(topics.subscriptions(topicOf(TopicArn)), NextToken),
      ),
      GetTopicAttributes: operation(OfTopic, ({ TopicArn }) => {
        const all = topics.subscriptions(topicOf(TopicArn));
        const confirmed = all.filter((one) => one.confirmed).length;
        const attributes = { TopicArn, Owner: LOCAL_ACCOUNT, SubscriptionsConfirmed: confirmed };
        return { Attributes: new Map(Object.entries({ ...attributes, SubscriptionsPending: all.length - confirmed })) };
      }),
      GetSubscriptionAttributes: operation(z.object({ SubscriptionArn: z.string() }), ({ SubscriptionArn }) => {
        const found = topics.subscriptions().find(({ arn }) => arn === SubscriptionArn);
        if (!found) throw new ServiceError('NotFound', 'Subscription does not exist', { status: 404 });
        const { confirmed, authenticated } = found;
        const attributes = { ...told(found), PendingConfirmation: !confirmed, ConfirmationWasAuthenticated: authenticated };
        return { Attributes: new Map(Object.entries(attributes)) };
      }),
    },
  };
}

/** SNS' own limits: 256 KB, and a subject of printable ASCII in one line, shorter than 100 characters. */
function checkMessage(message: string, subject: string | undefined): void {
  if (message === '') throw new ServiceError('InvalidParameter', 'Invalid parameter: Empty message');
  if (Buffer.byteLength(message) > LARGEST_MESSAGE)
    throw new ServiceError('InvalidParameter', 'Invalid parameter: Message too long');
  if (subject !== undefined && !/^[!-~][ -~]{0,98}$/.test(subject))
    throw new ServiceError('InvalidParameter', 'Invalid parameter: Subject');
}

/** A text for each protocol, and one for all others. */
function structured(message: string): z.output<typeof Structure> {
  const read = Structure.safeParse(parsed(message));
  if (!read.success)
    throw new ServiceError('InvalidParameter', 'Invalid parameter: Message Structure - No default entry in JSON message body');
  return read.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ServiceError('InvalidParameter', 'Invalid parameter: Message Structure - JSON message body failed to parse');
  }
}
