import type { Database } from '../host/host-state.ts';
import { databaseCalled, databases, sessions } from './database.ts';
import type { DockerEngine } from './engine.ts';
import { type Connection, named, SqlError, type Statement } from './sql.ts';

/** The database that a statement is about. @throws {SqlError} where there is none */
function existing(engine: DockerEngine, name: string): Database {
  const found = databaseCalled(engine, name);
  if (!found) throw new SqlError(`database "${name}" does not exist`);
  return found;
}

/** The name in double quotes after `ALTER DATABASE` and the like. */
const quoted = (sql: string, which = 0): string => [...sql.matchAll(/"(\w+)"/g)][which]?.[1] ?? '';

const chosen = ({ engine }: Connection, sql: string): Database[] =>
  databases(engine).filter(({ name }) => name === named(sql, 'datname = '));

function rename(engine: DockerEngine, from: string, to: string): void {
  const database = existing(engine, from);
  if (sessionsIn(engine, [from]) > 0) throw new SqlError(`database "${from}" is being accessed by other users`);
  if (databaseCalled(engine, to)) throw new SqlError(`database "${to}" already exists`);
  database.name = to;
}

/** The backend comes back by itself, as soon as it may: only those of faults are counted as standing in the way. */
const sessionsIn = (engine: DockerEngine, names: string[]): number =>
  engine.state.database.sessions.filter(({ database }) => names.includes(database)).length;

const nothing = (gist: RegExp): Statement => ({ gist, answer: () => [] });

const door: Statement = {
  gist: /datallowconn THEN 'open'/,
  answer: (connection, sql) => chosen(connection, sql).map(({ open }) => [open ? 'open' : 'closed']),
};

const admit: Statement = {
  gist: /ALLOW_CONNECTIONS (true|false)/,
  answer: (connection, sql) => {
    const { engine } = connection;
    const about = sql.startsWith('ALTER') ? [existing(engine, quoted(sql))] : chosen(connection, sql);
    for (const database of about) database.open = sql.includes('CONNECTIONS true');
    return [];
  },
};

const dumping: Statement = {
  gist: /count\(\*\) FROM pg_stat_activity WHERE datname[\s\S]*'pg_dump'/,
  answer: ({ engine }) => [[String(sessions(engine).filter(({ application }) => application === 'pg_dump').length)]],
};

const throwOut: Statement = {
  gist: /pg_terminate_backend\(pid\)\) FROM pg_stat_activity WHERE datname/,
  answer: ({ engine }, sql) => {
    const names = [...(sql.split('datname')[1] ?? '').matchAll(/'(\w+)'/g)].map(([, name = '']) => name);
    const { database } = engine.state;
    const before = database.sessions.length;
    database.sessions = database.sessions.filter((one) => !names.includes(one.database));
    return [[String(before - database.sessions.length)]];
  },
};

const drop: Statement = {
  gist: /^DROP DATABASE IF EXISTS/,
  answer: ({ engine }, sql) => {
    engine.state.database.databases = databases(engine).filter(({ name }) => name !== quoted(sql));
    return [];
  },
};

const create: Statement = {
  gist: /format\('CREATE DATABASE %I/,
  answer: (connection, sql) => {
    const { engine } = connection;
    const name = /'(\w+_firebreak_restore)'/.exec(sql)?.[1] ?? '';
    const owner = chosen(connection, sql)[0]?.owner ?? engine.parts.settings.database.applicationRole;
    if (databaseCalled(engine, name)) throw new SqlError(`database "${name}" already exists`);
    databases(engine).push({ name, owner, bytes: 7_500_000, tables: {}, open: true, comment: '' });
    return [];
  },
};

const comment: Statement = {
  gist: /^COMMENT ON DATABASE/,
  answer: ({ engine }, sql) => {
    existing(engine, quoted(sql)).comment = named(sql, ' IS ');
    return [];
  },
};

const renamed: Statement = {
  gist: /RENAME TO/,
  answer: (connection, sql) => {
    const { engine } = connection;
    if (sql.startsWith('ALTER')) rename(engine, quoted(sql), quoted(sql, 1));
    else for (const { name } of chosen(connection, sql)) rename(engine, name, named(sql, 'datname, '));
    return [];
  },
};

const rowsOfAll: Statement = {
  gist: /format\('SELECT count\(\*\) FROM ONLY/,
  answer: ({ engine, database }) => Object.values(existing(engine, database).tables).map((rows) => [String(rows)]),
};

const list: Statement = {
  gist: /pg_database_size\(oid\)/,
  answer: ({ engine }, sql) => {
    const name = named(sql, 'datname IN ');
    const ours = (one: string) => one === name || one === `${name}_firebreak_restore` || one.startsWith(`${name}_before_`);
    return databases(engine)
      .filter((database) => ours(database.name))
      .map(({ name, open, bytes, comment }) => [name, open ? 't' : 'f', String(bytes), comment]);
  },
};

const activity: Statement = {
  gist: /^SELECT '-'/,
  answer: ({ engine }, sql) => {
    const all = sessions(engine);
    const own = all.filter(({ role }) => role === named(sql, 'usename = '));
    const last = Math.min(...own.map(({ stateChange }) => engine.now() - Date.parse(stateChange)));
    const dumps = all.filter(({ application }) => application === 'pg_dump').length;
    return [['-', String(dumps), String(own.length === 0 ? -1 : Math.round(last / 1_000)), '']];
  },
};

const tables: Statement = {
  gist: /pg_stat_user_tables/,
  answer: ({ engine, database }) =>
    Object.entries(existing(engine, database).tables).map(([name, rows]) => [`public.${name}`, String(rows)]),
};

/** What a restore says and asks. Settings and rights of a database are not simulated. */
export const RESTORE_STATEMENTS: Statement[] = [
  ...[create, nothing(/CONNECTION LIMIT|pg_db_role_setting|format\('(REVOKE|GRANT)|^ANALYZE/)],
  ...[door, admit, dumping, throwOut, drop, comment, renamed, rowsOfAll, list, activity, tables],
];
