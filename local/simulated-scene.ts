import { join } from 'node:path';
import type * as z from 'zod';
import type { Registry } from '../functions/surroundings.ts';
import { SiraSettings } from '../runbooks/sira/system.ts';
import type { WorkingClock } from './clocks.ts';
import { identitiesOf, saveitFrontDoor, saveitSettings } from './saveit-scene.ts';
import type { Scene } from './scene.ts';
import { further } from './simulation/further.ts';
import { joined } from './simulation/joined.ts';
import type { Monitoring, MonitoringPort } from './simulation/monitoring.ts';
import { simulatedKeys } from './simulation/outside.ts';
import { createSaveit, type SaveitSimulation } from './simulation/saveit.ts';
import { createSaveitHosts } from './simulation/saveit-hosts.ts';
import { openSimulated } from './simulation/simulated-host.ts';
import { createSimulation, type Simulation } from './simulation/simulation.ts';

interface SceneParts {
  registry: Registry;
  clock: WorkingClock;
  dataDir: string;
  /** What differs from the placeholders of SIRA's `system.ts`. */
  sira?: Partial<z.input<typeof SiraSettings>>;
}

export interface SimulatedScene extends Scene {
  simulation: Simulation;
  saveit: SaveitSimulation;
  /** What watches each part of it. */
  monitorings(port: MonitoringPort): Monitoring[];
}

/** SIRA's hosts, Save-It's cluster and Compose host, and the hosts of the further systems that are registered. */
export async function simulatedScene({ dataDir, clock, registry, sira }: SceneParts, url: string): Promise<SimulatedScene> {
  const place = { dataDir: join(dataDir, 'simulation'), clock };
  const identities = identitiesOf(registry, url);
  const saveit = createSaveit({ ...place, identities });
  const ofSaveit = saveitSettings(url);
  const settings = SiraSettings.parse({
    ...sira,
    urls: {
      api: `${url}/simulated/sira/api/health`,
      site: `${url}/simulated/sira/`,
      system: `${url}/simulated/sira/api/health/system`,
    },
  });
  const others = further.filter(({ system }) => isRegistered(registry, system.id));
  const [first, compose, ...hosts] = await Promise.all([
    createSimulation({ ...place, settings }),
    createSaveitHosts({ ...place, settings: ofSaveit }),
    ...others.map((one) => openSimulated(one, place)),
  ]);
  const simulation = joined(first, saveit, [compose, ...hosts]);
  return {
    settings,
    saveit,
    identities,
    saveitSettings: ofSaveit,
    further: Object.fromEntries(others.map(({ system }) => [system.id, system.settings.parse({})])),
    handshake: saveitFrontDoor(saveit, ofSaveit.certificate),
    fleet: simulation.fleet,
    alarms: simulation.alarmConfigurations(),
    secrets: simulatedKeys(settings),
    simulation,
    // Of a system that is not registered nobody would understand the alerts.
    monitorings: (port) => [
      simulation.monitoring(port),
      ...(isRegistered(registry, 'saveit') ? [saveit.monitoring(port), compose.monitoring(port)] : []),
      ...hosts.map((one) => one.monitoring(port)),
    ],
  };
}

export const isRegistered = ({ systems }: Registry, system: string) => systems.some(({ id }) => id === system);
