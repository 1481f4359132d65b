import { DIMENSIONS, NAMESPACE } from '../runbooks/language/metrics.ts';
import type { Count, Counted } from './incident/metrics.ts';

/**
 * A line of a log from which CloudWatch makes metrics, without a call and a right of its own: its embedded metric format.
 * See "Specification: Embedded metric format" in the CloudWatch user guide: at most 100 metrics and 30 dimensions, the whole line is
 * one JSON object.
 */
export function embedded(deployment: string, { at, metrics, of, groups }: Counted): object {
  const values = { deployment, ...of };
  return {
    _aws: {
      Timestamp: Date.parse(at),
      CloudWatchMetrics: [
        {
          Namespace: NAMESPACE,
          Dimensions: groups.map((group) => group.map((dimension) => DIMENSIONS[dimension])),
          Metrics: metrics.map(({ name, unit }) => ({ Name: name, Unit: unit })),
        },
      ],
    },
    ...Object.fromEntries(Object.entries(DIMENSIONS).flatMap(([key, name]) => withValue(name, Reflect.get(values, key)))),
    ...Object.fromEntries(metrics.map(({ name, value }) => [name, value])),
  };
}

const withValue = (name: string, value: unknown) => (typeof value === 'string' ? [[name, value]] : []);

/**
 * Prints it where CloudWatch reads it: in Lambda. Anywhere else nobody would, and the numbers are in the table.
 * The line goes out by itself, because `console.log` and a logger's level would put something before it or leave it out.
 */
export function countInLog(environment: NodeJS.ProcessEnv, deployment: string): Count {
  if (!environment.AWS_LAMBDA_FUNCTION_NAME || environment.POWERTOOLS_LOG_LEVEL === 'SILENT') return () => undefined;
  return (counted) => void process.stdout.write(`${JSON.stringify(embedded(deployment, counted))}\n`);
}
