import type { DatabaseSession } from '../host/host-state.ts';
import { BACKGROUND_PROCESSES, databaseCalled, MAX_CONNECTIONS, RESERVED_CONNECTIONS, sessions } from './database.ts';
import { RESTORE_STATEMENTS } from './restore-statements.ts';
import { SLOW_QUERIES } from './slow-queries.ts';
import { type Connection, named, type Statement } from './sql.ts';

const constant = (gist: RegExp, value?: string): Statement => ({ gist, answer: () => (value === undefined ? [] : [[value]]) });

/** Clients' sessions of a role, idle for so many seconds at least. */
function idle({ engine }: Connection, role: string, seconds: number): DatabaseSession[] {
  const before = engine.now() - seconds * 1_000;
  return sessions(engine).filter(
    (one) => one.role === role && one.state === 'idle' && (seconds === 0 || Date.parse(one.stateChange) < before),
  );
}

const idleSeconds = (sql: string) => Number(/secs => (\d+)/.exec(sql)?.[1] ?? 0);

/** Counts of a role's sessions in one row, as the runbook for a database that is down asks for them. */
const counts: Statement = {
  gist: /superuser_reserved_connections/,
  answer: (connection, sql) => {
    const role = named(sql, 'usename = ');
    const all = sessions(connection.engine);
    const own = all.filter((one) => one.role === role);
    const inState = (state: string) => own.filter((one) => one.state === state).length;
    const numbers = [
      ...[MAX_CONNECTIONS, RESERVED_CONNECTIONS, all.length, own.length, inState('active'), inState('idle in transaction')],
      ...[inState('idle'), idle(connection, role, idleSeconds(sql)).length],
    ];
    return [[...numbers.map(String), roleKind(connection.engine.parts.settings.database, role)]];
  },
};

const roleKind = ({ applicationRole, user }: { applicationRole: string; user: string }, role: string): string =>
  role === user ? 'superuser' : role === applicationRole ? 'ordinary' : 'missing';

/** No row for a role that there is not. */
const kindOfRole: Statement = {
  gist: /^SELECT CASE WHEN rolsuper/,
  answer: ({ engine }, sql) => {
    const kind = roleKind(engine.parts.settings.database, named(sql, 'rolname = '));
    return kind === 'missing' ? [] : [[kind]];
  },
};

const terminateIdle: Statement = {
  gist: /pg_terminate_backend\(pid\)[\s\S]*state = 'idle'/,
  answer: (connection, sql) => {
    const pids = idle(connection, named(sql, 'usename = '), idleSeconds(sql)).map(({ pid }) => pid);
    const { database } = connection.engine.state;
    const before = database.sessions.length;
    database.sessions = database.sessions.filter(({ pid }) => !pids.includes(pid));
    return [[String(before - database.sessions.length)]];
  },
};

const grouped: Statement = {
  gist: /GROUP BY usename, state/,
  answer: ({ engine }) => {
    const groups = new Map<string, number>();
    for (const { role, state } of sessions(engine)) groups.set(`${role}|${state}`, (groups.get(`${role}|${state}`) ?? 0) + 1);
    return [...groups].map(([group, count]) => [...group.split('|'), String(count)]);
  },
};

const size: Statement = {
  gist: /^\s*select\s+pg_database_size/i,
  answer: ({ engine, database }, sql) => [[String(databaseCalled(engine, named(sql, '(') || database)?.bytes ?? 0)]],
};

const processes: Statement = {
  gist: /count\(\*\)[\s\S]*pg_stat_activity/i,
  answer: ({ engine }, sql) => {
    const clients = sessions(engine);
    const wanted = /state\s*=\s*'idle in transaction'/i.test(sql)
      ? clients.filter(({ state }) => state === 'idle in transaction').length
      : clients.length + (sql.includes('client backend') ? 0 : BACKGROUND_PROCESSES);
    return [[String(wanted)]];
  },
};

const terminated: Statement = {
  gist: /pg_(terminate|cancel)_backend\((\d+)\)/,
  answer: ({ engine }, sql) => {
    const pid = Number(/_backend\((\d+)/.exec(sql)?.[1]);
    const { database } = engine.state;
    const found = database.sessions.find((one) => one.pid === pid);
    if (found && sql.includes('cancel'))
      Object.assign(found, { state: 'idle', stateChange: new Date(engine.now()).toISOString() });
    else database.sessions = database.sessions.filter((one) => one !== found);
    return [[found ? 't' : 'f']];
  },
};

/** In this order: what is more special comes first. Another topic's statements have a file of their own and are added here. */
export const STATEMENTS: Statement[] = [
  ...RESTORE_STATEMENTS,
  ...SLOW_QUERIES,
  counts,
  kindOfRole,
  terminateIdle,
  terminated,
  grouped,
  size,
  constant(/max_connections/i, String(MAX_CONNECTIONS)),
  processes,
  constant(/query_start|duration/i),
  constant(/pg_sleep/i),
  constant(/^\s*select\s+1\s*;?\s*$/i, '1'),
  constant(/^\s*select\s+version\(\)/i, 'PostgreSQL 16.4 on x86_64-pc-linux-musl'),
];
