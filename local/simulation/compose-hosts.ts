import { join } from 'node:path';
import type { HostSettings } from '../../runbooks/language/system.ts';
import type { AlarmConfiguration } from './alarms.ts';
import { fleetOf } from './docker-fleet.ts';
import type { DockerHost, HostParts } from './docker-host.ts';
import type { Fault, HostFleet, Measurement } from './fleet.ts';
import type { SimulatedClock } from './host/sleep.ts';
import { createMonitoring, type Monitoring, type MonitoringPort } from './monitoring.ts';

/** The simulated Docker Compose host of one system, as it stands beside the others of local mode. */
export interface ComposeHosts {
  fleet: HostFleet;
  faults(): Fault[];
  /** Idempotent. @throws {RangeError} for a fault that there is not */
  switchOn(id: string): void;
  /** Idempotent. @throws {RangeError} for a fault that there is not */
  switchOff(id: string): void;
  measure(): Measurement[];
  alarmConfigurations(): AlarmConfiguration[];
  monitoring(port: MonitoringPort): Monitoring;
  close(): Promise<void>;
}

export interface ComposeParts<H extends DockerHost> {
  dataDir: string;
  clock: SimulatedClock;
  system: string;
  hostTag: string;
  /** One is simulated: the first of them. */
  hosts: readonly HostSettings[];
  open(place: Omit<HostParts, 'settings'>): Promise<H>;
  alarms(host: HostSettings): AlarmConfiguration[];
  measure(host: H): Measurement[];
  /** The label `severity` of Prometheus' alerts. */
  severity(alert: string): string;
}

/** Furnishes a system's host, or takes up what its folder holds, with the monitoring that watches it. */
export async function createComposeHosts<H extends DockerHost>(parts: ComposeParts<H>): Promise<ComposeHosts> {
  const { dataDir, clock, system, hostTag } = parts;
  const [first] = parts.hosts;
  if (!first) throw new Error('a simulation needs at least one host');
  const unknown = (line: string) => console.warn(`the simulated host does not know: ${line}`);
  const host = await parts.open({ dataDir: join(dataDir, 'hosts', first.name), clock, host: first, unknown });
  const started: Monitoring[] = [];
  const look = (switched: boolean) => {
    if (switched) for (const monitoring of started) monitoring.soon();
  };
  const alarms = parts.alarms(first);
  const measure = () => parts.measure(host);
  return {
    fleet: fleetOf([host], hostTag),
    faults: () => host.faults(),
    switchOn: (id) => look(host.switchOn(id)),
    switchOff: (id) => look(host.switchOff(id)),
    measure,
    alarmConfigurations: () => alarms,
    monitoring: (port) => {
      const monitoring = createMonitoring({
        ...{ clock, port, alarms, measure, system, file: join(dataDir, `monitoring-${system}.json`) },
        labels: (alert) => ({ instance: first.aliases.at(-1) ?? first.name, severity: parts.severity(alert) }),
        failed: (error) => console.warn('the simulated monitoring failed and tries again:', error),
      });
      started.push(monitoring);
      return monitoring;
    },
    close: async () => {
      for (const monitoring of started) monitoring.stop();
      await host.close();
    },
  };
}
