import { iso } from '../../../functions/incident/clock.ts';
import { MAX_CONNECTIONS, RESERVED_CONNECTIONS, sessions } from '../docker/database.ts';
import type { Crash, DockerEngine } from '../docker/engine.ts';
import type { FaultKind, Ground } from '../fault-kind.ts';
import type { DatabaseSession } from '../host/host-state.ts';
import { day, MiB } from '../host/tree.ts';

const MINUTE = 60_000;

/** Lets a service say something some moments ago. */
function says({ engine }: Ground, key: 'db' | 'backend', ago: number, ...lines: string[]): void {
  const container = engine.of(key);
  for (const text of lines)
    if (container) engine.say(container, { at: iso(new Date(engine.now() - ago)), stream: 'stderr', text });
}

const UNREACHED = 'sqlalchemy.exc.OperationalError: connection to server at "db", port 5432 failed: ';

/** What PostgreSQL said last is read before it is started again, so a start that helps lets it say more than is read. */
function restored({ engine }: Ground): void {
  const db = engine.of('db');
  if (!db) return;
  engine.start(db);
  db.said = db.said.filter(({ text }) => !/PANIC|No space left|invalid page/.test(text));
}

function ended(ground: Ground, { lines, exitCode }: Pick<Crash, 'lines' | 'exitCode'>): void {
  const db = ground.engine.of('db');
  if (db?.state !== 'running') return;
  says(ground, 'db', 3 * MINUTE, ...lines);
  says(ground, 'backend', 2 * MINUTE, `${UNREACHED}Connection refused`);
  ground.engine.end(db, exitCode, Math.max(Date.parse(db.startedAt), ground.engine.now() - 3 * MINUTE));
}

/** It ends again after each start, and says why. */
const endsAlways = (id: string, title: string, exitCode: number, lines: string[]): FaultKind => ({
  id,
  title,
  crash: { service: 'db', afterSeconds: 1, exitCode, lines },
  on: (ground) => ended(ground, { lines, exitCode }),
  off: restored,
});

/** So many sessions of the application that every connection is taken that an ordinary role may have. */
function takeAll({ engine }: Ground, state: DatabaseSession['state'], since: number): void {
  const { applicationRole, name } = engine.parts.settings.database;
  const startedAt = Date.parse(engine.of('db')?.startedAt ?? iso(new Date(since)));
  const moment = iso(new Date(Math.max(startedAt, since)));
  const missing = MAX_CONNECTIONS - RESERVED_CONNECTIONS - sessions(engine).length;
  const own = { role: applicationRole, database: name, application: 'sira-import', state };
  for (let at = 0; at < missing; at += 1)
    engine.state.database.sessions.push({
      ...own,
      ...{ pid: 4_000 + engine.state.database.sessions.length, since: moment, stateChange: moment, queryStart: moment },
      query: 'SELECT id, label FROM recommendations',
    });
}

function release(engine: DockerEngine, application: string): void {
  engine.state.database.sessions = engine.state.database.sessions.filter((one) => one.application !== application);
}

const exhausted = (id: string, title: string, state: DatabaseSession['state'], minutes: number): FaultKind => ({
  id,
  title,
  on: (ground) => {
    takeAll(ground, state, ground.engine.now() - minutes * MINUTE);
    const refused = 'FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute';
    says(ground, 'db', MINUTE, `[311] ${refused}`);
    says(ground, 'backend', MINUTE, `${UNREACHED}${refused}`);
  },
  off: ({ engine }) => release(engine, 'sira-import'),
});

/** Puts something in the newest backup's place; a good one from the next night on. */
const backupFault = (id: string, title: string, spoil: (whole: string) => string, cut?: number): FaultKind => ({
  id,
  title,
  on: ({ engine, tree }) => {
    const { folder, prefix } = engine.parts.settings.backups;
    const at = engine.now() - MINUTE;
    tree.backup(`${folder}/${prefix}${day(at)}_spoilt.sql.gz`, 2 * MiB, at, spoil);
    if (cut !== undefined) tree.cut(`${folder}/${prefix}${day(at)}_spoilt.sql.gz`, cut, at);
  },
  off: ({ engine, tree }) =>
    tree.removeOlder([engine.parts.settings.backups.folder], Number.POSITIVE_INFINITY, /_spoilt\.sql\.gz$/),
});

export const databaseFaults: FaultKind[] = [
  {
    id: 'database-down',
    title: 'PostgreSQL was killed and stayed down; a restart brings it back',
    on: (ground) =>
      ended(ground, { exitCode: 137, lines: ['[1] LOG:  server process (PID 311) was terminated by signal 9: Killed'] }),
    off: restored,
  },
  {
    id: 'database-hung',
    title: 'PostgreSQL runs and answers nothing; a restart brings it back',
    database: { answers: 'nothing' },
    on: (ground) => says(ground, 'backend', MINUTE, `${UNREACHED}timeout expired`),
    off: () => undefined,
  },
  {
    id: 'database-recovering',
    title: 'PostgreSQL replays its log after a crash and rejects everybody; three minutes later it is well by itself',
    database: { answers: 'rejecting', forSeconds: 180 },
    on: (ground) => {
      says(
        ground,
        'db',
        MINUTE,
        '[1] LOG:  database system was interrupted; last known up at 03:02:11 UTC',
        '[29] LOG:  redo starts at 0/9D4F2E8',
      );
      says(ground, 'backend', MINUTE, `${UNREACHED}FATAL:  the database system is starting up`);
    },
    off: () => undefined,
  },
  endsAlways('database-panic', 'PostgreSQL panics at each start: its log of changes is damaged', 1, [
    '[29] PANIC:  could not locate a valid checkpoint record at 0/9D4F2E8',
    '[1] LOG:  startup process (PID 29) was terminated by signal 6: Aborted',
  ]),
  endsAlways('database-disk-full', 'PostgreSQL cannot write any more: its volume is full', 1, [
    '[44] PANIC:  could not write to file "pg_wal/xlogtemp.44": No space left on device',
    '[1] LOG:  terminating any other active server processes',
  ]),
  endsAlways('database-broken', 'PostgreSQL ends at each start: wrong configuration, a restart does not help', 1, [
    '[1] FATAL:  configuration file "/var/lib/postgresql/data/postgresql.conf" contains errors',
  ]),
  {
    id: 'database-corrupt',
    title: 'PostgreSQL finds damaged data, and answers nothing: a restart might spread the damage',
    database: { answers: 'nothing' },
    on: (ground) => says(ground, 'db', MINUTE, '[311] ERROR:  invalid page in block 42 of relation base/16384/16423'),
    off: restored,
  },
  exhausted('database-exhausted', 'Every connection is taken by sessions that have sat idle for an hour', 'idle', 60),
  exhausted('database-busy', 'Every connection is taken by sessions that are at work', 'active', 2),
  {
    id: 'database-dump-running',
    title: 'A dump of the database is being made',
    on: ({ engine }) => {
      const moment = iso(engine.parts.clock.now());
      engine.state.database.sessions.push({
        ...{ pid: 3_900, role: engine.parts.settings.database.user, database: engine.parts.settings.database.name },
        ...{ application: 'pg_dump', state: 'active', since: moment, stateChange: moment, queryStart: moment },
        query: 'COPY public.recommendations (id, label) TO stdout;',
      });
    },
    off: ({ engine }) => release(engine, 'pg_dump'),
  },
  backupFault('backup-corrupt', 'The newest backup cannot be unpacked', (whole) => whole, 200),
  backupFault('backup-truncated', 'The newest backup unpacks, and stops in the middle of a table', (whole) =>
    whole.slice(0, whole.length / 2),
  ),
  backupFault('backup-failing', 'The newest backup is whole, and holds a statement that fails', (whole) =>
    whole.replace('CREATE TABLE public.recommendations', 'CREAT TABLE public.recommendations'),
  ),
];
