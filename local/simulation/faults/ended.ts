import type { ServiceKey } from '../docker/services.ts';
import type { Ground } from '../fault-kind.ts';

/** Ends a service's container some milliseconds ago, where it runs. */
export function kill({ engine }: Ground, key: ServiceKey, ago: number, exitCode: number, oomKilled: boolean): void {
  const container = engine.of(key);
  if (container?.state !== 'running') return;
  engine.end(container, exitCode, Math.max(Date.parse(container.startedAt), engine.now() - ago), oomKilled);
  // The policy's tries are used up: that is why it stays down.
  container.restartCount = 5;
}

export function revive({ engine }: Ground, key: ServiceKey): void {
  const container = engine.of(key);
  if (container) engine.start(container);
}
