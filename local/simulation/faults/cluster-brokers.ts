import type { ClusterFault, PodEffect, World } from '../cluster/fault.ts';
import { BACKEND, backends, changeDeployment, withSpec } from './cluster-objects.ts';

const SAYS: PodEffect = {
  app: BACKEND,
  pods: 'all',
  lines: [
    'WARNING:  app.core.cache: redis.exceptions.ConnectionError: Error 111 connecting to redis:6379; rate limits are kept in memory',
  ],
};
const MQTT: PodEffect = {
  app: BACKEND,
  pods: 'chosen',
  mqttClosed: true,
  lines: ['ERROR:    app.mqtt.broker: listener on 0.0.0.0:1883 has ended: OSError: [Errno 24] Too many open files'],
};
const first = (world: World) => backends(world)[0]?.metadata.uid;

const volumes = (world: World, volume: Record<string, unknown>) =>
  changeDeployment(world, 'redis', (deployment) => {
    const { template } = deployment.spec;
    return withSpec(deployment, {
      template: { ...template, spec: { ...template.spec, volumes: [{ name: 'data', ...volume }] } },
    });
  });

/** Redis, and the MQTT broker that is part of each backend. */
export const brokerFaults: ClusterFault[] = [
  {
    id: 'saveit-redis-down',
    title: 'Redis refuses connections; a restart helps, and keeps what it has on disk',
    redis: { answers: 'refused', restartHelps: true },
    effects: [SAYS],
  },
  {
    id: 'saveit-redis-no-persistence',
    title: 'Redis refuses connections, and keeps nothing over a restart',
    redis: { answers: 'refused', restartHelps: true },
    effects: [SAYS],
    earlier: (world) => volumes(world, { emptyDir: {} }),
    off: (world) => volumes(world, { persistentVolumeClaim: { claimName: 'redis-data' } }),
  },
  {
    id: 'saveit-redis-loading',
    title: 'Redis is reading its data from disk, and answers nothing else yet',
    redis: { answers: 'loading', restartHelps: false },
    effects: [SAYS],
  },
  {
    id: 'saveit-redis-noauth',
    title: 'Redis wants a password that the backend does not have',
    redis: { answers: 'noauth', restartHelps: false },
    effects: [SAYS],
  },
  {
    id: 'saveit-redis-no-cli',
    title: "Redis is not reachable, and the backend's image has no redis-cli to look with",
    redis: { answers: 'refused', restartHelps: true },
    lacks: ['redis-cli'],
    effects: [SAYS],
  },
  {
    id: 'saveit-redis-one-pod',
    title: 'One backend does not reach Redis, which is well: a restart of Redis does not help',
    effects: [{ ...SAYS, pods: 'chosen', redisRefused: true }],
    on: first,
  },
  { id: 'saveit-mqtt-one-pod', title: 'The MQTT port of one backend is closed; a restart helps', effects: [MQTT], on: first },
  {
    id: 'saveit-mqtt-all',
    title: 'The MQTT port of all backends is closed; a restart helps',
    effects: [{ ...MQTT, pods: 'older' }],
  },
  {
    id: 'saveit-mqtt-stays',
    title: 'The MQTT port of all backends is closed, also after a restart',
    effects: [{ ...MQTT, pods: 'all' }],
  },
  {
    id: 'saveit-mqtt-no-nc',
    title: "Devices do not report, and the backend's image has no nc to look with",
    effects: [{ ...MQTT, pods: 'older' }],
    lacks: ['nc'],
  },
  {
    id: 'saveit-mqtt-silent',
    title: 'Devices send nothing, although the port of every backend is open: a restart does not help',
    devices: 'silent',
  },
  {
    id: 'saveit-mqtt-uncounted',
    title: 'Nothing counts what devices send, which alone is no fault',
    harmless: true,
    devices: 'uncounted',
  },
  {
    id: 'saveit-redis-deployed',
    title: 'Redis was rolled out anew a quarter of an hour ago, which alone is no fault',
    harmless: true,
    earlierMinutes: 14,
    earlier: (world) =>
      changeDeployment(world, 'redis', (deployment) => {
        const { template } = deployment.spec;
        const containers = template.spec.containers.map((one) => ({ ...one, image: `${one.image}-alpine` }));
        return withSpec(deployment, { template: { ...template, spec: { ...template.spec, containers } } });
      }),
  },
];
