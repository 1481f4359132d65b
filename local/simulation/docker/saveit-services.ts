import type { SaveitSettings } from '../../../runbooks/saveit/system.ts';
import type { ServiceKey, ServiceSpec } from './services.ts';

const MB = 1024 * 1024;

/** Save-It's services, as its page's Docker Compose variant has them, in the order in which Compose starts them. */
export function saveitServices({
  composeProject,
  backend,
  dependencies: [db = 'db', redis = 'redis'],
}: SaveitSettings['compose']): ServiceSpec[] {
  const named = (key: ServiceKey, service: string) => ({ key, service, container: `${composeProject}-${service}-1` });
  const out = (text: string) => ({ stream: 'stdout' as const, text });
  const err = (text: string) => ({ stream: 'stderr' as const, text });
  return [
    {
      ...named('db', db),
      image: 'postgres:16-alpine',
      command: ['docker-entrypoint.sh', 'postgres'],
      ...{ port: 5432, published: [], needs: [], bootSeconds: 2 },
      healthcheck: ['CMD-SHELL', 'pg_isready -U postgres'],
      volumes: { '/var/lib/postgresql/data': `${composeProject}_db_data` },
      binds: {},
      ...{ memoryBytes: 301 * MB, memoryLimitBytes: 2048 * MB, cpuPercent: 2.1, processes: 12 },
      greeting: [
        err('[1] LOG:  starting PostgreSQL 16.4 on x86_64-pc-linux-musl'),
        err('[1] LOG:  database system is ready to accept connections'),
      ],
      murmur: { everyMs: 300_000, text: '[27] LOG:  checkpoint complete: wrote 41 buffers' },
    },
    {
      ...named('redis', redis),
      image: 'redis:7-alpine',
      command: ['redis-server'],
      ...{ port: 6379, published: [], needs: [], bootSeconds: 1 },
      healthcheck: ['CMD', 'redis-cli', 'ping'],
      ...{ volumes: {}, binds: {} },
      ...{ memoryBytes: 22 * MB, memoryLimitBytes: 256 * MB, cpuPercent: 0.4, processes: 5 },
      greeting: [out('1:M * Ready to accept connections tcp')],
      murmur: { everyMs: 300_000, text: '1:M * 100 changes in 300 seconds. Saving...' },
    },
    {
      ...named('backend', backend.service),
      container: backend.container,
      image: 'registry.saveit.ai/saveit/backend:2.3.0',
      command: ['uvicorn', 'app.main:app', '--host', '0.0.0.0', '--port', '8000'],
      ...{ port: 8000, published: [8000, 1883], needs: ['db'], bootSeconds: 4 },
      healthcheck: ['CMD', 'curl', '-f', 'http://localhost:8000/api/v1/health/ready'],
      ...{ volumes: {}, binds: {} },
      ...{ memoryBytes: 402 * MB, memoryLimitBytes: 1024 * MB, cpuPercent: 9.2, processes: 7 },
      greeting: [
        out('INFO:     Started server process [1]'),
        out('INFO:     MQTT broker listens on port 1883'),
        out('INFO:     Application startup complete.'),
      ],
      murmur: { everyMs: 10_000, text: 'INFO:     10.0.2.9:40112 - "GET /api/v1/devices HTTP/1.1" 200 OK' },
    },
    {
      ...named('frontend', 'frontend'),
      image: 'registry.saveit.ai/saveit/frontend:2.3.0',
      command: ['node', 'server.js'],
      ...{ port: 3000, published: [80], needs: [], bootSeconds: 2 },
      healthcheck: undefined,
      ...{ volumes: {}, binds: {} },
      ...{ memoryBytes: 121 * MB, memoryLimitBytes: 512 * MB, cpuPercent: 0.6, processes: 11 },
      greeting: [out(' - ready started server on 0.0.0.0:3000')],
      murmur: { everyMs: 60_000, text: 'GET / 200' },
    },
  ];
}
