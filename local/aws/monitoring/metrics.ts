import * as z from 'zod';
import type { Clock } from '../../../functions/incident/clock.ts';

export const Datum = z.object({
  MetricName: z.string().min(1),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
  Value: z.coerce.number().optional(),
  Values: z.array(z.coerce.number()).optional(),
  Unit: z.string().default('None'),
});

export interface MetricValue {
  namespace: string;
  metric: string;
  dimensions: Record<string, string>;
  value: number;
  unit: string;
  /** ISO 8601 in UTC: when it was received. */
  at: string;
}

export interface Metrics {
  record(namespace: string, datum: z.output<typeof Datum>): void;
  /** The last value of each metric. */
  last(): MetricValue[];
}

/** What was put into CloudWatch: only the last value of each metric, and only in memory. */
export function createMetrics(clock: Clock): Metrics {
  const values = new Map<string, MetricValue>();
  return {
    record: (namespace, { MetricName, Dimensions, Value, Values, Unit }) => {
      const value = Value ?? Values?.at(-1);
      if (value === undefined) return;
      const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value: of }) => [Name, of]));
      const key = JSON.stringify([namespace, MetricName, Object.entries(dimensions).sort()]);
      values.set(key, { namespace, metric: MetricName, dimensions, value, unit: Unit, at: clock.now().toISOString() });
    },
    last: () => [...values.values()],
  };
}
