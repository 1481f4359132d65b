import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { HEARTBEAT, type Names } from '../runbooks/language/names.ts';
import { alarmTo, lossAlarm, ofFunction } from './alarms.ts';
import { type FunctionSetting, ResponderFunction } from './responder-function.ts';
import type { RightsOf } from './role-of.ts';
import { acknowledge } from './rules.ts';

const EVERY = Duration.minutes(3);
/** A round may wait for an undo, and is over before the next begins. */
const LONGEST_ROUND = Duration.seconds(170);
/** So many rounds without a heartbeat are an alarm, which CloudWatch raises two periods later: it looks back further for missing data. */
const ROUNDS = 3;

export interface WatchdogProps extends FunctionSetting {
  names: Names;
  rightsOf: RightsOf;
  watchdog: ITopic;
}

/** The auditor with its schedule, and the alarm on its silence. */
export class Watchdog extends Construct {
  readonly schedule: Rule;
  constructor(scope: Construct, id: string, { names, rightsOf, watchdog, ...setting }: WatchdogProps) {
    super(scope, id);
    const { function: watch } = new ResponderFunction(this, 'Watch', {
      ...setting,
      entry: 'watch',
      rights: rightsOf(names.watchFunction),
      timeout: LONGEST_ROUND,
    });
    // A round that fails is not tried again: the next one is, and it looks at everything afresh.
    watch.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: EVERY });
    this.schedule = new Rule(this, 'Schedule', {
      ruleName: names.watchFunction,
      description: 'Starts a round of the auditor',
      schedule: Schedule.rate(EVERY),
      targets: [new LambdaFunction(watch, { retryAttempts: 0, maxEventAge: EVERY })],
    });
    const again =
      'A round that did not begin is no loss: the next begins three minutes later, and three without a heartbeat are an alarm.';
    acknowledge(watch, { 'Serverless-LambdaAsyncFailureDestination': again });
    acknowledge(this.schedule, { 'Serverless-EventBusDLQ': again });
    alarmTo(
      watchdog,
      new Alarm(this, 'Heartbeat', {
        alarmName: names.ownAlarm('heartbeat'),
        alarmDescription: `No clean round of ${names.watchFunction} for a quarter of an hour: nobody proves that pages were sent and runs have ended. Its log says what it could not prove; until it is mended, look at the open incidents yourself.`,
        metric: new Metric({
          namespace: HEARTBEAT.namespace,
          metricName: HEARTBEAT.metric,
          dimensionsMap: { [HEARTBEAT.dimension]: names.prefix },
          statistic: 'Sum',
          period: EVERY,
        }),
        threshold: 1,
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        evaluationPeriods: ROUNDS,
        // Silence is what it is about.
        treatMissingData: TreatMissingData.BREACHING,
      }),
    );
    lossAlarm(this, 'Lost', {
      name: names.ownAlarm('watch'),
      about: `A round of ${names.watchFunction} was not clean, or was throttled: its log names what could not be proven.`,
      counts: ofFunction(names.watchFunction),
      to: watchdog,
    });
  }
}
