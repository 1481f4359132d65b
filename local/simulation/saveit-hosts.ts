import type { SaveitSettings } from '../../runbooks/saveit/system.ts';
import type { AlarmConfiguration } from './alarms.ts';
import { type ComposeHosts, createComposeHosts } from './compose-hosts.ts';
import type { Measurement } from './fleet.ts';
import type { SimulatedClock } from './host/sleep.ts';
import { SaveitHost } from './saveit-host.ts';

const ALERT = 'ComposeNotResponding';

/** The host of Save-It's Docker Compose variant, simulated beside its cluster: the first of its settings. */
export function createSaveitHosts(parts: {
  dataDir: string;
  clock: SimulatedClock;
  settings: SaveitSettings;
}): Promise<ComposeHosts> {
  const { settings, ...place } = parts;
  return createComposeHosts({
    ...place,
    system: 'saveit',
    hostTag: settings.hostTag,
    hosts: settings.hosts,
    open: (at) => SaveitHost.open({ ...at, settings }),
    alarms: ({ instanceId }) => [alarmOf(instanceId, settings.compose.ready)],
    measure: (host) => [readinessOf(host)],
    severity: () => 'SEV1',
  });
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
