import { PODS } from '../kinds.ts';
import type { Session } from '../state.ts';
import { appOf, isReady, type World } from '../world.ts';

/** Save-It's PostgreSQL is outside of the cluster. The last few connections are kept back for others than the application. */
export const MAX_CONNECTIONS = 100;
export const RESERVED_CONNECTIONS = 5;
export const APPLICATION_ROLE = 'saveit';
export const HOST = 'saveit-db.cluster-simulated.us-east-1.rds.amazonaws.com';
/** What each backend's pool holds when all is well. */
const POOL = 5;

/** Every client that is connected: those of faults, as long as their pods are there, and a well system's own. */
export function sessions(world: World): Session[] {
  const { state } = world.store;
  const pods = world.store.list(PODS);
  state.sessions = state.sessions.filter(({ pod }) => pod === undefined || pods.some(({ metadata }) => metadata.uid === pod));
  const ordinary = pods
    .filter((pod) => appOf(pod) === 'saveit-backend' && isReady(pod))
    .flatMap((_pod, at) =>
      Array.from({ length: POOL }, (_, n) =>
        session(world, { pid: 400 + at * POOL + n, state: n === 0 ? 'active' : 'idle', secondsAgo: n + 1 }),
      ),
    );
  const watching = session(world, {
    pid: 90,
    role: 'postgres_exporter',
    application: 'postgres_exporter',
    state: 'idle',
    secondsAgo: 4,
  });
  return [...ordinary, watching, ...state.sessions];
}

type Wanted = Pick<Session, 'pid' | 'state'> & Partial<Session> & { secondsAgo: number };

export function session({ now }: Pick<World, 'now'>, { secondsAgo, ...wanted }: Wanted): Session {
  const at = new Date(now - secondsAgo * 1_000).toISOString();
  const query = 'SELECT devices.id, devices.name FROM devices WHERE devices.site_id = $1';
  return {
    role: APPLICATION_ROLE,
    database: 'saveit',
    application: 'saveit-backend',
    stateChange: at,
    queryStart: at,
    query,
    ...wanted,
  };
}

/** Why a role gets no connection, in libpq's words; `undefined` when it gets one. */
export function refusal(world: World, role: string): string | undefined {
  const server = `connection to server at "${HOST}" (10.0.20.14), port 5432 failed:`;
  if (world.active().some(({ fault }) => fault.database === 'refused'))
    return `${server} Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?`;
  const taken = sessions(world).length;
  if (taken >= MAX_CONNECTIONS) return `${server} FATAL:  sorry, too many clients already`;
  if (role === APPLICATION_ROLE && taken >= MAX_CONNECTIONS - RESERVED_CONNECTIONS)
    return `${server} FATAL:  remaining connection slots are reserved for roles with privileges of the "pg_use_reserved_connections" role`;
  return undefined;
}

/** Ends connections, as far as a fault has made them: a pool makes its own anew at once. @returns how many of them there were */
export function terminate(world: World, ended: readonly Session[]): number {
  const pids = new Set(ended.map(({ pid }) => pid));
  world.store.state.sessions = world.store.state.sessions.filter(({ pid }) => !pids.has(pid));
  return pids.size;
}
