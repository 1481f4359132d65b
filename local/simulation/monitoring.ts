import * as z from 'zod';
import { type Clock, iso } from '../../functions/incident/clock.ts';
import type { AlarmConfiguration } from './alarms.ts';
import type { Measurement } from './fleet.ts';
import { StateFile } from './host/host-state.ts';

export type AlarmState = 'ALARM' | 'OK';

/** What the simulated monitoring speaks to: the local CloudWatch, and the topic that Alertmanager would publish to. */
export interface MonitoringPort {
  setAlarm(alarmName: string, state: AlarmState, reason: string, value: number): Promise<void>;
  /** The state that CloudWatch has now, which a person may have set; `undefined` before it has one. */
  alarmState?(alarmName: string): Promise<string | undefined>;
  /** @param message Alertmanager's webhook, version 4 */
  publishAlerts(message: object): Promise<void>;
}

/** One alert as Alertmanager's webhook carries it. */
interface PrometheusAlert {
  status: 'firing' | 'resolved';
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  endsAt: string;
  generatorURL: string;
  fingerprint: string;
}

const Firing = z.strictObject({ since: z.iso.datetime(), lastRepeat: z.iso.datetime(), repeated: z.boolean() });
const Known = z.strictObject({
  /** What was last told to CloudWatch. */
  told: z.record(z.string(), z.enum(['ALARM', 'OK'])),
  firing: z.record(z.string(), Firing),
});

/** How often monitoring looks, and how often it repeats what still fires; milliseconds of the clock. */
export const EVERY = 60_000;
export const REPEAT = 240_000;
/** How soon after a fault was switched on or off it looks again. */
export const SOON = 3_000;

export interface MonitoringParts {
  clock: Clock;
  port: MonitoringPort;
  /** None where Prometheus alone watches: then Alertmanager tells of every change at once. */
  alarms: AlarmConfiguration[];
  /** The system that alerts are labelled with; SIRA if not said. */
  system?: string;
  measure(): Measurement[];
  /** Where it remembers what it has told, over restarts. */
  file: string;
  /** The labels of Prometheus' alerts beside `alertname`, such as `instance`; by alert. */
  labels(alert: string, host?: string): Record<string, string>;
  /** Told of an evaluation that failed; the next one tries again. */
  failed(error: unknown): void;
}

export interface Monitoring {
  /** Looks once, and tells what has changed. */
  evaluate(): Promise<void>;
  /** Looks again within seconds: something was switched. */
  soon(): void;
  /** Looks every minute until stopped. */
  start(): void;
  stop(): void;
}

/**
 * Raises, repeats and clears as monitoring would: CloudWatch is told of changes, and Alertmanager repeats what still
 * fires every four minutes. Left out: evaluation over several periods, missing data, grouping, silences.
 */
export function createMonitoring(parts: MonitoringParts): Monitoring {
  const { clock, port, alarms, system = 'sira' } = parts;
  const alone = alarms.length === 0;
  const file = new StateFile(parts.file, Known);
  const known = file.load(clock.now().getTime()) ?? { told: {}, firing: {} };
  let next = 0;
  let stopped = true;
  let busy: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    next = clock.now().getTime() + EVERY;
    for (const measurement of parts.measure()) {
      const alarm = alarms.find(({ alert, host }) => alert === measurement.alert && host === measurement.host);
      if (!alarm && !alone) continue;
      if (alarm) await transition(alarm, measurement);
      await repeat(measurement);
      file.save(known);
    }
  }

  /** CloudWatch acts on changes only. What a person has set by hand in the meantime is set right again. */
  async function transition(alarm: AlarmConfiguration, { firing, reason, value }: Measurement): Promise<void> {
    const state: AlarmState = firing ? 'ALARM' : 'OK';
    const now = port.alarmState ? await port.alarmState(alarm.name) : known.told[alarm.name];
    if (now !== state) await port.setAlarm(alarm.name, state, reason, value);
    known.told[alarm.name] = state;
  }

  async function repeat(measurement: Measurement): Promise<void> {
    const { firing } = measurement;
    const key = keyOf(measurement);
    const now = iso(clock.now());
    const since = known.firing[key];
    if (firing && !since) {
      if (alone) await port.publishAlerts(message(measurement, 'firing', now, now));
      known.firing[key] = { since: now, lastRepeat: now, repeated: alone };
    } else if (firing && since && Date.parse(now) - Date.parse(since.lastRepeat) >= REPEAT) {
      await port.publishAlerts(message(measurement, 'firing', since.since, now));
      known.firing[key] = { since: since.since, lastRepeat: now, repeated: true };
    } else if (!firing && since) {
      if (since.repeated) await port.publishAlerts(message(measurement, 'resolved', since.since, now));
      delete known.firing[key];
    }
  }

  function message(
    { alert, reason, value, host }: Measurement,
    status: PrometheusAlert['status'],
    startsAt: string,
    now: string,
  ): object {
    const labels = {
      alertname: alert,
      system,
      severity: alert === 'APIDown' ? 'critical' : 'warning',
      ...parts.labels(alert, host),
    };
    const annotations = { summary: reason, description: reason, value: value.toFixed(1) };
    const endsAt = status === 'resolved' ? now : '0001-01-01T00:00:00Z';
    const fingerprint = fingerprintOf(labels);
    const one: PrometheusAlert = {
      status,
      labels,
      annotations,
      startsAt,
      endsAt,
      generatorURL: 'http://localhost:9090/graph',
      fingerprint,
    };
    return {
      version: '4',
      groupKey: `{}:{alertname="${alert}"}`,
      truncatedAlerts: 0,
      status,
      receiver: 'firebreak',
      groupLabels: { alertname: alert },
      commonLabels: labels,
      commonAnnotations: annotations,
      externalURL: 'http://localhost:9093',
      alerts: [one],
    };
  }

  /** One look after the other, however many ask. */
  function evaluate(): Promise<void> {
    busy = busy.then(look).catch(parts.failed);
    return busy;
  }

  async function watch(): Promise<void> {
    while (!stopped) {
      await whenDue();
      await clock.sleep(next - clock.now().getTime());
    }
  }

  async function whenDue(): Promise<void> {
    if (!stopped && clock.now().getTime() >= next) await evaluate();
  }

  return {
    evaluate,
    soon: () => {
      next = Math.min(next, clock.now().getTime() + SOON);
      if (!stopped) void clock.sleep(SOON).then(whenDue);
    },
    start: () => {
      if (!stopped) return;
      stopped = false;
      void watch();
    },
    stop: () => {
      stopped = true;
    },
  };
}

/** What is remembered of a firing alert goes by its name, and by the host where it is not the first. */
const keyOf = ({ alert, host }: Measurement) => (host === undefined ? alert : `${alert}@${host}`);

/** The same labels, the same fingerprint: 16 hexadecimal digits, as Alertmanager shows them. */
function fingerprintOf(labels: Record<string, string>): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(JSON.stringify(Object.entries(labels).sort())))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}
