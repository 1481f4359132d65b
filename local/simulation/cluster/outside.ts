import type { ServedCertificate } from '../../../functions/handshake.ts';
import type { Measurement } from '../fleet.ts';
import type { World } from './fault.ts';
import { NAMESPACE } from './healthy.ts';
import { APPLICATION_ROLE, refusal } from './inside/postgres.ts';
import { redisTrouble } from './inside/redis.ts';
import { memoryShare, processorShare } from './inside/usage.ts';
import { CERTIFICATES_KIND, PODS, SECRETS } from './kinds.ts';
import type { Pod } from './objects.ts';
import { appOf, effectsOn, isReady } from './world.ts';

/** Killed for want of memory so long ago still counts. Milliseconds. */
const LATELY = 15 * 60_000;
const DAY = 86_400_000;
/** Shares of a limit that are too much. */
const TOO_MUCH = 0.9;

const backends = ({ store }: World): Pod[] => store.list(PODS, NAMESPACE).filter((pod) => appOf(pod) === 'saveit-backend');

/** Why the application gets nothing from its database; `undefined` when it does. */
export function databaseTrouble(world: World): string | undefined {
  const stale = backends(world).some((pod) => effectsOn(world, pod).some(({ stalePool }) => stalePool));
  return refusal(world, APPLICATION_ROLE) ?? (stale ? 'server closed the connection unexpectedly' : undefined);
}

/** What `/api/v1/health/ready` says. */
export function readiness(world: World): { status: number; body: string } {
  const ready = backends(world).filter(isReady);
  if (ready.length === 0) return { status: 503, body: 'no healthy upstream' };
  const database = databaseTrouble(world);
  const redis = ready.some((pod) => redisTrouble(world, pod)) ? 'degraded: rate limits are kept in memory' : 'ok';
  const checks = { database: database === undefined ? 'ok' : database.split('\n')[0], redis };
  return {
    status: database === undefined ? 200 : 503,
    body: JSON.stringify({ status: database === undefined ? 'ready' : 'not ready', checks }),
  };
}

/** What the rules of Save-It's Prometheus measure. What follows from an ill database raises nothing of its own. */
export function measurements(world: World): Measurement[] {
  const ready = backends(world).filter(isReady);
  const database = databaseTrouble(world);
  return [
    {
      alert: 'ApplicationNotResponding',
      firing: ready.length === 0,
      value: ready.length === 0 ? 1 : 0,
      reason: 'no backend is ready: /api/v1/health/ready answers 503',
    },
    {
      alert: 'DatabaseConnectionFailures',
      firing: database !== undefined,
      value: database === undefined ? 0 : 240,
      reason: (database ?? 'the database answers').split('\n')[0] ?? '',
    },
    memory(world),
    processors(world),
    certificate(world),
    redis(world, ready),
    broker(world, ready),
  ];
}

function memory(world: World): Measurement {
  const { share, pod } = memoryShare(world);
  const killed = backends(world).find(({ status }) => {
    const last = status.containerStatuses[0]?.lastState.terminated;
    return last?.reason === 'OOMKilled' && Date.parse(last.finishedAt) > world.now - LATELY;
  });
  const value = killed ? 100 : Math.round(share * 100);
  const reason = killed ? `${killed.metadata.name} was killed for want of memory` : `${pod} holds ${value} % of its memory limit`;
  return { alert: 'HighMemoryUsage', firing: killed !== undefined || share > TOO_MUCH, value, reason };
}

function processors(world: World): Measurement {
  const share = processorShare(world);
  const value = Math.round(share * 100);
  return {
    alert: 'HighCpuUsage',
    firing: share > TOO_MUCH,
    value,
    reason: `the backends use ${value} % of their processor limit`,
  };
}

/** Days until the certificate ends that is in the Secret. */
export function certificateDays({ store, now }: World): number {
  const certificate = store.get(CERTIFICATES_KIND, NAMESPACE, 'saveit-tls');
  return (Date.parse(certificate?.status.notAfter ?? '') - now) / DAY || 0;
}

function certificate(world: World): Measurement {
  const value = certificateDays(world);
  return {
    alert: 'CertificateExpired',
    firing: value <= 0,
    value,
    reason: `the certificate of api.saveit.ai has ${value.toFixed(1)} days left`,
  };
}

function redis(world: World, ready: readonly Pod[]): Measurement {
  const cut = ready.filter((pod) => redisTrouble(world, pod)).length;
  return {
    alert: 'RedisUnreachable',
    firing: cut > 0,
    value: cut,
    reason: `${cut} of ${ready.length} backends get no answer from Redis`,
  };
}

/** How many backends' brokers take devices. */
export const openBrokers = (world: World, ready = backends(world).filter(isReady)): number =>
  ready.filter((pod) => !effectsOn(world, pod).some(({ mqttClosed }) => mqttClosed)).length;

/** Whether devices send nothing, wherever they could send it to. */
export const devicesAreSilent = (world: World): boolean => world.active().some(({ fault }) => fault.devices === 'silent');

function broker(world: World, ready: readonly Pod[]): Measurement {
  const closed = ready.length - openBrokers(world, [...ready]);
  const silent = devicesAreSilent(world);
  return {
    alert: 'MqttBrokerDown',
    firing: closed > 0 || silent,
    value: silent ? Math.max(1, closed) : closed,
    reason:
      closed > 0 ? `port 1883 is closed at ${closed} of ${ready.length} backends` : 'no device has sent anything for ten minutes',
  };
}

/** The certificate as the front door shows it. A new one is served as soon as it is in the Secret. */
export function served({ store, now }: World): ServedCertificate {
  const certificate = store.get(CERTIFICATES_KIND, NAMESPACE, 'saveit-tls');
  const { notBefore = '', notAfter = '', revision = 0 } = certificate?.status ?? {};
  const [name = ''] = certificate?.spec.dnsNames ?? [];
  // Without its Secret the ingress shows its own.
  if (!store.get(SECRETS, NAMESPACE, 'saveit-tls')) return { ...MAKESHIFT, notBefore: iso(now - DAY), notAfter: iso(now + DAY) };
  const valid = Date.parse(notAfter) > now;
  return {
    notBefore: iso(Date.parse(notBefore)),
    notAfter: iso(Date.parse(notAfter)),
    ...{ subject: `CN=${name}`, issuer: "C=US, O=Let's Encrypt, CN=E7", serial: `05A1EC${revision}`, names: [name] },
    ...{ nameMatches: true, trusted: valid, verification: valid ? '' : 'CERT_HAS_EXPIRED' },
  };
}

const iso = (ms: number) => new Date(ms).toISOString();
const MAKESHIFT = {
  ...{
    subject: 'CN=Kubernetes Ingress Controller Fake Certificate',
    issuer: 'CN=Kubernetes Ingress Controller Fake Certificate',
  },
  ...{ serial: '01', names: ['ingress.local'], nameMatches: false, trusted: false, verification: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
};
