import { Aws } from 'aws-cdk-lib';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type RightsOf, roleOf } from './role-of.ts';

/**
 * SQS stops sending the metrics of a queue that nobody has touched for six hours, and takes up to a quarter of an hour to begin
 * again. Dead letters are rare: without this the first of them would be heard of far too late. So the queue is asked for its
 * size every hour.
 */
export class DeadLettersAwake extends Construct {
  constructor(scope: Construct, id: string, deadLetters: Queue, name: string, rightsOf: RightsOf) {
    super(scope, id);
    const role = roleOf(this, 'scheduler.amazonaws.com', rightsOf(name));
    new CfnSchedule(this, 'Schedule', {
      name,
      description: 'Keeps the metrics of the dead letters from falling asleep',
      scheduleExpression: 'rate(1 hour)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: `arn:${Aws.PARTITION}:scheduler:::aws-sdk:sqs:getQueueAttributes`,
        input: JSON.stringify({ QueueUrl: deadLetters.queueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
        roleArn: role.roleArn,
        retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 600 },
      },
    });
  }
}
