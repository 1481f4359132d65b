import * as z from 'zod';
import { alarmSignal } from './cloudwatch-alarm.ts';
import { origin } from './cloudwatch-event.ts';
import { newestDatapoint } from './cloudwatch-value.ts';
import { complaint } from './complaint.ts';
import { type Arrival, notUnderstood, type Surroundings, type Understood } from './understood.ts';

/** A list here, where EventBridge has a map. */
const Dimensions = z.array(z.object({ name: z.string(), value: z.string() })).nullish();
const Metric = z.object({ MetricName: z.string().optional(), Namespace: z.string().optional(), Dimensions });

/** What CloudWatch publishes to SNS. `AlarmDescription` may be null; its `Region` is a name for people. */
const AlarmNotification = z.object({
  AlarmName: z.string().min(1),
  AlarmDescription: z.string().nullish(),
  AWSAccountId: z.string().default(''),
  NewStateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
  NewStateReason: z.string().nullish(),
  StateChangeTime: z.string(),
  AlarmArn: z.string().nullish(),
  /** Absent from a composite alarm. With metric math it has `Metrics` and no `MetricName`. */
  Trigger: Metric.extend({
    Metrics: z.array(z.object({ MetricStat: z.object({ Metric }).nullish() })).nullish(),
  }).nullish(),
});
type AlarmNotification = z.output<typeof AlarmNotification>;

export function cloudwatchSns(json: unknown, arrival: Arrival, around: Surroundings): Understood {
  const notification = AlarmNotification.safeParse(json);
  if (!notification.success)
    return notUnderstood(complaint("CloudWatch's notification of an alarm", notification.error), json, arrival);
  const alarm = notification.data;
  const metrics = metricsOf(alarm);
  const metric = metrics.find((one) => one.MetricName);
  const region = alarm.AlarmArn?.split(':')[3];
  const reason = alarm.NewStateReason ?? '';
  const change = {
    name: alarm.AlarmName,
    state: alarm.NewStateValue,
    at: alarm.StateChangeTime,
    reason: reason || (alarm.AlarmDescription ?? ''),
    value: newestDatapoint(reason, undefined),
    dimensions: Object.assign({}, ...metrics.map(named).toReversed()),
    origin: origin({
      AccountId: alarm.AWSAccountId,
      Region: region,
      Namespace: metric?.Namespace,
      MetricName: metric?.MetricName,
    }),
    sourceId: alarm.AlarmArn || `cloudwatch:${alarm.AWSAccountId}:${region ?? ''}:${alarm.AlarmName}`,
    suppressed: undefined,
  };
  return alarmSignal(change, arrival, around, json);
}

function metricsOf({ Trigger }: AlarmNotification): z.output<typeof Metric>[] {
  if (!Trigger) return [];
  return [Trigger, ...(Trigger.Metrics ?? []).flatMap((one) => one.MetricStat?.Metric ?? [])];
}

function named(metric: z.output<typeof Metric>): Record<string, string> {
  return Object.fromEntries((metric.Dimensions ?? []).map(({ name, value }) => [name, value]));
}
