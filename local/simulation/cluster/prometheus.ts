import type { World } from './fault.ts';
import { NAMESPACE } from './healthy.ts';
import { sessions } from './inside/postgres.ts';
import { memoryShare, processorShare } from './inside/usage.ts';
import { PODS } from './kinds.ts';
import { certificateDays, databaseTrouble, devicesAreSilent, openBrokers, readiness } from './outside.ts';
import { appOf, isReady } from './world.ts';

/** Requests a second on an ordinary day, and how many of them end badly even then. */
const REQUESTS = 42.5;
const USUAL_ERRORS = 0.04;
/** Messages a second that devices send to a backend's broker. */
const MESSAGES = 12;
const DAY_SECONDS = 86_400;

interface Series {
  gist: RegExp;
  now(world: World): number;
  /** Whether something counts it; otherwise there is no such series, and there never was. */
  counted?(world: World): boolean;
  /** Before anything was wrong. */
  before: number;
}

const backends = ({ store }: World) =>
  store.list(PODS, NAMESPACE).filter((pod) => appOf(pod) === 'saveit-backend' && isReady(pod)).length;

/** Users go elsewhere when nothing answers. */
const requests = (world: World) => (readiness(world).status === 200 ? REQUESTS : REQUESTS * 0.4);

function errors(world: World): number {
  if (backends(world) === 0) return requests(world);
  if (databaseTrouble(world) !== undefined) return requests(world) * 0.8;
  const strained = Math.max(memoryShare(world).share, processorShare(world)) > 0.9;
  return strained ? requests(world) * 0.05 : USUAL_ERRORS;
}

/** What queries are answered by their gist. The first that fits answers; a ratio of errors is one of them. */
const SERIES: Series[] = [
  {
    gist: /status=~"5\.\."[\s\S]*\/[\s\S]*http_requests_total/,
    now: (world) => errors(world) / requests(world),
    before: USUAL_ERRORS / REQUESTS,
  },
  { gist: /http_requests_total\{[^}]*status=~"5/, now: errors, before: USUAL_ERRORS },
  { gist: /probe_success/, now: (world) => (readiness(world).status === 200 ? 1 : 0), before: 1 },
  { gist: /http_requests_total/, now: requests, before: REQUESTS },
  {
    gist: /mqtt\w*messages/,
    now: (world) => (devicesAreSilent(world) ? 0 : openBrokers(world) * MESSAGES),
    counted: (world) => world.active().every(({ fault }) => fault.devices !== 'uncounted'),
    before: 3 * MESSAGES,
  },
  { gist: /mqtt/, now: openBrokers, before: 3 },
  {
    gist: /cert_expiry|not_after/,
    now: (world) => Math.round(world.now / 1_000 + certificateDays(world) * DAY_SECONDS),
    before: 0,
  },
  { gist: /pg_stat_activity|numbackends/, now: (world) => sessions(world).length, before: 16 },
];

/**
 * Prometheus' `/api/v1/query`, for a few queries: as it is now, or as it was before the oldest fault that is on. A series
 * that it does not have answers with an empty result, as Prometheus does.
 * @see https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries
 */
export function query(world: World, asked: URLSearchParams): { status: number; body: string } {
  const text = asked.get('query') ?? '';
  if (text === '')
    return {
      status: 400,
      body: JSON.stringify({
        status: 'error',
        errorType: 'bad_data',
        error: 'invalid parameter "query": no expression found in input',
      }),
    };
  const given = asked.get('time');
  const at = given === null ? world.now : /^[\d.]+$/.test(given) ? Number(given) * 1_000 : Date.parse(given);
  const found = SERIES.find(({ gist }) => gist.test(text));
  const series = found?.counted?.(world) === false ? undefined : found;
  const earlier = world.active().every(({ since }) => at < since) && at < world.now - 60_000;
  const hourAgo = /offset\s+1h/.test(text);
  const value = series && (earlier || hourAgo ? series.before : series.now(world));
  const result = value === undefined ? [] : [{ metric: {}, value: [at / 1_000, String(value)] }];
  return { status: 200, body: JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }) };
}
