import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { Cli } from './cli.ts';
import type { Ministack, Where } from './ministack.ts';

const Topics = z.object({ Topics: z.array(z.object({ TopicArn: z.string() })) });
const Queue = z.object({ QueueUrl: z.string() });
const Notification = z.object({ TopicArn: z.string(), Subject: z.string().default(''), Message: z.string() });

export interface Mail {
  /** The topic's name: who it was for. */
  to: string;
  subject: string;
  message: string;
}

/** What reaches people: a queue in place of their inboxes, subscribed to every topic but the one that takes signals. */
export interface Inbox {
  /** All that has come, the first first. */
  mails(): Promise<Mail[]>;
}

/** @throws {Error} where there is no topic */
export async function openInbox(cli: Cli, { url }: Ministack, { region, account }: Where, signalsTopic: string): Promise<Inbox> {
  const queueArn = `arn:aws:sqs:${region}:${account}:inbox`;
  const Policy = JSON.stringify({
    Statement: [{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: queueArn }],
  });
  const made = await cli.aws('sqs', 'create-queue', '--queue-name', 'inbox', '--attributes', JSON.stringify({ Policy }));
  const { QueueUrl } = Queue.parse(made);
  const topics = Topics.parse(await cli.aws('sns', 'list-topics')).Topics.map(({ TopicArn }) => TopicArn);
  const people = topics.filter((arn) => !arn.endsWith(`:${signalsTopic}`));
  if (people.length === 0) throw new Error('there is no topic that leads to people');
  for (const topic of people)
    await cli.aws('sns', 'subscribe', '--topic-arn', topic, '--protocol', 'sqs', '--notification-endpoint', queueArn);
  const client = new SQSClient({ endpoint: url, region, credentials: { accessKeyId: account, secretAccessKey: 'emulated' } });
  const mails: Mail[] = [];
  const fetchMore = async () => {
    for (;;) {
      const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) return;
      for (const { Body = '', ReceiptHandle } of Messages) {
        const { TopicArn, Subject, Message } = Notification.parse(JSON.parse(Body));
        mails.push({ to: TopicArn.slice(TopicArn.lastIndexOf(':') + 1), subject: Subject, message: Message });
        await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  };
  let fetching: Promise<void> = Promise.resolve();
  return {
    mails: async () => {
      fetching = fetching.then(fetchMore);
      await fetching;
      return [...mails];
    },
  };
}
