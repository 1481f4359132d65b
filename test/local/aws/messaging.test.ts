import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConfirmSubscriptionCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  PublishCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eventually, localAws } from './local-aws.ts';

const topic = (name: string) => `arn:aws:sns:us-east-1:000000000000:${name}`;
const urlOf = async (sqs: SQSClient, QueueName: string) => (await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl ?? '';
/** As it stands in the link of the mail that asks to confirm. */
const tokenOf = (message: string) => new URL(message.split('\n').at(-1) ?? '').searchParams.get('Token') ?? '';
const all = { batchItemFailures: [] };

/** Keeps what it was given, and fails what the test names. */
function consumer(fails: (body: string) => boolean = () => false) {
  const events: SQSEvent[] = [];
  const queueConsumer = async (event: SQSEvent) => {
    events.push(event);
    const failed = event.Records.filter(({ body }) => fails(body));
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
  return { events, queueConsumer, bodies: () => events.flatMap(({ Records }) => Records.map(({ body }) => body)) };
}

describe('the signals queue', () => {
  test('gives what is sent to its function at once, in batches of ten at most', async () => {
    const { events, bodies, queueConsumer } = consumer();
    const { sqs } = await localAws({ queueConsumer });
    const QueueUrl = await urlOf(sqs, 'firebreak-signals');
    const Entries = Array.from({ length: 10 }, (_, at) => ({ Id: `m${at}`, MessageBody: `body ${at}` }));
    const sent = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'body 10' }));
    await eventually(bodies, ({ length }) => length === 11);

    expect(Math.max(...events.map(({ Records }) => Records.length))).toBeLessThanOrEqual(10);
    expect(events[0]?.Records[0]).toMatchObject({
      messageId: sent.Successful?.[0]?.MessageId,
      body: 'body 0',
      attributes: { ApproximateReceiveCount: '1' },
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:firebreak-signals',
    });
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(Attributes).toMatchObject({ ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' });
  });

  test('brings what failed again after its visibility timeout, three times, then it is a dead letter', async () => {
    const { bodies, queueConsumer } = consumer((body) => body === 'poison');
    const { aws, sqs, clock } = await localAws({ queueConsumer, redelivery: { visibilityTimeout: 30, maxReceiveCount: 3 } });
    const QueueUrl = await urlOf(sqs, 'firebreak-signals');
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'good' }));
    await eventually(bodies, ({ length }) => length === 2);
    for (const received of [3, 4]) {
      clock.leap(30_000);
      await eventually(bodies, ({ length }) => length === received);
    }
    clock.leap(30_000);
    await eventually(aws.deadLetters, ({ length }) => length === 1);

    expect(bodies()).toEqual(['poison', 'good', 'poison', 'poison']);
    const dead = await urlOf(sqs, 'firebreak-signals-dead');
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: dead }));
    expect(Messages?.[0]?.Body).toBe('poison');
    await sqs.send(new DeleteMessageCommand({ QueueUrl: dead, ReceiptHandle: Messages?.[0]?.ReceiptHandle }));
    expect(aws.deadLetters()).toEqual([]);
  });

  test('loses nothing in a restart: what a function had in its hands comes again', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'local-aws-'));
    onTestFinished(() => rmSync(dataDir, { recursive: true }));
    const hands = Promise.withResolvers<void>();
    const interrupted = Promise.withResolvers<typeof all>();
    const queueConsumer = () => {
      hands.resolve();
      return interrupted.promise;
    };
    const first = await localAws({ dataDir, queueConsumer });
    await first.sqs.send(new SendMessageCommand({ QueueUrl: await urlOf(first.sqs, 'firebreak-signals'), MessageBody: 'kept' }));
    await hands.promise;
    interrupted.reject(new Error('the process ended'));
    await first.stop();

    const again = consumer();
    await localAws({ dataDir, queueConsumer: again.queueConsumer });
    await eventually(again.bodies, ({ length }) => length === 1);
    expect(again.events[0]?.Records[0]).toMatchObject({ body: 'kept', attributes: { ApproximateReceiveCount: '2' } });
  });

  test('a queue that is not there is QueueDoesNotExist', async () => {
    const { sqs } = await localAws();
    await expect(urlOf(sqs, 'nowhere')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });
});

describe('a topic', () => {
  const contacts = [
    { protocol: 'email', endpoint: 'oncall@yourdomain.com' },
    { protocol: 'sms', endpoint: '+10000000000', confirmed: false },
  ];
  const topics = [{ name: 'firebreak-sira-oncall', role: 'oncall', subscriptions: contacts }];

  test('of a contact delivers to each confirmed subscription, and to no other', async () => {
    const { aws, sns, clock } = await localAws({ topics });
    const TopicArn = topic('firebreak-sira-oncall');
    const { MessageId } = await sns.send(new PublishCommand({ TopicArn, Subject: 'P0 SIRA', Message: 'API down\n<&> "ä"' }));
    expect(MessageId).toBeDefined();
    const [first, ...others] = aws.inbox();
    expect(first).toEqual({
      topic: 'firebreak-sira-oncall',
      role: 'oncall',
      contact: 'oncall@yourdomain.com',
      subject: 'P0 SIRA',
      message: 'API down\n<&> "ä"',
      at: clock.now().toISOString(),
    });
    expect(others).toEqual([]);
  });

  test('gives each protocol its own text where the message has several, and a queue the one for all', async () => {
    const both = [contacts[0], { protocol: 'sms', endpoint: '+10000000000' }].flatMap((one) => one ?? []);
    const { aws, sns } = await localAws({ topics: [{ name: 'firebreak-sira-ada', subscriptions: both }] });
    const publish = (Message: string) =>
      sns.send(new PublishCommand({ TopicArn: topic('firebreak-sira-ada'), MessageStructure: 'json', Message }));
    await publish(JSON.stringify({ default: 'all of it', sms: 'short' }));
    expect(aws.inbox().map(({ contact, message }) => [contact, message])).toEqual([
      ['oncall@yourdomain.com', 'all of it'],
      ['+10000000000', 'short'],
    ]);
    await expect(publish('{"sms":"short"}')).rejects.toThrow('No default entry in JSON message body');
    await expect(publish('all of it')).rejects.toThrow('JSON message body failed to parse');
  });

  test('of signals lands on the signals queue in its envelope', async () => {
    const { bodies, queueConsumer } = consumer();
    const { sns } = await localAws({ queueConsumer });
    const TopicArn = topic('firebreak-signals');
    const MessageAttributes = { truncated: { DataType: 'String', StringValue: 'true' } };
    const { MessageId } = await sns.send(new PublishCommand({ TopicArn, Message: '{"a":1}', MessageAttributes }));
    const [body = ''] = await eventually(bodies, ({ length }) => length === 1);
    expect(JSON.parse(body)).toMatchObject({
      Type: 'Notification',
      MessageId,
      TopicArn,
      Message: '{"a":1}',
      MessageAttributes: { truncated: { Type: 'String', Value: 'true' } },
    });
  });

  test('takes a new subscription, which is silent until it is confirmed, and after it was taken back', async () => {
    const { aws, sns } = await localAws({ topics });
    const TopicArn = topic('firebreak-sira-oncall');
    const subscribed = await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'new@yourdomain.com' }));
    expect(subscribed.SubscriptionArn).toBe('pending confirmation');
    const listed = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(
      listed.Subscriptions?.map(({ Endpoint, SubscriptionArn }) => [Endpoint, SubscriptionArn === 'PendingConfirmation']),
    ).toEqual([
      ['oncall@yourdomain.com', false],
      ['+10000000000', true],
      ['new@yourdomain.com', true],
    ]);
    const Token = tokenOf(aws.inbox()[0]?.message ?? '');
    const { SubscriptionArn } = await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }));
    const to = () => aws.inbox().filter(({ message, contact }) => message === 'hello' && contact === 'new@yourdomain.com').length;
    await sns.send(new PublishCommand({ TopicArn, Message: 'hello' }));
    expect(to()).toBe(1);
    await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    await sns.send(new PublishCommand({ TopicArn, Message: 'hello' }));
    expect(to()).toBe(1);
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    expect(Attributes).toMatchObject({ SubscriptionsConfirmed: '1', SubscriptionsPending: '1' });
  });

  /** A subscriber who has confirmed, and what of it is on record. */
  const confirmed = async (AuthenticateOnUnsubscribe?: string) => {
    const { aws, sns, endpoint, clock } = await localAws({ topics });
    const TopicArn = topic('firebreak-sira-oncall');
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'new@yourdomain.com' }));
    const Token = tokenOf(aws.inbox()[0]?.message ?? '');
    const confirm = (more: object = {}) => sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token, ...more }));
    const { SubscriptionArn = '' } = await confirm({ AuthenticateOnUnsubscribe });
    const attributes = async () => (await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes;
    const openLink = () => fetch(`${endpoint}/?${new URLSearchParams({ Action: 'Unsubscribe', SubscriptionArn })}`);
    return { sns, clock, SubscriptionArn, confirm, attributes, openLink };
  };

  test('a subscription can be unsubscribed by whoever opens the link of a mail, without a signature', async () => {
    const { attributes, openLink } = await confirmed();
    expect(await attributes()).toMatchObject({ PendingConfirmation: 'false', ConfirmationWasAuthenticated: 'false' });
    expect((await openLink()).status).toBe(200);
    await expect(attributes()).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  test('one that was confirmed with AuthenticateOnUnsubscribe only by the account', async () => {
    const { sns, attributes, openLink, SubscriptionArn } = await confirmed('true');
    expect(await attributes()).toMatchObject({ ConfirmationWasAuthenticated: 'true' });
    const refused = await openLink();
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('<Code>AuthorizationError</Code>')]);
    expect(await attributes()).toMatchObject({ PendingConfirmation: 'false' });
    await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    await expect(attributes()).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  test('a second confirmation changes nothing, and a token is good for two days', async () => {
    const { attributes, confirm } = await confirmed();
    await confirm({ AuthenticateOnUnsubscribe: 'true' });
    expect(await attributes()).toMatchObject({ ConfirmationWasAuthenticated: 'false' });
    const { aws, sns, clock } = await localAws({ topics });
    const TopicArn = topic('firebreak-sira-oncall');
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'late@yourdomain.com' }));
    clock.leap(2 * 86_400_000 + 1);
    const late = new ConfirmSubscriptionCommand({ TopicArn, Token: tokenOf(aws.inbox()[0]?.message ?? '') });
    await expect(sns.send(late)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Invalid parameter: Token',
    });
  });

  test('refuses what SNS refuses', async () => {
    const { sns } = await localAws({ topics });
    const TopicArn = topic('firebreak-sira-oncall');
    const publish = (more: object) => sns.send(new PublishCommand({ TopicArn, Message: 'm', ...more }));
    await expect(publish({ TopicArn: topic('nowhere') })).rejects.toMatchObject({ name: 'NotFoundException' });
    for (const Subject of ['a\nb', 'ü', 'x'.repeat(100), ' begins with a space'])
      await expect(publish({ Subject })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(publish({ Message: 'x'.repeat(262_145) })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await publish({ Subject: 'x'.repeat(99), Message: 'x'.repeat(262_144) });
  });

  test('and its messages and subscriptions outlive a restart', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'local-aws-'));
    onTestFinished(() => rmSync(dataDir, { recursive: true }));
    const first = await localAws({ dataDir, topics });
    const TopicArn = topic('firebreak-sira-oncall');
    const { Subscriptions } = await first.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    await first.sns.send(new PublishCommand({ TopicArn, Message: 'before' }));
    await first.sns.send(new UnsubscribeCommand({ SubscriptionArn: Subscriptions?.[0]?.SubscriptionArn }));
    await first.stop();

    const { aws, sns } = await localAws({ dataDir, topics });
    await sns.send(new PublishCommand({ TopicArn, Message: 'after' }));
    expect(aws.inbox().map(({ message }) => message)).toEqual(['before']);
    const { Topics } = await sns.send(new ListTopicsCommand({}));
    expect(Topics?.map((one) => one.TopicArn)).toEqual([topic('firebreak-signals'), TopicArn].sort());
  });
});
