import type { SiraSettings } from '../../../runbooks/sira/system.ts';

/** The parts that a simulated stack can have: SIRA's four, and Redis. */
export type ServiceKey = keyof SiraSettings['services'] | 'redis';

/** How a service looks and behaves on a simulated host. */
export interface ServiceSpec {
  key: ServiceKey;
  service: string;
  container: string;
  image: string;
  command: string[];
  port: number;
  /** Ports published on the host, as `docker ps` shows them. */
  published: number[];
  healthcheck: string[] | undefined;
  /** How long after its start it works, in seconds of the simulation's clock. */
  bootSeconds: number;
  /** Services without which it is unhealthy. */
  needs: ServiceKey[];
  volumes: Record<string, string>;
  binds: Record<string, string>;
  memoryBytes: number;
  memoryLimitBytes: number;
  cpuPercent: number;
  processes: number;
  /** What it says when it starts. */
  greeting: { stream: 'stdout' | 'stderr'; text: string }[];
  /** What it says again and again, where that is not what the same part of SIRA says. */
  murmur?: { everyMs: number; text: string };
}

const MB = 1024 * 1024;

/** SIRA's four services, in the order in which Compose starts them. */
export function siraServices(settings: SiraSettings): ServiceSpec[] {
  const named = (key: keyof SiraSettings['services']) => ({
    key,
    service: settings.services[key],
    container: settings.containers[key],
  });
  const out = (text: string) => ({ stream: 'stdout' as const, text });
  const err = (text: string) => ({ stream: 'stderr' as const, text });
  return [
    {
      ...named('db'),
      image: 'postgres:16-alpine',
      command: ['docker-entrypoint.sh', 'postgres'],
      port: 5432,
      published: [],
      healthcheck: ['CMD-SHELL', `pg_isready -U ${settings.database.user}`],
      bootSeconds: 2,
      needs: [],
      volumes: { '/var/lib/postgresql/data': `${settings.composeProject}_db_data` },
      binds: {},
      memoryBytes: 412 * MB,
      memoryLimitBytes: 2048 * MB,
      cpuPercent: 3.4,
      processes: 14,
      greeting: [
        err('[1] LOG:  starting PostgreSQL 16.4 on x86_64-pc-linux-musl'),
        err('[1] LOG:  listening on IPv4 address "0.0.0.0", port 5432'),
        err('[1] LOG:  database system is ready to accept connections'),
      ],
    },
    {
      ...named('backend'),
      image: 'registry.yourdomain.com/sira/backend:1.14.2',
      command: ['uvicorn', 'app.main:app', '--host', '0.0.0.0', '--port', '8000', '--workers', '4'],
      port: 8000,
      published: [],
      healthcheck: ['CMD', 'curl', '-f', 'http://localhost:8000/health'],
      bootSeconds: 4,
      needs: ['db'],
      volumes: {},
      binds: { '/app/logs': `${settings.projectDir}/logs/backend`, '/backups': settings.backups.folder },
      memoryBytes: 688 * MB,
      memoryLimitBytes: 2048 * MB,
      cpuPercent: 11.8,
      processes: 9,
      greeting: [
        out('INFO:     Started parent process [1]'),
        out('INFO:     Connected to the database'),
        out('INFO:     Application startup complete.'),
      ],
    },
    {
      ...named('frontend'),
      image: 'registry.yourdomain.com/sira/frontend:1.14.2',
      command: ['node', 'server.js'],
      port: 3000,
      published: [],
      healthcheck: undefined,
      bootSeconds: 2,
      needs: [],
      volumes: {},
      binds: {},
      memoryBytes: 143 * MB,
      memoryLimitBytes: 512 * MB,
      cpuPercent: 0.7,
      processes: 11,
      greeting: [out(' - ready started server on 0.0.0.0:3000')],
    },
    {
      ...named('nginx'),
      image: 'nginx:1.27-alpine',
      command: ['nginx', '-g', 'daemon off;'],
      port: 80,
      published: [80, 443],
      healthcheck: ['CMD', 'wget', '-q', '--spider', 'http://localhost/nginx-health'],
      bootSeconds: 1,
      needs: [],
      volumes: {},
      binds: { '/var/log/nginx': `${settings.projectDir}/logs/nginx`, '/etc/nginx/ssl': settings.certificate.folder },
      memoryBytes: 18 * MB,
      memoryLimitBytes: 256 * MB,
      cpuPercent: 0.3,
      processes: 3,
      greeting: [err('[notice] 1#1: start worker processes')],
    },
  ];
}

/** The compose file that lies on the host: the same services, for a person to read and for `docker compose config`. */
export function composeYaml(services: ServiceSpec[], project: string): string {
  const lines = [`name: ${project}`, 'services:'];
  for (const spec of services) {
    lines.push(`  ${spec.service}:`, `    container_name: ${spec.container}`, `    image: ${spec.image}`);
    lines.push('    restart: on-failure:5', `    mem_limit: ${spec.memoryLimitBytes}`);
    if (spec.healthcheck) lines.push(`    healthcheck:`, `      test: ${JSON.stringify(spec.healthcheck)}`);
    if (spec.needs.length > 0) lines.push(`    depends_on: ${JSON.stringify(spec.needs)}`);
    if (spec.published.length > 0) lines.push(`    ports: ${JSON.stringify(spec.published.map((port) => `${port}:${port}`))}`);
    const mounts = Object.entries({ ...spec.binds }).map(([path, source]) => `${source}:${path}`);
    const volumes = Object.entries(spec.volumes).map(([path, name]) => `${name.replace(`${project}_`, '')}:${path}`);
    if (mounts.length + volumes.length > 0) lines.push(`    volumes: ${JSON.stringify([...volumes, ...mounts])}`);
  }
  const names = services.flatMap((spec) => Object.values(spec.volumes).map((name) => name.replace(`${project}_`, '')));
  return `${[...lines, 'volumes:', ...names.map((name) => `  ${name}: {}`)].join('\n')}\n`;
}
