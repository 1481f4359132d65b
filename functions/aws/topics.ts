import { ListSubscriptionsByTopicCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { QUIET } from '../../runbooks/language/quiet.ts';
import type { Place } from './place.ts';
import { type CallWatcher, watched } from './watched.ts';

/** SNS' limits: a subject is under 100 characters of plain ASCII in one line, a message 262,144 bytes. */
const SUBJECT_LIMIT = 99;
const MESSAGE_LIMIT = 250_000;

export const makeTopics = (place: Place, watcher?: CallWatcher) => new Topics(watched('sns', new SNSClient({}), watcher), place);

/** Topics through which people are reached. */
export class Topics {
  private readonly client: SNSClient;
  private readonly place: Place;
  constructor(client: SNSClient, place: Place) {
    this.client = client;
    this.place = place;
  }

  /**
   * @param short what goes to telephones, in place of the message: an SMS holds 140 bytes of any letters, and each further one costs;
   * `null` where no telephone is to have any of it: its subscription takes nothing that is marked so
   * @throws when SNS did not take it: a page that was not taken is not sent
   */
  async publish(topic: string, subject: string, message: string, short?: string | null): Promise<void> {
    await this.client.send(
      new PublishCommand({
        TopicArn: this.arn(topic),
        Subject: subjectOf(subject),
        ...(short === null && { MessageAttributes: { [QUIET]: { DataType: 'String', StringValue: 'true' } } }),
        ...(short === undefined || short === null
          ? { Message: messageOf(message) }
          : { MessageStructure: 'json', Message: messageOf(message, (text) => JSON.stringify({ default: text, sms: short })) }),
      }),
    );
  }

  /**
   * Whether what is published to a topic reaches anybody: a subscription that was never confirmed is silent, and so is a topic that
   * is gone. @throws when SNS did not say
   */
  async reaches(topic: string): Promise<boolean> {
    let NextToken: string | undefined;
    try {
      do {
        const asked = new ListSubscriptionsByTopicCommand({ TopicArn: this.arn(topic), NextToken });
        const { Subscriptions = [], NextToken: more } = await this.client.send(asked);
        if (Subscriptions.some(({ SubscriptionArn = '' }) => SubscriptionArn && !NOBODY.includes(SubscriptionArn))) return true;
        NextToken = more;
      } while (NextToken);
    } catch (error) {
      if (!(error instanceof Error && error.name.startsWith('NotFound'))) throw error;
    }
    return false;
  }

  private arn(topic: string): string {
    return `arn:aws:sns:${this.place.region}:${this.place.account}:${topic}`;
  }
}

/** SNS' words in the place of an ARN, where nothing is delivered. */
const NOBODY = ['PendingConfirmation', 'Deleted'];

/** SNS refuses a subject that is empty, has a line break or a control character, or anything outside ASCII. */
export function subjectOf(text: string): string {
  const line = text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/[–—]/g, '-')
    .replace(/[^\x20-\x7e]/g, '?')
    .trim();
  return line.slice(0, SUBJECT_LIMIT) || 'Firebreak';
}

/**
 * SNS counts bytes: a message of other letters than ours is too long before it has as many characters. In a structure, a line break
 * counts twice.
 * @param within what the text is put into
 */
export function messageOf(text: string, within = (whole: string) => whole): string {
  const bytes = Buffer.from(text);
  for (let keep = bytes.length; ; ) {
    // Half a character at the cut becomes a replacement character: three bytes, for which there is room.
    const whole = within(keep === bytes.length ? text : bytes.subarray(0, keep).toString());
    const size = Buffer.byteLength(whole);
    if (size <= MESSAGE_LIMIT) return whole;
    keep = Math.floor((keep * MESSAGE_LIMIT) / size);
  }
}
