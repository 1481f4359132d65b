import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import { log } from '../log.ts';
import type { Surroundings } from '../surroundings.ts';
import { intake } from './intake.ts';

/** A message as the queue's event source hands it over. `SentTimestamp` does not change when it is delivered again. */
const QueueRecord = z.object({
  messageId: z.string(),
  body: z.string(),
  attributes: z.object({ SentTimestamp: z.coerce.number() }),
});

/**
 * The queue's consumer: each message by itself, so that one that fails comes again alone. All of a batch may fail; that is
 * an answer too, and no crash.
 */
export function queueConsumer(around: Surroundings) {
  const receive = intake(around);
  const one = async (record: unknown): Promise<void> => {
    const { messageId, body, attributes } = QueueRecord.parse(record);
    try {
      await receive({ id: messageId, body, receivedAt: new Date(attributes.SentTimestamp).toISOString() });
    } catch (error) {
      log.error('intake failed; the message comes again', error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  };
  return middy(async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const processor = new BatchProcessor(EventType.SQS);
    return processPartialResponse(event, one, processor, { context, throwOnFullBatchFailure: false });
  });
}
