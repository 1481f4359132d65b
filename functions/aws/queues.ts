import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type CallWatcher, watched } from './watched.ts';

/** Where a queue is, is the SDK's own endpoint to say, as for every other service, and not the host in its URL. */
export const makeQueues = (watcher?: CallWatcher) =>
  new Queues(watched('sqs', new SQSClient({ useQueueUrlAsEndpoint: false }), watcher));

/** Queues, from outside: what is in them is Lambda's to bring. */
export class Queues {
  private readonly client: SQSClient;
  private readonly urls = new Map<string, string>();
  constructor(client: SQSClient) {
    this.client = client;
  }

  /** How many messages wait, as SQS knows it: about so many. @throws when the queue is not there */
  async depth(name: string): Promise<number> {
    const QueueUrl = this.urls.get(name) ?? (await this.urlOf(name));
    const AttributeNames = ['ApproximateNumberOfMessages' as const];
    const { Attributes } = await this.client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
    return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
  }

  private async urlOf(name: string): Promise<string> {
    const { QueueUrl = '' } = await this.client.send(new GetQueueUrlCommand({ QueueName: name }));
    this.urls.set(name, QueueUrl);
    return QueueUrl;
  }
}
