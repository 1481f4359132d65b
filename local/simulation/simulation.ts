import { join } from 'node:path';
import type { SiraSettings } from '../../runbooks/sira/system.ts';
import { type AlarmConfiguration, siraAlarms } from './alarms.ts';
import { fleetOf } from './docker-fleet.ts';
import type { Fault, HostFleet, Measurement } from './fleet.ts';
import type { SimulatedClock } from './host/sleep.ts';
import { createMonitoring, type Monitoring, type MonitoringPort } from './monitoring.ts';
import { SiraHost } from './sira-host.ts';

export interface SimulationParts {
  /** The simulation keeps everything under here, so that a restart takes up where it was. */
  dataDir: string;
  clock: SimulatedClock;
  settings: SiraSettings;
  /** Told of command lines that the simulated tools do not know; printed as a warning if not given. */
  unknown?: (line: string) => void;
}

export interface Simulation {
  fleet: HostFleet;
  /** The names of its hosts, the first of them first. */
  hosts(): string[];
  /** Each is on where it is on for one host at least. */
  faults(): Fault[];
  /**
   * Idempotent.
   * @param host the first if not said
   * @throws {RangeError} for a fault or a host that there is not
   */
  switchOn(id: string, host?: string): void;
  /** Idempotent; makes well again what the fault touched. Otherwise as `switchOn`. */
  switchOff(id: string, host?: string): void;
  measure(): Measurement[];
  /** What the simulated URLs answer, by their path: one with `health` or `api` in it is the API's, any other the site's. */
  answer(path: string): { status: number; body: string };
  alarmConfigurations(): AlarmConfiguration[];
  /** The monitoring that watches this simulation and looks again soon after each switch. Call `start` on it. */
  monitoring(port: MonitoringPort): Monitoring;
  close(): Promise<void>;
}

/** SIRA's hosts, simulated. A fault befalls the first of them if no other is named. The URLs are as well as the worst of them. */
export async function createSimulation(parts: SimulationParts): Promise<Simulation> {
  const { clock, settings, dataDir } = parts;
  const unknown = parts.unknown ?? ((line: string) => console.warn(`the simulated host does not know: ${line}`));
  const open = (host: SiraSettings['hosts'][number]) =>
    SiraHost.open({ dataDir: join(dataDir, 'hosts', host.name), clock, settings, host, unknown });
  const hosts = await Promise.all(settings.hosts.map(open));
  const [ill] = hosts;
  if (!ill) throw new Error('a simulation needs at least one host');
  const started: Monitoring[] = [];
  const look = (switched: boolean) => {
    if (switched) for (const monitoring of started) monitoring.soon();
  };
  const named = (name = ill.host.name) => {
    const found = hosts.find(({ host }) => host.name === name);
    if (!found)
      throw new RangeError(`there is no host "${name}": expected one of ${hosts.map((one) => one.host.name).join(', ')}`);
    return found;
  };
  const answer = (path: string) => {
    const answers = hosts.map((host) => host.answer(/health|api/.test(path) ? 'api' : 'site'));
    return answers.find(({ status }) => status !== 200) ?? answers[0] ?? { status: 0, body: '' };
  };
  const measure = () => together(hosts, settings);
  return {
    fleet: fleetOf(hosts, settings.hostTag),
    hosts: () => hosts.map(({ host }) => host.name),
    faults: () =>
      ill
        .faults()
        .map((fault) => hosts.flatMap((host) => host.faults().filter(({ id, on }) => on && id === fault.id))[0] ?? fault),
    switchOn: (id, host) => look(named(host).switchOn(id)),
    switchOff: (id, host) => look(named(host).switchOff(id)),
    measure,
    answer,
    alarmConfigurations: () => siraAlarms(settings),
    monitoring: (port) => {
      const labels = (alert: string, of?: string): Record<string, string> => {
        const { InstanceId, path } = siraAlarms(settings).find((alarm) => alarm.alert === alert)?.dimensions ?? {};
        const { host } = named(of);
        const instance = host.aliases.at(-1) ?? host.name;
        return InstanceId ? { instance, ...(path && { mountpoint: path }) } : { service: 'api' };
      };
      const failed = (error: unknown) => console.warn('the simulated monitoring failed and tries again:', error);
      const file = join(dataDir, 'monitoring.json');
      const monitoring = createMonitoring({ clock, port, alarms: siraAlarms(settings), measure, file, labels, failed });
      started.push(monitoring);
      return monitoring;
    },
    close: async () => {
      for (const monitoring of started) monitoring.stop();
      await Promise.all(hosts.map((host) => host.close()));
    },
  };
}

/** Where nothing is served there is nothing to measure. */
function certificate(host: SiraHost, { certificate: { domain } }: SiraSettings): Measurement[] {
  const value = host.certificateDays();
  const alert = 'CertificateExpiring';
  return value === undefined
    ? []
    : [{ alert, firing: value < 30, value, reason: `the certificate of ${domain} has ${value.toFixed(1)} days left` }];
}

/** Of each host for itself; of all of them, where an alert is about the system: it fires where it fires for one. */
function together(hosts: readonly SiraHost[], settings: SiraSettings): Measurement[] {
  const aboutHost = new Set(siraAlarms(settings).flatMap(({ alert, dimensions }) => ('InstanceId' in dimensions ? [alert] : [])));
  const all = hosts.flatMap((host, at) =>
    measurements(host, settings, host.answer('api').status).map(
      (one): Measurement => (at > 0 && aboutHost.has(one.alert) ? { ...one, host: host.host.name } : one),
    ),
  );
  return [...Map.groupBy(all, ({ alert, host = '' }) => `${alert} ${host}`).values()].flatMap(
    (same) => same.find(({ firing }) => firing) ?? same[0] ?? [],
  );
}

/**
 * The rate counts what the backend itself answered: while the API is down, APIDown says so, and the errors that follow
 * from it raise nothing of their own (Alertmanager would call that an inhibition).
 */
function measurements(host: SiraHost, settings: SiraSettings, status: number): Measurement[] {
  const down = status !== 200;
  const reason = `${settings.urls.api} ${status === 0 ? 'does not answer' : `answered ${status}`}`;
  const api = { alert: 'APIDown', firing: down, value: down ? 1 : 0, reason };
  // What the host itself would measure does not arrive; what was last known of it stays.
  if (!host.reachable) return [api];
  const [errors, disk, database] = [host.errorPercent(), host.diskPercent(), host.databaseDown()];
  const hours = host.backupHours();
  // A database that is down takes the API with it. That, too, is inhibited: one cause, one alarm.
  return [
    database ? { ...api, firing: false, value: 0, reason: 'the database is down' } : api,
    {
      alert: 'DatabaseDown',
      firing: database,
      value: database ? 1 : 0,
      reason: 'the application gets no connection to PostgreSQL',
    },
    { alert: 'HighErrorRate', firing: !down && errors > 2, value: errors, reason: `${errors.toFixed(1)} % of requests failed` },
    recommendations(host.recommendationSeconds()),
    { alert: 'DiskSpaceLow', firing: disk > 80, value: disk, reason: `/ on ${host.host.name} is ${disk.toFixed(1)} % full` },
    { alert: 'BackupFailed', firing: hours > 26, value: hours, reason: `the last good backup is ${hours.toFixed(0)} hours old` },
    responseTime(host, down),
    memoryExhausted(host),
    // Where DiskSpaceLow fires it says all that is to be said.
    {
      alert: 'DiskSpaceFilling',
      firing: disk > 70 && disk <= 80,
      value: disk,
      reason: `/ on ${host.host.name} is ${disk.toFixed(1)} % full`,
    },
    ...certificate(host, settings),
  ];
}

function responseTime(host: SiraHost, down: boolean): Measurement {
  const value = host.responseSeconds();
  return { alert: 'HighResponseTime', firing: !down && value > 2, value, reason: `95 % of answers come within ${value} s` };
}

function memoryExhausted(host: SiraHost): Measurement {
  const { value, reason } = host.memoryPercent();
  return { alert: 'MemoryExhausted', firing: value > 90, value, reason };
}

function recommendations(seconds: number): Measurement {
  return {
    alert: 'SlowRecommendationGeneration',
    firing: seconds > 5,
    value: seconds,
    reason: `a recommendation takes ${seconds} s`,
  };
}
