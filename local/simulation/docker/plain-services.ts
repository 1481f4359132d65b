import type { HostNeeds } from '../../../runbooks/language/system.ts';
import type { ServiceKey, ServiceSpec } from './services.ts';

const MB = 1024 * 1024;

type Nature = Omit<ServiceSpec, 'key' | 'service' | 'container' | 'image' | 'needs' | 'volumes' | 'binds'>;

/** How each part looks on a host of no particular system. Images and commands are a placeholder's: nothing asks for more. */
const NATURES: Record<ServiceKey, Nature> = {
  backend: nature({ port: 8000, published: [8000], bootSeconds: 4, memoryMb: 400, cpuPercent: 8, murmur: 'GET /items 200' }),
  frontend: nature({ port: 3000, published: [80], bootSeconds: 2, memoryMb: 140, cpuPercent: 0.7, murmur: 'GET / 200' }),
  nginx: nature({ port: 80, published: [80, 443], bootSeconds: 1, memoryMb: 20, cpuPercent: 0.3, murmur: 'GET / 200' }),
  db: nature({ port: 5432, published: [], bootSeconds: 2, memoryMb: 300, cpuPercent: 2, murmur: 'LOG:  checkpoint complete' }),
  redis: nature({ port: 6379, published: [], bootSeconds: 1, memoryMb: 20, cpuPercent: 0.4, murmur: '* Background saving' }),
};

function nature(given: {
  port: number;
  published: number[];
  bootSeconds: number;
  memoryMb: number;
  cpuPercent: number;
  murmur: string;
}): Nature {
  const { port, published, bootSeconds, memoryMb, cpuPercent, murmur } = given;
  return {
    ...{ port, published, bootSeconds, cpuPercent, processes: 6, command: ['run'], healthcheck: undefined },
    ...{ memoryBytes: memoryMb * MB, memoryLimitBytes: 1024 * MB },
    greeting: [{ stream: 'stdout', text: 'ready' }],
    murmur: { everyMs: 60_000, text: murmur },
  };
}

/**
 * The services that a system says are on its hosts, in that order.
 * @param parts which part each of them is, by the service's name
 * @throws {Error} for a service without a part, or two that are the same
 */
export function plainServices(
  system: string,
  { services, stack: { composeProject } }: HostNeeds,
  parts: Readonly<Record<string, ServiceKey>>,
): ServiceSpec[] {
  const keys = services.map(({ service }) => parts[service]);
  return services.map(({ service, container }, at) => {
    const key = keys[at];
    if (!key || keys.indexOf(key) !== at)
      throw new Error(`the simulated host of ${system}: expected a part of its own for the service ${service}`);
    const image = key === 'db' ? 'postgres:16-alpine' : `registry.yourdomain.com/${system}/${service}:1.0.0`;
    const volumes: Record<string, string> = key === 'db' ? { '/var/lib/postgresql/data': `${composeProject}_db_data` } : {};
    return { key, service, container, image, needs: [], volumes, binds: {}, ...NATURES[key] };
  });
}
