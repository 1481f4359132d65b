import type { Crash, DockerEngine } from './docker/engine.ts';
import type { ServiceKey } from './docker/services.ts';
import type { HostTree } from './host/tree.ts';

/** What a fault has to do with: one host's containers and files. */
export interface Ground {
  engine: DockerEngine;
  tree: HostTree;
}

export interface FaultKind {
  id: string;
  title: string;
  /** How a service behaves while the fault is on. */
  crash?: { service: ServiceKey } & Crash;
  /** While it is on, nothing reaches the host. */
  unreachable?: boolean;
  /** While it is on, every nth answer of the backend is a 500, until the backend has been restarted. */
  erring?: number;
  /** While it is on, nothing answers in time although everything runs, until the whole stack has been restarted. */
  hung?: boolean;
  on(ground: Ground): void;
  /** Makes well again what the fault touched. */
  off(ground: Ground): void;
}
