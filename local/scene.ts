import type { Handshake } from '../functions/handshake.ts';
import type { ClusterIdentity } from '../runbooks/language/rights/cluster-roles.ts';
import type { HostedSettings } from '../runbooks/language/system.ts';
import type { SaveitSettings } from '../runbooks/saveit/system.ts';
import type { SiraSettings } from '../runbooks/sira/system.ts';
import type { RealCluster } from './real-cluster.ts';
import type { AlarmConfiguration } from './simulation/alarms.ts';
import type { HostFleet } from './simulation/fleet.ts';
import type { SaveitSimulation } from './simulation/saveit.ts';
import type { Simulation } from './simulation/simulation.ts';

/** What stands behind Systems Manager, and the alarms that speak of it. */
export interface Scene {
  settings: SiraSettings;
  fleet: HostFleet;
  alarms: AlarmConfiguration[];
  /** What Parameter Store holds as SecureString, by name. */
  secrets?: Readonly<Record<string, string>>;
  /** Where the hosts are simulated. */
  simulation?: Simulation;
  /** Save-It's simulated cluster. */
  saveit?: SaveitSimulation;
  /** What is known of the further systems that are simulated, by system. */
  further?: Readonly<Record<string, HostedSettings>>;
  /** Who the runbooks are in its cluster. */
  identities?: readonly ClusterIdentity[];
  /** What is known of Save-It, where it is there. */
  saveitSettings?: SaveitSettings;
  /** A real cluster in the place of the simulated one. */
  cluster?: RealCluster;
  /** What its front doors show over TLS. */
  handshake?: Handshake;
}
