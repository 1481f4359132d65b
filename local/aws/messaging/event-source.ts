import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { log } from '../../../functions/log.ts';
import type { Arns } from '../arns.ts';
import { md5, type Queue, type Received } from './queue.ts';

/** A function that a queue feeds: it names what it failed to carry out, and throws when it is all of it. */
export type QueueConsumer = (event: SQSEvent) => Promise<SQSBatchResponse>;

const BATCH_SIZE = 10;
const BATCHES_AT_ONCE = 5;

export interface EventSource {
  start(): void;
  /** No new batches; resolves when those under way have ended. */
  stop(): Promise<void>;
}

/**
 * Lambda's event source mapping: gives what is in the queue to a function, in batches, several at once. What the function
 * names as failed stays in the queue, and is given out again after its visibility timeout.
 */
export function createEventSource(queue: Queue, consumer: QueueConsumer, arns: Arns): EventSource {
  let started = false;
  const underWay = new Set<Promise<void>>();

  const pump = () => {
    while (started && underWay.size < BATCHES_AT_ONCE) {
      const batch = queue.receive(BATCH_SIZE);
      if (batch.length === 0) return;
      const work = consume(batch).finally(() => {
        underWay.delete(work);
        pump();
      });
      underWay.add(work);
    }
  };

  const consume = async (batch: Received[]) => {
    try {
      const { batchItemFailures } = await consumer({ Records: batch.map((message) => recordOf(message, queue, arns)) });
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      for (const message of batch) if (!failed.has(message.id)) queue.remove(message.receipt);
    } catch (error) {
      // The whole batch comes again; after the last time its messages are dead letters, which an alarm watches.
      log.error(`the consumer of ${queue.settings.name} failed`, error instanceof Error ? error : new Error(String(error)));
    }
  };

  queue.onMessages(pump);
  return {
    start: () => {
      started = true;
      queue.releaseAll();
    },
    stop: async () => {
      started = false;
      await Promise.all(underWay);
    },
  };
}

function recordOf(message: Received, queue: Queue, arns: Arns): SQSRecord {
  return {
    messageId: message.id,
    receiptHandle: message.receipt,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      SentTimestamp: String(message.sentAt),
      SenderId: 'local',
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
    },
    messageAttributes: {},
    md5OfBody: md5(message.body),
    eventSource: 'aws:sqs',
    eventSourceARN: arns.queue(queue.settings.name),
    awsRegion: arns.region,
  };
}
