import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Place } from './step-functions.ts';

/** SNS' limits: a subject is under 100 characters of plain ASCII in one line, a message 256 KB. */
const SUBJECT_LIMIT = 99;
const MESSAGE_LIMIT = 250_000;

/** Topics through which people are reached. */
export class Topics {
  private readonly client: SNSClient;
  private readonly place: Place;
  constructor(client: SNSClient, place: Place) {
    this.client = client;
    this.place = place;
  }

  /** @throws when SNS did not take it: a page that was not taken is not sent */
  async publish(topic: string, subject: string, message: string): Promise<void> {
    await this.client.send(
      new PublishCommand({
        TopicArn: `arn:aws:sns:${this.place.region}:${this.place.account}:${topic}`,
        Subject: asciiLine(subject).slice(0, SUBJECT_LIMIT),
        Message: message.slice(0, MESSAGE_LIMIT),
      }),
    );
  }
}

/** SNS refuses a subject with a line break, a control character or anything outside ASCII. */
function asciiLine(text: string): string {
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/[–—]/g, '-')
    .replace(/[^\x20-\x7e]/g, '?')
    .trim();
}
