import { Duration } from 'aws-cdk-lib';
import { Match, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Names } from '../runbooks/language/names.ts';
import type { System } from '../runbooks/language/system.ts';
import { acknowledge } from './rules.ts';
import { allowService, topicOf } from './topics.ts';

/** A message that nobody can handle is tried three times within a minute: then it is a dead letter, whose alarm takes two more. */
export const VISIBILITY_SECONDS = 20;
export const RECEIVES = 3;
/** An alarm that could not be brought to the queue for so long is a person's: acting on it later would answer to the past. */
const BUS_PATIENCE = Duration.minutes(15);
/** SQS' most: a person may be on holiday. */
const KEPT = Duration.days(14);

export interface SignalsProps {
  names: Names;
  systems: readonly System[];
  key: IKey | undefined;
}

/** Where all signals land: the topic and the rule, the queue behind both, and its dead letters. */
export class Signals extends Construct {
  readonly topic: Topic;
  readonly queue: Queue;
  /** What could not be handled, and what could not be brought to the queue. */
  readonly deadLetters: Queue;
  readonly rule: Rule;
  constructor(scope: Construct, id: string, { names, systems, key }: SignalsProps) {
    super(scope, id);
    const queue = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: KEPT };
    this.deadLetters = new Queue(this, 'DeadLetters', { ...queue, queueName: names.deadLetters });
    acknowledge(this.deadLetters, { 'Serverless-SQSRedrivePolicy': 'These are the dead letters: behind them is a person.' });
    this.queue = new Queue(this, 'Queue', {
      ...queue,
      queueName: names.signalsQueue,
      visibilityTimeout: Duration.seconds(VISIBILITY_SECONDS),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: RECEIVES },
    });
    this.topic = topicOf(this, names.signalsTopic, 'Firebreak signals', key);
    allowService(this.topic, 'CloudWatch', 'cloudwatch.amazonaws.com');
    // It looks at the topic before it sends anything.
    allowService(this.topic, 'ManagedPrometheus', 'aps.amazonaws.com', ['sns:Publish', 'sns:GetTopicAttributes']);
    this.topic.addSubscription(new SqsSubscription(this.queue, { deadLetterQueue: this.deadLetters }));
    this.rule = new Rule(this, 'Rule', {
      ruleName: names.signalsTopic,
      description: "Alarms of the systems, and never Firebreak's own: those go to people",
      eventPattern: {
        source: ['aws.cloudwatch'],
        // Of an alarm that watches many, each tells its own changes under the second name.
        detailType: ['CloudWatch Alarm State Change', 'CloudWatch Alarm Contributor State Change'],
        detail: { alarmName: systems.flatMap((system) => Match.prefix(`${system.id}-`)) },
      },
      targets: [new SqsQueue(this.queue, { deadLetterQueue: this.deadLetters, maxEventAge: BUS_PATIENCE, retryAttempts: 185 })],
    });
  }
}
