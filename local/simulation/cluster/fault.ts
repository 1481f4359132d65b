import type { ObjectStore } from './store.ts';

/** How a container of an application fares while a fault is on. */
export interface PodEffect {
  /** The pods' label `app.kubernetes.io/name`. */
  app: string;
  /**
   * Which of them: all, also those that are made meanwhile; those that were made before the fault, so that new ones are well; or
   * those that the fault has chosen when it was switched on, by their uids.
   */
  pods: 'all' | 'older' | 'chosen';
  /** It can't even start. */
  waiting?: { reason: string; message: string };
  /** It ends, so long after each start. */
  ends?: { afterSeconds: number; exitCode: number; reason: 'Error' | 'OOMKilled'; lines: string[] };
  /** It runs, and answers nothing. */
  unready?: true;
  /** Seconds until it answers, instead of what is usual. */
  bootSeconds?: number;
  /** Share of its memory limit that it holds, and after how many minutes of running. */
  memory?: { share: number; afterMinutes: number };
  mqttClosed?: true;
  redisRefused?: true;
  /** Its pool holds connections that are dead; a program of its own gets one that is not. */
  stalePool?: true;
  /** What its log says again and again. */
  lines?: string[];
}

export type DatabaseTrouble = 'refused';
export type RedisTrouble = 'refused' | 'loading' | 'noauth';

export interface ClusterFault {
  id: string;
  title: string;
  /** Nothing is ill of it alone: it befalls a repair, and raises no alarm. */
  harmless?: true;
  effects?: PodEffect[];
  database?: DatabaseTrouble;
  /** Until the pod of Redis is a newer one than the fault, or as long as it is on. */
  redis?: { answers: RedisTrouble; restartHelps: boolean };
  /** Programs that the backend's image does not have. */
  lacks?: string[];
  /** What the users ask of all backends together, in thousandths of a processor, and of their memory. */
  load?: { millicores: number; forMinutes?: number };
  memoryLoad?: { mebibytes: number; forMinutes: number };
  /** Devices send nothing, whether there is a broker or not; or nothing counts what they send. */
  devices?: 'silent' | 'uncounted';
  /** How the certificate's authority answers to an order. */
  authority?: 'order-fails' | 'rate-limited';
  /** How the cluster's API itself fares. */
  api?: 'throttles' | 'cuts' | 'forgets' | 'forbids' | 'leaves' | 'stays away';
  /** What has been so for an hour when the fault begins, and has come to rest since. */
  earlier?(world: World): void;
  /** Or for so many minutes. */
  earlierMinutes?: number;
  /** @returns what `off` and the effects need to know: uids of pods, or what was before */
  on?(world: World): string | undefined;
  off?(world: World, before: string): void;
}

/** A fault that is on, since when in milliseconds, and what it noted then. */
export interface Active {
  fault: ClusterFault;
  since: number;
  before: string;
}

/** What the controllers have to do with: the objects, the faults, the time, and when they are to look again. */
export interface World {
  store: ObjectStore;
  /** Milliseconds. */
  readonly now: number;
  active(): Active[];
  /** Looks again at this time, in milliseconds, even if nothing has changed until then. */
  wakeAt(ms: number): void;
}
