import { iso } from '../../../functions/incident/clock.ts';
import type { Container } from '../host/host-state.ts';
import { sessions } from './database.ts';
import type { DockerEngine } from './engine.ts';

/** How a fault makes answers slow, while it is on. */
interface Slow {
  /** Within which 95 % of answers come. */
  seconds: number;
  /** Requests that wait for a worker; a slow one is only slow while there are no more workers than at first. */
  waiting?: number;
  /** The processors' load, and what the backend takes of them in percent. */
  load?: number;
  cpuPercent?: number;
  /** How long the services of others take, in seconds. */
  outside?: number;
  /** The session without which it is over. */
  session?: { pid: number; role: 'application' | 'superuser'; application: string; query: string };
}

const SLOW: Record<string, Slow | undefined> = {
  'slow-workers': { seconds: 3.4, waiting: 17 },
  'slow-query': {
    seconds: 4.1,
    session: {
      pid: 7_301,
      role: 'application',
      application: 'sira-backend',
      query:
        "SELECT r.* FROM recommendations r JOIN users u ON u.id = r.user_id WHERE u.email = 'ada@example.com' ORDER BY score",
    },
  },
  'slow-cpu': { seconds: 3.2, waiting: 9, load: 2.41, cpuPercent: 178 },
  'slow-external': { seconds: 5.2, waiting: 6, outside: 4.8 },
  'slow-dump': {
    seconds: 2.6,
    session: {
      pid: 7_302,
      role: 'superuser',
      application: 'pg_dump',
      query: 'COPY public.recommendations (id, label) TO stdout;',
    },
  },
};

const FAST: Slow = { seconds: 0.3, waiting: 0, load: 0.42 };

/** The slowest of what is at work now. */
export function slowest(engine: DockerEngine): Slow {
  return Object.keys(engine.state.faults)
    .flatMap((id) => {
      const slow = SLOW[id];
      return slow && lasts(engine, id, slow) ? [slow] : [];
    })
    .reduce((worst, one) => (one.seconds > worst.seconds ? one : worst), FAST);
}

function lasts(engine: DockerEngine, id: string, { session }: Slow): boolean {
  if (session) return sessions(engine).some(({ pid, state }) => pid === session.pid && state === 'active');
  const backend = engine.of('backend');
  return id !== 'slow-workers' || backend === undefined || workersOf(engine, backend) <= 4;
}

const workersOf = (engine: DockerEngine, container: Container) =>
  Number(engine.command(container)[engine.command(container).indexOf('--workers') + 1] ?? 1);

/** Begins the session that makes answers slow, if the fault has one. */
export function beginSlow(engine: DockerEngine, id: string): void {
  const session = SLOW[id]?.session;
  if (!session) return;
  const { applicationRole, user, name } = engine.parts.settings.database;
  const [began, connected] = [42_000, 600_000].map((ago) => iso(new Date(engine.now() - ago)));
  const { pid, application, query } = session;
  engine.state.database.sessions.push({
    ...{ pid, application, query, database: name, role: session.role === 'application' ? applicationRole : user },
    ...{ state: 'active', since: connected ?? '', stateChange: began ?? '', queryStart: began ?? '' },
  });
}

export function endSlow(engine: DockerEngine, id: string): void {
  const pid = SLOW[id]?.session?.pid;
  engine.state.database.sessions = engine.state.database.sessions.filter((one) => one.pid !== pid);
}
