import type { Container } from '../host/host-state.ts';
import type { DockerEngine } from './engine.ts';
import type { ServiceKey } from './services.ts';

const MB = 1024 * 1024;

/** What a fault does to a service's memory, until the service is started anew. */
interface Appetite {
  service: ServiceKey;
  /** Share of its limit that it holds once it has run for long. */
  share: number;
  /** Set for a leak that a restart does not cure: how much it holds so soon after its start, and what comes to that each minute. */
  leak?: { from: number; mbPerMinute: number };
}

const APPETITES: Record<string, Appetite | undefined> = {
  'memory-hog': { service: 'backend', share: 0.97 },
  'memory-leak': { service: 'backend', share: 0.97, leak: { from: 0.5, mbPerMinute: 60 } },
  'memory-database': { service: 'db', share: 0.98 },
  'memory-dump': { service: 'backend', share: 0.96 },
};

/** What a running container holds, in bytes; nothing when it does not run. */
export function containerMemory(engine: DockerEngine, container: Container): number {
  const spec = engine.spec(container);
  if (container.state !== 'running') return 0;
  for (const [id, { since }] of Object.entries(engine.state.faults)) {
    const appetite = APPETITES[id];
    if (appetite?.service !== spec.key) continue;
    if (container.startedAt < since) return Math.round(appetite.share * spec.memoryLimitBytes);
    if (!appetite.leak) continue;
    const minutes = (engine.now() - Date.parse(container.startedAt)) / 60_000;
    const grown = appetite.leak.from * spec.memoryLimitBytes + minutes * appetite.leak.mbPerMinute * MB;
    return Math.round(Math.min(0.99 * spec.memoryLimitBytes, grown));
  }
  return spec.memoryBytes;
}
