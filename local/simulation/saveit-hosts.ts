import { join } from 'node:path';
import type { SaveitSettings } from '../../runbooks/saveit/system.ts';
import type { AlarmConfiguration } from './alarms.ts';
import { fleetOf } from './docker-fleet.ts';
import type { Fault, HostFleet, Measurement } from './fleet.ts';
import type { SimulatedClock } from './host/sleep.ts';
import { createMonitoring, type Monitoring, type MonitoringPort } from './monitoring.ts';
import { SaveitHost } from './saveit-host.ts';

export interface SaveitHosts {
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

const ALERT = 'ComposeNotResponding';

/** The host of Save-It's Docker Compose variant, simulated beside its cluster: the first of its settings. */
export async function createSaveitHosts(parts: {
  dataDir: string;
  clock: SimulatedClock;
  settings: SaveitSettings;
}): Promise<SaveitHosts> {
  const { dataDir, clock, settings } = parts;
  const [first] = settings.hosts;
  if (!first) throw new Error('a simulation needs at least one host');
  const unknown = (line: string) => console.warn(`the simulated host does not know: ${line}`);
  const host = await SaveitHost.open({ dataDir: join(dataDir, 'hosts', first.name), clock, settings, host: first, unknown });
  const started: Monitoring[] = [];
  const look = (switched: boolean) => {
    if (switched) for (const monitoring of started) monitoring.soon();
  };
  const alarms = [alarmOf(first.instanceId, settings.compose.ready)];
  const measure = () => [readinessOf(host)];
  return {
    fleet: fleetOf([host], settings.hostTag),
    faults: () => host.faults(),
    switchOn: (id) => look(host.switchOn(id)),
    switchOff: (id) => look(host.switchOff(id)),
    measure,
    alarmConfigurations: () => alarms,
    monitoring: (port) => {
      const monitoring = createMonitoring({
        ...{ clock, port, alarms, measure, system: 'saveit', file: join(dataDir, 'monitoring-saveit.json') },
        labels: () => ({ instance: first.aliases.at(-1) ?? first.name, severity: 'SEV1' }),
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

/** What is asked waits so long for an answer, in seconds. */
const PATIENCE = 5;

function readinessOf(host: SaveitHost): Measurement {
  const { status, seconds = 0 } = host.readiness();
  const firing = status !== 200 || seconds > PATIENCE;
  const said = seconds > PATIENCE || status === 0 ? 'does not answer' : `answers ${status}`;
  return { alert: ALERT, firing, value: firing ? 1 : 0, reason: `readiness on ${host.host.name} ${said}` };
}

/** The alarm of one Docker Compose host. */
export function alarmOf(instanceId: string, ready: string): AlarmConfiguration {
  return {
    alert: ALERT,
    name: `saveit-${ALERT}`,
    description: `${ready} does not answer 200 on the Docker Compose host`,
    namespace: 'Saveit/Probes',
    metric: 'failed_checks',
    dimensions: { InstanceId: instanceId },
    ...{ statistic: 'Maximum', period: 60, evaluationPeriods: 1, threshold: 0, comparison: 'GreaterThanThreshold' },
  };
}
