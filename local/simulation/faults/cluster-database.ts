import type { ClusterFault, PodEffect, World } from '../cluster/fault.ts';
import { session } from '../cluster/inside/postgres.ts';
import type { Session } from '../cluster/state.ts';
import { BACKEND, backends } from './cluster-objects.ts';

/** With a well system's own these are so many that only those are left that are kept back. */
const MANY = 80;
const FIRST_PID = 2_000;

function add(world: World, one: (at: number) => Partial<Session> & { state: Session['state']; secondsAgo: number }): undefined {
  const made = Array.from({ length: MANY }, (_, at) => session(world, { pid: FIRST_PID + at, ...one(at) }));
  world.store.state.sessions.push(...made);
}

const remove = ({ store }: World) => {
  store.state.sessions = store.state.sessions.filter(({ pid }) => pid < FIRST_PID || pid >= FIRST_PID + MANY);
};

const says = (line: string, pods: PodEffect['pods'] = 'all'): PodEffect => ({
  app: BACKEND,
  pods,
  lines: [`ERROR:    app.core.database: (psycopg2.OperationalError) ${line}`],
});
const FULL =
  'FATAL:  remaining connection slots are reserved for roles with privileges of the "pg_use_reserved_connections" role';

export const databaseFaults: ClusterFault[] = [
  {
    id: 'saveit-connections-exhausted',
    title: "The database's connections are used up by idle ones that a vanished client has left, for 40 minutes",
    effects: [says(FULL)],
    on: (world) => add(world, () => ({ state: 'idle', secondsAgo: 2_400 })),
    off: remove,
  },
  {
    id: 'saveit-pool-leaked',
    title: "The database's connections are used up by the backends' own pools; a restart of the backend frees them",
    effects: [says(FULL, 'older')],
    on: (world) => {
      const pods = backends(world);
      return add(world, (at) => ({ state: 'idle', secondsAgo: 120, pod: pods[at % pods.length]?.metadata.uid ?? '' }));
    },
    off: remove,
  },
  {
    id: 'saveit-connections-foreign',
    title: "The database's connections are used up by a report of another role, which is at work",
    effects: [says(FULL)],
    on: (world) =>
      add(world, () => ({
        role: 'reporting',
        application: 'quarterly-report',
        state: 'active',
        secondsAgo: 900,
        query: 'SELECT * FROM readings',
      })),
    off: remove,
  },
  {
    id: 'saveit-database-refused',
    title: 'The database refuses connections: nothing listens there any more',
    database: 'refused',
    effects: [says('connection to server at "saveit-db", port 5432 failed: Connection refused')],
  },
  {
    id: 'saveit-pool-stale',
    title: 'The database has failed over, and the pools hold connections to the old one; a restart of the backend helps',
    effects: [{ ...says('server closed the connection unexpectedly', 'older'), stalePool: true }],
  },
];
