import * as z from 'zod';
import { alarmSignal } from './cloudwatch-alarm.ts';
import { newestDatapoint } from './cloudwatch-value.ts';
import { complaint, quoted } from './complaint.ts';
import { utc } from './source-time.ts';
import { type Arrival, ignored, notUnderstood, type Surroundings, type Understood } from './understood.ts';

/** A metric alarm has one metric; a metric-math alarm has several, of which expressions have no `metricStat`. */
const Metric = z.object({
  metricStat: z
    .object({
      metric: z.object({
        namespace: z.string().optional(),
        name: z.string().optional(),
        dimensions: z.record(z.string(), z.string()).optional(),
      }),
    })
    .optional(),
});

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
const StateChange = z.object({
  account: z.string(),
  region: z.string(),
  resources: z.array(z.string()).default([]),
  detail: z.object({
    alarmName: z.string().min(1),
    state: z.object({
      value: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
      timestamp: z.string(),
      reason: z.string().default(''),
      reasonData: z.string().optional(),
      actionsSuppressedBy: z.string().optional(),
      actionsSuppressedReason: z.string().optional(),
    }),
    /** A composite alarm has no metrics. */
    configuration: z.object({ metrics: z.array(Metric).default([]) }).default({ metrics: [] }),
    muteDetail: z.object({ mutedByArn: z.string(), muteWindowStart: z.string(), muteWindowEnd: z.string() }).optional(),
    /** One time series of an alarm that watches many: it changes its state on its own. */
    alarmContributor: z.object({ id: z.string(), attributes: z.record(z.string(), z.string()).default({}) }).optional(),
  }),
});
type Detail = z.output<typeof StateChange>['detail'];

/** What tells one kind of EventBridge event from another. */
export const BusEvent = z.object({ 'detail-type': z.string(), source: z.string(), detail: z.unknown() });
export type BusEvent = z.output<typeof BusEvent>;

export function cloudwatchEvent(event: BusEvent, json: unknown, arrival: Arrival, around: Surroundings): Understood {
  const type = event['detail-type'];
  if (event.source === 'aws.cloudwatch' && type === 'CloudWatch Alarm Configuration Change')
    return ignored("a change of an alarm's configuration");
  if (event.source === 'aws.cloudwatch' && /^CloudWatch Alarm (Contributor )?State Change$/.test(type))
    return stateChange(json, arrival, around);
  const what = `the event ${quoted(type)} of ${quoted(event.source)}`;
  if (!arrival.published) return ignored(`${what} is no alarm`);
  return notUnderstood(`${what} is no alarm: expected "CloudWatch Alarm State Change" of "aws.cloudwatch"`, json, arrival);
}

function stateChange(json: unknown, arrival: Arrival, around: Surroundings): Understood {
  const event = StateChange.safeParse(json);
  if (!event.success) return notUnderstood(complaint("EventBridge's event of a CloudWatch alarm", event.error), json, arrival);
  const { account, region, resources, detail } = event.data;
  const metric = detail.configuration.metrics.find((one) => one.metricStat)?.metricStat?.metric;
  const arn = resources.find((one) => one.startsWith('arn:')) ?? `cloudwatch:${account}:${region}:${detail.alarmName}`;
  const change = {
    name: detail.alarmName,
    state: detail.state.value,
    at: detail.state.timestamp,
    reason: detail.state.reason,
    value: newestDatapoint(detail.state.reason, detail.state.reasonData),
    dimensions: dimensionsOf(detail),
    origin: origin({ AccountId: account, Region: region, Namespace: metric?.namespace, MetricName: metric?.name }),
    sourceId: detail.alarmContributor ? `${arn}#${detail.alarmContributor.id}` : arn,
    suppressed: heldBack(detail),
  };
  return alarmSignal(change, arrival, around, json);
}

/** Of several metrics the first that has a dimension gives it: what they share, such as InstanceId, is the same in all. */
function dimensionsOf(detail: Detail): Record<string, string> {
  const all = detail.configuration.metrics.map((metric) => metric.metricStat?.metric.dimensions ?? {});
  return Object.assign({}, ...all.toReversed(), detail.alarmContributor?.attributes);
}

/** EventBridge is told of a change even when the alarm's actions are suppressed or muted. */
function heldBack({ state, muteDetail }: Detail): string | undefined {
  if (state.actionsSuppressedBy)
    return `suppressed by ${state.actionsSuppressedBy}${state.actionsSuppressedReason ? `: ${state.actionsSuppressedReason}` : ''}`;
  if (!muteDetail) return undefined;
  const [at, from, to] = [state.timestamp, muteDetail.muteWindowStart, muteDetail.muteWindowEnd].map(utc);
  return at && from && to && from <= at && at <= to ? `muted by ${muteDetail.mutedByArn} until ${to}` : undefined;
}

/** Without what is not known. */
export function origin(named: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(named).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}
