import type { Clock } from '../../functions/incident/clock.ts';
import type { Names } from '../../runbooks/language/names.ts';
import type { HostFleet } from '../simulation/fleet.ts';
import type { Clusters } from './eks.ts';
import type { QueueConsumer } from './messaging/event-source.ts';
import type { TopicSpec } from './messaging/topics.ts';
import type { AlarmSpec } from './monitoring/alarms.ts';
import type { BusEvent } from './monitoring/bus.ts';
import type { StateMachineSpec } from './step-functions/machine.ts';
import type { Invoke } from './step-functions/tasks.ts';
import type { SsmDocument } from './systems-manager/documents.ts';

/** What the AWS of one machine is made of. */
export interface AwsOptions {
  /** Where everything durable is kept; in memory without it, for tests. */
  dataDir?: string;
  clock: Clock;
  names: Names;
  /** CreateTable's input but for the name. */
  table: object;
  fleet: HostFleet;
  /** What EKS has. */
  clusters?: Clusters;
  /** By name. */
  documents: ReadonlyMap<string, SsmDocument>;
  /** SSM parameters to read. */
  parameters?: Readonly<Record<string, string>>;
  /** SSM parameters that are a SecureString: told only to who asks with decryption. */
  secrets?: Readonly<Record<string, string>>;
  /** Carries out a function in this process; throws the function's own error, or one named `ResourceNotFoundException`. */
  invoke: Invoke;
  /** The environment of each function, by its name: what GetFunctionConfiguration tells. */
  environments?: ReadonlyMap<string, Readonly<Record<string, string>>>;
  stateMachines: readonly StateMachineSpec[];
  /** All but the signals topic, which is there in any case: the signals queue, and nobody else, is subscribed to it. */
  topics: readonly TopicSpec[];
  alarms: readonly AlarmSpec[];
  /** The function behind the signals queue. */
  queueConsumer: QueueConsumer;
  /** Which events of the bus go to the signals queue, as they are. */
  busRule: (event: BusEvent) => boolean;
  /** Of the signals queue. 30 seconds of the clock and three times if not said. */
  redelivery?: { visibilityTimeout: number; maxReceiveCount: number };
  /** `us-east-1` if not said. */
  region?: string;
  /** `randomUUID` if not said. */
  ids?: () => string;
  /** From 0 to 1, for the jitter of retries; `Math.random` if not said. */
  random?: () => number;
}
