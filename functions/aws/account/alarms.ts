import { type CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { AlarmState } from '../alarms.ts';
import { all, inTime } from './asking.ts';

/** An alarm as it is configured, and what it says now. */
export interface ConfiguredAlarm {
  name: string;
  state: AlarmState;
  actionsEnabled: boolean;
  /** What it does when it fires: ARNs. */
  actions: readonly string[];
  /** Of its metric, or of all of them when it is computed of several. Empty for one that is made of other alarms. */
  dimensions: readonly Readonly<Record<string, string>>[];
  /** `namespace/name` of its metrics. */
  metrics: readonly string[];
}

/** The alarms whose name begins with a prefix, those made of other alarms included. */
export async function alarmsNamed(client: CloudWatchClient, prefix: string): Promise<ConfiguredAlarm[]> {
  return await all(async (NextToken) => {
    const command = new DescribeAlarmsCommand({
      AlarmNamePrefix: prefix,
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      MaxRecords: 100,
      NextToken,
    });
    const { MetricAlarms = [], CompositeAlarms = [], NextToken: next } = await client.send(command, inTime());
    const composite = CompositeAlarms.map((alarm) => ({ ...common(alarm), dimensions: [], metrics: [] }));
    return { items: [...MetricAlarms.map((alarm) => ({ ...common(alarm), ...measured(alarm) })), ...composite], next };
  });
}

function common(alarm: Pick<MetricAlarm, 'AlarmName' | 'StateValue' | 'ActionsEnabled' | 'AlarmActions'>) {
  return {
    name: alarm.AlarmName ?? '',
    state: alarm.StateValue ?? 'INSUFFICIENT_DATA',
    actionsEnabled: alarm.ActionsEnabled ?? true,
    actions: alarm.AlarmActions ?? [],
  };
}

function measured({ MetricName, Namespace, Dimensions, Metrics = [] }: MetricAlarm) {
  const own = MetricName ? [{ MetricName, Namespace, Dimensions }] : [];
  const metrics = [...own, ...Metrics.flatMap(({ MetricStat }) => (MetricStat?.Metric ? [MetricStat.Metric] : []))];
  return {
    metrics: metrics.map((metric) => `${metric.Namespace ?? ''}/${metric.MetricName ?? ''}`),
    dimensions: metrics.map((metric) =>
      Object.fromEntries((metric.Dimensions ?? []).flatMap(({ Name, Value }) => (Name && Value ? [[Name, Value]] : []))),
    ),
  };
}
