import { iso } from '../../functions/incident/clock.ts';
import { type DockerEngine, sha256 } from './docker/engine.ts';
import type { ServiceSpec } from './docker/services.ts';
import type { HostState, Image } from './host/host-state.ts';
import { GiB, MiB } from './host/tree.ts';

const DAY = 86_400_000;
const SIZES: Record<string, number> = { db: 0.27 * GiB, backend: 1.4 * GiB, frontend: 0.5 * GiB, nginx: 50 * MiB };

/** What Docker holds on a healthy host, before its containers are made: its images, volumes and build cache. */
export function healthyDocker(services: ServiceSpec[], now: number): HostState {
  const ago = (days: number) => iso(new Date(now - days * DAY));
  const image = (reference: string, bytes: number, days: number): Image => ({
    id: `sha256:${sha256(reference)}`,
    tags: [reference],
    digests: [`${reference.slice(0, reference.lastIndexOf(':'))}@sha256:${sha256(`digest ${reference}`)}`],
    createdAt: ago(days),
    bytes: Math.round(bytes),
  });
  const used = services.map(({ image: reference, key }) => image(reference, SIZES[key] ?? GiB, 14));
  const volumes = services.flatMap((spec) =>
    Object.values(spec.volumes).map((name) => ({
      name,
      createdAt: ago(300),
      labels: { 'com.docker.compose.project': name.split('_')[0] ?? '', 'com.docker.compose.volume': 'db_data' },
      bytes: 4.5 * GiB,
    })),
  );
  return {
    v: 1,
    serial: 0,
    revisions: {},
    containers: [],
    // The one before, for a quick way back: nothing uses it, and it can be pulled again.
    images: [...used, image('registry.yourdomain.com/sira/frontend:1.14.1', 0.45 * GiB, 35)],
    volumes: [...volumes, { name: 'sira_redis_data', createdAt: ago(250), labels: {}, bytes: 180 * MiB }],
    buildCache: [
      {
        id: sha256('cache').slice(0, 25),
        type: 'regular',
        description: '[frontend 3/6] RUN npm ci',
        bytes: 210 * MiB,
        createdAt: ago(15),
        lastUsedAt: ago(14),
      },
    ],
    scratch: [],
    database: { databases: [], sessions: [] },
    faults: {},
  };
}

/** Makes the services' containers as a deployment twelve days ago left them, running since. */
export function startAll(engine: DockerEngine): void {
  const at = engine.now() - 12 * DAY;
  for (const spec of engine.parts.services) {
    const container = engine.create(spec, at);
    const startedAt = iso(new Date(at));
    Object.assign(container, { state: 'running', startedAt, runs: [{ from: startedAt }] });
    container.said = spec.greeting.map((line) => ({ at: startedAt, ...line }));
  }
}
