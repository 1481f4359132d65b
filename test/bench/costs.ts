import type { RunCalls } from './run-calls.ts';

/**
 * What AWS asks for, in US dollars: list prices of us-east-1, read in November 2026 from the services' own pricing pages,
 * without their free tiers. Other regions ask for up to half as much again.
 */
export const PRICES = {
  stateTransition: 0.025 / 1_000,
  invocation: 0.2 / 1e6,
  /** Lambda on arm64. */
  gigabyteSecond: 0.0000133334,
  /** On demand: a write of 1 KB, and a consistent read of 4 KB. */
  writeUnit: 0.625 / 1e6,
  readUnit: 0.125 / 1e6,
  queueRequest: 0.4 / 1e6,
  publish: 0.5 / 1e6,
  email: 2 / 100_000,
  cloudWatchRequest: 0.01 / 1_000,
  logGigabyte: 0.5,
  alarmMonth: 0.1,
  metricMonth: 0.3,
  /** A custom dashboard; the first three of an account cost nothing, by CloudWatch's pricing page. */
  dashboardMonth: 3,
  /** A health check of an HTTPS address outside of AWS. */
  healthCheckMonth: 2.75,
} as const;

/** What is not counted is taken to be large, so that a bill comes out smaller than what is said here. */
export const BOUNDS = {
  /** Units of one call of the table: an incident's record stays under 10 KB, what a pass found under 40 KB. */
  unitsOfACall: 10,
  /** An invocation waits for a quick command itself, up to two seconds. */
  secondsOfAnInvocation: 3,
  logBytesOfAnInvocation: 4_000,
  /** A widget is drawn in a tenth of that, once its function is warm. */
  secondsOfADrawing: 1,
  callsOfADrawing: 8,
} as const;

export interface CostLine {
  what: string;
  count: number;
  dollars: number;
}

/**
 * What one incident costs, from its alarm to its end.
 * @param run as it was counted
 * @param memoryMb of the functions
 * @param pages how many mails it sent
 */
export function costOfIncident(run: RunCalls, memoryMb: number, pages: number): CostLine[] {
  const table = count(run.calls, /^dynamodb /);
  const writes = count(run.calls, /^dynamodb (Put|Update|Delete|BatchWrite)/);
  const { unitsOfACall, secondsOfAnInvocation, logBytesOfAnInvocation } = BOUNDS;
  return [
    line('state transitions', run.stateTransitions, PRICES.stateTransition),
    line('invocations', run.invocations, PRICES.invocation),
    line(`GB-seconds of ${memoryMb} MB`, (run.invocations * secondsOfAnInvocation * memoryMb) / 1_024, PRICES.gigabyteSecond),
    line('write units', writes * unitsOfACall, PRICES.writeUnit),
    line('read units', (table - writes) * unitsOfACall, PRICES.readUnit),
    line('questions to CloudWatch', count(run.calls, /^cloudwatch /), PRICES.cloudWatchRequest),
    line('gigabytes of logs', (run.invocations * logBytesOfAnInvocation) / 1e9, PRICES.logGigabyte),
    // Asked for by the hour, and only for hours in which something was counted.
    line('hours of metrics', run.metricHours, PRICES.metricMonth / (DAYS * 24)),
    line('mails', pages, PRICES.publish + PRICES.email),
    // Run Command asks for nothing, and EventBridge delivers AWS' own events for nothing.
    line('commands on hosts', count(run.calls, /^ssm SendCommand/), 0),
  ];
}

/** Resources of a synthesised template, by their logical ids. */
export type Resources = Readonly<Record<string, { Type: string; Properties?: Record<string, unknown> | undefined }>>;

const DAYS = 30;
/** The auditor's rounds, which begin every three minutes, and the calls of one that finds nothing to do. */
const ROUNDS = (DAYS * 24 * 60) / 3;
/** Lambda asks the queue with five long polls at once, twenty seconds each. */
const POLLS = (5 * DAYS * 24 * 3_600) / 20;
/** Four widgets, drawn anew each minute: a dashboard that hangs on a wall. */
const DRAWINGS = 4 * DAYS * 24 * 60;

/**
 * What a deployment costs in a month of thirty days in which nothing happens.
 * @param resources of its templates
 * @param round the calls of one round of the auditor that finds nothing to do
 */
export function costOfMonth(resources: Resources, round: Readonly<Record<string, number>>, memoryMb: number): CostLine[] {
  const of = (type: string) => Object.values(resources).filter((one) => one.Type === type);
  const { unitsOfACall, secondsOfAnInvocation, logBytesOfAnInvocation } = BOUNDS;
  const reads = count(round, /^dynamodb /) * unitsOfACall;
  return [
    line(
      'alarms, by the metrics that they watch',
      of('AWS::CloudWatch::Alarm')
        .map(metricsOf)
        .reduce((sum, n) => sum + n, 0),
      PRICES.alarmMonth,
    ),
    line(
      'dashboards, of which the first three of an account are free',
      of('AWS::CloudWatch::Dashboard').length,
      PRICES.dashboardMonth,
    ),
    line('drawings of its widgets, if it hangs on a wall', DRAWINGS, drawing(memoryMb)),
    line('metric of the heartbeat', 1, PRICES.metricMonth),
    line('health checks', of('AWS::Route53::HealthCheck').length, PRICES.healthCheckMonth),
    line('rounds of the auditor', ROUNDS, PRICES.invocation + (secondsOfAnInvocation * memoryMb * PRICES.gigabyteSecond) / 1_024),
    line('its questions to the table, in read units', ROUNDS * reads, PRICES.readUnit),
    line('its heartbeats and questions to CloudWatch', ROUNDS * count(round, /^cloudwatch /), PRICES.cloudWatchRequest),
    line('polls of the queue, and looks at the dead letters', POLLS + ROUNDS * count(round, /^sqs /), PRICES.queueRequest),
    line('gigabytes of logs', (ROUNDS * logBytesOfAnInvocation) / 1e9, PRICES.logGigabyte),
  ];
}

/** What one widget costs that is drawn once. */
function drawing(memoryMb: number): number {
  const { secondsOfADrawing, callsOfADrawing, unitsOfACall, logBytesOfAnInvocation } = BOUNDS;
  const computing = PRICES.invocation + (secondsOfADrawing * memoryMb * PRICES.gigabyteSecond) / 1_024;
  return computing + callsOfADrawing * unitsOfACall * PRICES.readUnit + (logBytesOfAnInvocation * PRICES.logGigabyte) / 1e9;
}

/** An alarm is paid for by the metrics that it watches: one of an expression by each that goes into it. */
function metricsOf({ Properties = {} }: Resources[string]): number {
  const { Metrics } = Properties;
  return Array.isArray(Metrics) ? Metrics.filter((one: object) => 'MetricStat' in one).length : 1;
}

export function total(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { dollars }) => sum + dollars, 0);
}

function line(what: string, howMany: number, price: number): CostLine {
  return { what, count: howMany, dollars: howMany * price };
}

function count(calls: Record<string, number>, wanted: RegExp): number {
  return Object.entries(calls).reduce((sum, [name, times]) => sum + (wanted.test(name) ? times : 0), 0);
}
