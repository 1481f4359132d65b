import * as z from 'zod';
import type { Arns } from '../arns.ts';
import { page } from '../protocol/pagination.ts';
import { operation, type Service, ServiceError } from '../protocol/service.ts';
import { type Alarm, AlarmState, type Alarms } from './alarms.ts';
import { Datum, type Metrics } from './metrics.ts';

const Dimensions = z.array(z.object({ Name: z.string(), Value: z.string() })).default([]);
const Filter = z.object({
  AlarmNames: z.array(z.string()).max(100).optional(),
  AlarmNamePrefix: z.string().optional(),
  StateValue: AlarmState.optional(),
  MaxRecords: z.coerce.number().int().min(1).max(100).default(50),
  NextToken: z.string().optional(),
});
const NewAlarm = z.object({
  AlarmName: z.string().min(1).max(255),
  AlarmDescription: z.string().optional(),
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions,
  Statistic: z.string().optional(),
  Period: z.coerce.number().optional(),
  EvaluationPeriods: z.coerce.number().optional(),
  Threshold: z.coerce.number(),
  ComparisonOperator: z.string(),
  /** The query protocol has text only. */
  ActionsEnabled: z.union([z.boolean(), z.stringbool()]).default(true),
  AlarmActions: z.array(z.string()).default([]),
});

/**
 * CloudWatch, JSON 1.0 for today's clients and the query protocol for older ones.
 * Not here: statistics of metrics, composite and metric-math alarms, dashboards, alarm actions and alarm history.
 */
export function cloudWatch(alarms: Alarms, metrics: Metrics, arns: Arns): Service {
  return {
    xmlNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
    operations: {
      DescribeAlarms: operation(Filter, ({ AlarmNames, AlarmNamePrefix = '', StateValue, MaxRecords, NextToken }) => {
        const found = alarms
          .all()
          .filter(({ name }) => (AlarmNames === undefined || AlarmNames.includes(name)) && name.startsWith(AlarmNamePrefix))
          .filter(({ state }) => StateValue === undefined || state.value === StateValue);
        const { items, next } = page(found, MaxRecords, NextToken);
        return { MetricAlarms: items.map((alarm) => described(alarm, arns)), CompositeAlarms: [], NextToken: next };
      }),
      SetAlarmState: operation(
        z.object({
          AlarmName: z.string(),
          StateValue: AlarmState,
          StateReason: z.string().max(1_023),
          StateReasonData: z.string().max(4_000).optional(),
        }),
        ({ AlarmName, StateValue, StateReason, StateReasonData }) => {
          if (StateReasonData !== undefined) checkJson(StateReasonData);
          if (!alarms.setState(AlarmName, StateValue, StateReason, StateReasonData))
            throw new ServiceError('ResourceNotFound', `The alarm "${AlarmName}" does not exist`, { status: 404 });
        },
      ),
      PutMetricData: operation(
        z.object({ Namespace: z.string().min(1), MetricData: z.array(Datum).max(1_000).default([]) }),
        ({ Namespace, MetricData }) => {
          for (const datum of MetricData) metrics.record(Namespace, datum);
        },
      ),
      PutMetricAlarm: operation(NewAlarm, (input) =>
        alarms.put({
          name: input.AlarmName,
          ...(input.AlarmDescription ? { description: input.AlarmDescription } : {}),
          namespace: input.Namespace,
          metric: input.MetricName,
          dimensions: Object.fromEntries(input.Dimensions.map(({ Name, Value }) => [Name, Value])),
          statistic: input.Statistic,
          period: input.Period,
          evaluationPeriods: input.EvaluationPeriods,
          threshold: input.Threshold,
          comparison: input.ComparisonOperator,
          actionsEnabled: input.ActionsEnabled,
          actions: input.AlarmActions,
        }),
      ),
      DeleteAlarms: operation(z.object({ AlarmNames: z.array(z.string()).min(1).max(100) }), ({ AlarmNames }) => {
        const missing = AlarmNames.find((name) => !alarms.get(name));
        if (missing) throw new ServiceError('ResourceNotFound', `The alarm "${missing}" does not exist`, { status: 404 });
        for (const name of AlarmNames) alarms.remove(name);
      }),
    },
  };
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new ServiceError('InvalidFormat', 'StateReasonData is not JSON', { queryCode: 'InvalidFormat' });
  }
}

function described(alarm: Alarm, arns: Arns) {
  const { state } = alarm;
  return {
    AlarmName: alarm.name,
    AlarmArn: arns.alarm(alarm.name),
    AlarmDescription: alarm.description,
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: [],
    AlarmActions: alarm.actions,
    InsufficientDataActions: [],
    StateValue: state.value,
    StateReason: state.reason,
    StateReasonData: state.reasonData || undefined,
    StateUpdatedTimestamp: new Date(state.updatedAt),
    StateTransitionedTimestamp: new Date(state.changedAt),
    MetricName: alarm.metric,
    Namespace: alarm.namespace,
    Statistic: alarm.statistic,
    Dimensions: Object.entries(alarm.dimensions).map(([Name, Value]) => ({ Name, Value })),
    Period: alarm.period,
    EvaluationPeriods: alarm.evaluationPeriods,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparison,
  };
}
