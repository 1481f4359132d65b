import * as z from 'zod';
import { LOCAL_ACCOUNT } from '../../../runbooks/language/names.ts';
import type { Arns } from '../arns.ts';
import { operation, type Service, ServiceError } from '../protocol/service.ts';
import { md5, type Queue, type Received } from './queue.ts';

const OfQueue = z.object({ QueueUrl: z.string() });
const LARGEST_MESSAGE = 1_048_576;
const MessageAttributes = z.record(z.string(), z.unknown()).optional();

/**
 * SQS, JSON 1.0. The URL of a queue is made with the host that the caller used, because SDKs send later calls there.
 * Not here: FIFO queues, making queues, delays, long polling (a receive answers at once), batches of deletes.
 */
export function simpleQueueService(queues: ReadonlyMap<string, Queue>, arns: Arns): Service {
  const named = (name: string) => {
    const queue = queues.get(name);
    if (queue) return queue;
    const queryCode = 'AWS.SimpleQueueService.NonExistentQueue';
    throw new ServiceError('QueueDoesNotExist', `The specified queue does not exist: ${name}`, { queryCode });
  };
  const of = ({ QueueUrl }: { QueueUrl: string }) => named(QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1));

  return {
    operations: {
      GetQueueUrl: operation(z.object({ QueueName: z.string() }), ({ QueueName }, { host }) => ({
        QueueUrl: urlOf(host, named(QueueName)),
      })),
      ListQueues: operation(z.object({ QueueNamePrefix: z.string().default('') }), ({ QueueNamePrefix }, { host }) => ({
        QueueUrls: [...queues.values()].filter((q) => q.settings.name.startsWith(QueueNamePrefix)).map((q) => urlOf(host, q)),
      })),
      SendMessage: operation(OfQueue.extend({ MessageBody: z.string().min(1), MessageAttributes }), (input) =>
        sent(of(input), input),
      ),
      SendMessageBatch: operation(
        OfQueue.extend({ Entries: z.array(z.object({ Id: z.string(), MessageBody: z.string().min(1), MessageAttributes })) }),
        (input) => ({ Successful: input.Entries.map((entry) => ({ Id: entry.Id, ...sent(of(input), entry) })), Failed: [] }),
      ),
      ReceiveMessage: operation(
        OfQueue.extend({
          MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
          VisibilityTimeout: z.number().int().min(0).max(43_200).optional(),
        }),
        (input) => {
          const received = of(input).receive(input.MaxNumberOfMessages, input.VisibilityTimeout);
          return { Messages: received.length > 0 ? received.map(receivedMessage) : undefined };
        },
      ),
      DeleteMessage: operation(OfQueue.extend({ ReceiptHandle: z.string() }), (input) => of(input).remove(input.ReceiptHandle)),
      ChangeMessageVisibility: operation(
        OfQueue.extend({ ReceiptHandle: z.string(), VisibilityTimeout: z.number().int().min(0).max(43_200) }),
        (input) => {
          if (!of(input).changeVisibility(input.ReceiptHandle, input.VisibilityTimeout))
            throw new ServiceError('ReceiptHandleIsInvalid', `The receipt handle "${input.ReceiptHandle}" is not valid`);
        },
      ),
      PurgeQueue: operation(OfQueue, (input) => of(input).purge()),
      GetQueueAttributes: operation(OfQueue.extend({ AttributeNames: z.array(z.string()).default([]) }), (input) => {
        const all = Object.entries(attributesOf(of(input), arns));
        const wanted = all.filter(([name]) => input.AttributeNames.includes(name) || input.AttributeNames.includes('All'));
        return { Attributes: Object.fromEntries(wanted) };
      }),
    },
  };
}

function sent(queue: Queue, entry: { MessageBody: string; MessageAttributes?: Record<string, unknown> | undefined }) {
  if (Buffer.byteLength(entry.MessageBody) > LARGEST_MESSAGE)
    throw new ServiceError(
      'InvalidParameterValue',
      `One or more parameters are invalid: a message has at most ${LARGEST_MESSAGE} bytes`,
    );
  const message = queue.send(entry.MessageBody, entry.MessageAttributes);
  return { MessageId: message.id, MD5OfMessageBody: md5(message.body) };
}

function receivedMessage(message: Received) {
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    Body: message.body,
    MD5OfBody: md5(message.body),
    Attributes: { ApproximateReceiveCount: String(message.receiveCount), SentTimestamp: String(message.sentAt) },
    MessageAttributes: message.attributes,
  };
}

function attributesOf(queue: Queue, arns: Arns): Record<string, string> {
  const { visible, inFlight } = queue.count();
  const { name, visibilityTimeout, deadLetters } = queue.settings;
  const redrive = deadLetters && {
    deadLetterTargetArn: arns.queue(deadLetters.queue.settings.name),
    maxReceiveCount: deadLetters.maxReceiveCount,
  };
  return {
    QueueArn: arns.queue(name),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    VisibilityTimeout: String(visibilityTimeout),
    ...(redrive ? { RedrivePolicy: JSON.stringify(redrive) } : {}),
  };
}

function urlOf(host: string, queue: Queue): string {
  return `http://${host}/${LOCAL_ACCOUNT}/${queue.settings.name}`;
}
