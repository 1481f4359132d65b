import type { Crash, DatabaseAnswer, DockerEngine } from './docker/engine.ts';
import type { ServiceKey } from './docker/services.ts';
import type { ErrorPattern } from './error-pattern.ts';
import type { BackupTrouble } from './host/backup-trouble.ts';
import type { Container } from './host/host-state.ts';
import type { HostTree } from './host/tree.ts';
import type { OutsidePattern } from './outside.ts';

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
  /** While it is on, some requests end so, and no restart changes it. */
  errs?: ErrorPattern;
  /** While it is on, services outside and recommendations are so. */
  outside?: OutsidePattern;
  /** While it is on, nothing answers in time although everything runs, until the whole stack has been restarted. */
  hung?: boolean;
  /** While it is on, this service runs and answers nobody, until it has been started anew. */
  hangs?: ServiceKey;
  /** While it is on, PostgreSQL answers like this: for so many seconds, or until its container has been restarted. */
  database?: { answers: 'rejecting' | 'nothing'; forSeconds?: number };
  /** While it is on, this is wrong with the backups. */
  backup?: BackupTrouble;
  on(ground: Ground): void;
  /** Makes well again what the fault touched. */
  off(ground: Ground): void;
}

/** Whether a container hangs: it has not been started since a fault made it. */
export function hangs(engine: DockerEngine, on: readonly FaultKind[], container: Container): boolean {
  const { key } = engine.spec(container);
  return on.some((kind) => kind.hangs === key && container.startedAt < (engine.state.faults[kind.id]?.since ?? ''));
}

/** How PostgreSQL answers: what the first fault says that concerns it and is not over. */
export function databaseAnswers(engine: DockerEngine, on: readonly FaultKind[]): DatabaseAnswer['answers'] {
  const { services } = engine.parts.settings;
  const startedAt = engine.state.containers.find(({ service }) => service === services.db)?.startedAt ?? '';
  const ill = on.find(({ id, database }) => {
    const { since = '' } = engine.state.faults[id] ?? {};
    if (database?.forSeconds !== undefined) return engine.now() < Date.parse(since) + database.forSeconds * 1_000;
    return database !== undefined && startedAt < since;
  });
  return ill?.database?.answers ?? 'accepting';
}
