import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** CloudWatch's limit for the metrics of one expression. */
const MOST_METRICS = 10;

export interface LossProps {
  /** Its whole name: one of Firebreak's own. */
  name: string;
  /** What may have been lost, and where to look: the person who is woken reads this. */
  about: string;
  /** Each of them counts something that must never happen. */
  counts: readonly IMetric[];
  to: ITopic;
}

/** A count of what may have been lost, over a minute. */
export function count(namespace: string, metricName: string, dimensionsMap: Record<string, string>): Metric {
  return new Metric({ namespace, metricName, dimensionsMap, statistic: 'Sum', period: Duration.minutes(1) });
}

/** What can go wrong with a function, by its name. */
export function ofFunction(FunctionName: string): Metric[] {
  return ['Errors', 'Throttles'].map((metric) => count('AWS/Lambda', metric, { FunctionName }));
}

/** What can go wrong with a state machine. An execution that fails has brought its incident to a person: that is no loss. These are. */
export function ofMachine(StateMachineArn: string): Metric[] {
  const metrics = ['ExecutionsTimedOut', 'ExecutionsAborted', 'ExecutionThrottled'];
  return metrics.map((metric) => count('AWS/States', metric, { StateMachineArn }));
}

/**
 * An alarm that one lost thing is enough for. Several counts are one alarm: an alarm for each would cost as much as all that it
 * watches, and says no more.
 * @throws {Error} for more counts than one expression may have
 */
export function lossAlarm(scope: Construct, id: string, { name, about, counts, to }: LossProps): Alarm {
  if (counts.length > MOST_METRICS) throw new Error(`${name}: expected ${MOST_METRICS} counts at most, got ${counts.length}`);
  const [only] = counts;
  const usingMetrics = Object.fromEntries(counts.map((metric, at) => [`m${at}`, metric]));
  const metric =
    only && counts.length === 1
      ? only
      : new MathExpression({
          // What was not sent is none, also for metrics whose alarms would otherwise keep their state without data (DynamoDB's).
          expression: Object.keys(usingMetrics)
            .map((one) => `FILL(${one}, 0)`)
            .join(' + '),
          usingMetrics,
          label: name,
          period: Duration.minutes(1),
        });
  return alarmTo(
    to,
    new Alarm(scope, id, {
      alarmName: name,
      alarmDescription: about,
      metric,
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // Counts come late, and what is filled in for them says "none": only the minutes before show what was lost.
      evaluationPeriods: 5,
      datapointsToAlarm: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }),
  );
}

export function alarmTo(topic: ITopic, alarm: Alarm): Alarm {
  alarm.addAlarmAction(new SnsAction(topic));
  return alarm;
}
