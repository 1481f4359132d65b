import type * as z from 'zod';
import type { hostReadiness } from '../../runbooks/commands/host-readiness.ts';
import type { Deployment } from '../../runbooks/language/deployment.ts';
import type { People } from '../../runbooks/language/people.ts';
import type { ClusterNeed, HostedSettings } from '../../runbooks/language/system.ts';
import type { ConfiguredAlarm } from '../aws/account/alarms.ts';
import type { ClusterFound } from '../aws/account/clusters.ts';
import type { Agent } from '../aws/account/hosts.ts';
import type { Refusal } from '../aws/account/refusal.ts';
import type { Subscriber } from '../aws/account/topics.ts';
import type { ModeInForce } from '../console/views/automation.ts';
import type { Mode } from '../incident/control.ts';
import type { ImpactSeen } from './impact.ts';

/** Where the doctor looked. */
export interface Place {
  /** Twelve digits; nothing where neither a function nor a topic told it. */
  account?: string;
  region?: string;
  prefix: string;
  /** Given by `AWS_ENDPOINT_URL`; nothing on AWS. */
  endpoint?: string;
  /** Local mode has no one who would watch it, and a table that is a folder on this machine. */
  local: boolean;
}

/** A question that got no answer. */
export interface Unseen extends Refusal {
  /** What was to be seen: `who is subscribed to firebreak-operators`. */
  question: string;
  /** The IAM action that lets one ask. */
  permission: string;
}

export interface TopicFacts {
  name: string;
  /** `null` when there is no such topic. */
  arn: string | null;
  subscribers: readonly Subscriber[] | undefined;
}

export type Readiness =
  | {
      facts: z.output<typeof hostReadiness.facts>;
      /** When it was asked and when it had answered, in seconds since 1970: its own clock should be between the two. */
      asked: number;
      answered: number;
    }
  | { error: string };

/** Who a runbook is in the cluster, and what it may do there. */
export interface RunbookAccess {
  runbook: string;
  /** The group whose rights it should have. */
  group: string;
  /** Those that its access entry puts it into; `null` when it has none. */
  groups: readonly string[] | null | undefined;
  /** What its steps need and the group may not, in words. */
  refused: readonly string[] | undefined;
  /** Whether the group may do everything. */
  everything: boolean | undefined;
}

export interface ObjectFacts {
  need: ClusterNeed;
  found: boolean;
  /** Of a workload's pods, as its template says them. */
  containers?: readonly string[];
  labels?: Readonly<Record<string, string>>;
}

export interface ClusterFacts {
  /** `null` when EKS knows none of the name. */
  found: ClusterFound | null | undefined;
  runbooks: readonly RunbookAccess[];
  objects: readonly ObjectFacts[];
  /** Whether the metrics server answers; `undefined` too where no runbook asks it. */
  metrics: boolean | undefined;
}

export interface SystemFacts {
  /** Of every instance that carries the system's tag. */
  tagged: readonly Agent[] | undefined;
  /** Of the system's hosts, tagged or not. */
  known: readonly Agent[] | undefined;
  /** What those that could be asked have, by instance. Empty when hosts were not to be asked. */
  readiness: ReadonlyMap<string, Readiness>;
  /** Not there where no runbook has steps in a cluster. */
  cluster?: ClusterFacts | undefined;
  /** What tells how users fare; not there where nobody says what does. */
  impact?: ImpactSeen | undefined;
}

/** What a deployed function was configured with. */
export interface Configured {
  account: string;
  region: string;
  defaultMode: Mode;
  consoleUrl?: string;
  /** Of each system that the function's environment tells of: local mode's does, on AWS they lie beside the code. */
  settings?: ReadonlyMap<string, HostedSettings>;
  /** Who has which role, of each system that it tells of. */
  staff?: ReadonlyMap<string, People['staff']>;
}

/** Everything the doctor has seen. A field is `undefined` where it could not look, and `unseen` says why. */
export interface Facts {
  /** When it looked: ISO. */
  now: string;
  place: Place;
  given: Deployment;
  unseen: readonly Unseen[];
  /** `null` when the function is not there. */
  configured: Configured | null | undefined;
  machines: readonly string[] | undefined;
  /** The account's own documents, all of them. */
  documents: readonly string[] | undefined;
  /** `null` when the table is not there. */
  table: { deletionProtection: boolean; pointInTimeRecovery: boolean | undefined } | null | undefined;
  /** Ours, and nobody else's. */
  topics: readonly TopicFacts[] | undefined;
  /** Those of the systems and our own. */
  alarms: readonly ConfiguredAlarm[] | undefined;
  /** By system. */
  systems: ReadonlyMap<string, SystemFacts>;
  modes: readonly ModeInForce[] | undefined;
}

/** Who has which role: as the functions were told where that can be read, and otherwise as the file says. */
export function staffOf({ given, configured }: Pick<Facts, 'given' | 'configured'>, system: string): People['staff'] {
  return configured?.staff?.get(system) ?? given.systems[system]?.staff ?? {};
}
