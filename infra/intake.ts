import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Names } from '../runbooks/language/names.ts';
import { alarmTo, count, lossAlarm, ofFunction } from './alarms.ts';
import { type FunctionSetting, ResponderFunction } from './responder-function.ts';
import type { RightsOf } from './role-of.ts';
import { acknowledge } from './rules.ts';
import { type Signals, VISIBILITY_SECONDS } from './signals.ts';

/** A message that is tried again is as old as all its tries; one that is older waits for something else. */
const OLDEST_SECONDS = 120;
/** More at once would only wait for each other's claims, and take what the runbooks' own functions need. */
const MOST_AT_ONCE = 10;

export interface IntakeProps extends FunctionSetting {
  signals: Signals;
  names: Names;
  rightsOf: RightsOf;
  watchdog: ITopic;
}

/** The queue's consumer, and the alarms on everything between a signal and its incident. */
export class Intake extends Construct {
  /** What begins to take signals from the queue. */
  readonly mapping: EventSourceMapping;
  constructor(scope: Construct, id: string, { signals, names, rightsOf, watchdog, ...setting }: IntakeProps) {
    super(scope, id);
    const intake = new ResponderFunction(this, 'Intake', {
      ...setting,
      entry: 'intake',
      rights: rightsOf(names.intakeFunction),
      // SQS refuses a consumer that may take longer than a message stays invisible to the next.
      timeout: Duration.seconds(VISIBILITY_SECONDS),
    });
    this.mapping = new EventSourceMapping(this, 'Mapping', {
      target: intake.function,
      eventSourceArn: signals.queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      maxConcurrency: MOST_AT_ONCE,
    });
    acknowledge(this.mapping, {
      'Serverless-LambdaEventSourceMappingDestination':
        'The queue itself has a queue of dead letters, with an alarm that reaches a person.',
    });
    this.alarms(signals, names, watchdog);
  }

  private alarms({ queue, deadLetters, rule, topic }: Signals, names: Names, watchdog: ITopic): void {
    const minute = Duration.minutes(1);
    const atLeast = (id: string, what: string, metric: Metric, threshold: number, about: string) =>
      alarmTo(
        watchdog,
        new Alarm(this, id, {
          alarmName: names.ownAlarm(what),
          alarmDescription: about,
          metric,
          threshold,
          comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
          evaluationPeriods: 1,
          treatMissingData: TreatMissingData.NOT_BREACHING,
        }),
      );
    atLeast(
      'DeadLetter',
      'dead-letters',
      deadLetters.metricApproximateNumberOfMessagesVisible({ period: minute, statistic: Stats.MAXIMUM }),
      1,
      `A signal could not be handled and started nothing. It lies in the queue ${names.deadLetters}: look at it, then at the system that it speaks of.`,
    );
    atLeast(
      'Waiting',
      'queue-age',
      queue.metricApproximateAgeOfOldestMessage({ period: minute, statistic: Stats.MAXIMUM }),
      OLDEST_SECONDS,
      `A signal has been waiting for ${OLDEST_SECONDS} s: ${names.intakeFunction} does not keep up, or does not run.`,
    );
    lossAlarm(this, 'Lost', {
      name: names.ownAlarm('intake'),
      about: `${names.intakeFunction} broke or was throttled, or a signal did not reach its queue. What is lost for good lies in ${names.deadLetters}.`,
      counts: [
        ...ofFunction(names.intakeFunction),
        count('AWS/Events', 'FailedInvocations', { RuleName: rule.ruleName }),
        count('AWS/Events', 'InvocationsFailedToBeSentToDlq', { RuleName: rule.ruleName }),
        count('AWS/SNS', 'NumberOfNotificationsFailed', { TopicName: topic.topicName }),
        count('AWS/SNS', 'NumberOfNotificationsFailedToRedriveToDlq', { TopicName: topic.topicName }),
      ],
      to: watchdog,
    });
  }
}
