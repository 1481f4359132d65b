import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { abandonRestore } from '../../../runbooks/commands/abandon-restore.ts';
import { endIdleSessions } from '../../../runbooks/commands/end-idle-sessions.ts';
import { restoreDatabase } from '../../../runbooks/commands/restore-database.ts';
import { until } from '../until.ts';
import type { Stage } from './stage.ts';
import type { Trying } from './trying.ts';

const SOON_MS = 120_000;
const RESTORING = 'sira_firebreak_restore';

/** The acts that speak to PostgreSQL. */
export function databaseTryings(stage: Stage): Trying[] {
  return [restore(stage), abandoned(stage), idleSessions(stage)];
}

/** How a command finds the database. */
export function asked({ stack: { settings } }: Stage) {
  const { containers, database } = settings;
  return { container: containers.db, user: database.user, database: database.name };
}

/** Says SQL beside the application's database, which may be shut just now. */
export function aside({ place, stack }: Stage, ...sql: string[]): Promise<string> {
  const words = ['exec', stack.settings.containers.db, 'psql', '-U', 'postgres', '-d', 'postgres', '-At'];
  return place.engine.docker([...words, ...sql.flatMap((one) => ['-c', one])]);
}

/** Every row of the table that the application reads, in a few letters. */
export const digest = ({ stack }: Stage): Promise<string> =>
  stack.query("SELECT count(*) || ' ' || md5(string_agg(id::text, ',' ORDER BY id)) FROM visits");

/** A dump of what there is now. @returns how many bytes its archive has */
export async function dumpTo(stage: Stage, file: string, changed = (dump: string) => dump): Promise<number> {
  const words = ['exec', stage.stack.settings.containers.db, 'pg_dump', '-h', '127.0.0.1', '-U', 'postgres', 'sira'];
  writeFileSync(file, gzipSync(changed(`${await stage.place.engine.docker(words)}\n`)));
  return statSync(file).size;
}

/** What no cut may take: that there is a database, and what it holds. */
async function standing(stage: Stage): Promise<string[]> {
  const said = await aside(stage, "SELECT datname, datallowconn FROM pg_database WHERE datname LIKE 'sira%'");
  const names = said.split('\n').map((line) => line.split('|'));
  const open = names.find(([name]) => name === 'sira')?.[1];
  return [
    `there: ${open !== undefined}`,
    `data: ${open === 't' ? await digest(stage) : 'nobody is let in'}`,
    ...(names.some(([name]) => name === RESTORING) ? ['something unfinished is left'] : []),
  ];
}

function restore(stage: Stage): Trying {
  const folder = join(stage.place.disk.path, 'srv', 'restore');
  const backup = 'sira_whole.sql.gz';
  let bytes = 0;
  return {
    cuts: 6,
    // While the backup is read in.
    during: '-1 -v ON_ERROR_STOP',
    prepare: async () => {
      await dropKept(stage);
      mkdirSync(folder, { recursive: true });
      if (bytes === 0) bytes = await dumpTo(stage, join(folder, backup));
      await stage.stack.query('INSERT INTO visits SELECT 5000 + count(*) FROM visits');
      return restoreDatabase({ ...asked(stage), role: 'postgres', folder, backup, bytes, roomMb: 50 });
    },
    state: () => standing(stage),
  };
}

/** What restores have replaced: a few megabytes each, on a small disk. */
export async function dropKept(stage: Stage): Promise<void> {
  const kept = await aside(stage, "SELECT datname FROM pg_database WHERE datname LIKE 'sira\\_before\\_%'");
  for (const name of kept.split('\n').filter(Boolean)) await aside(stage, `DROP DATABASE "${name}"`);
}

function abandoned(stage: Stage): Trying {
  return {
    cuts: 3,
    prepare: async () => {
      await aside(stage, `DROP DATABASE IF EXISTS ${RESTORING}`, `CREATE DATABASE ${RESTORING}`);
      await aside(stage, 'ALTER DATABASE sira ALLOW_CONNECTIONS false');
      return abandonRestore(asked(stage));
    },
    state: () => standing(stage),
  };
}

/** Opens sessions of a role that then sit idle; PostgreSQL ends them, or the container's end does. */
export async function sitIdle({ place, stack }: Stage, role: string, count: number): Promise<void> {
  const one = `sleep 600 | psql -q -U ${role} -d postgres -c 'SELECT 1' -f - >/dev/null 2>&1 &`;
  const script = `for n in $(seq ${count}); do ${one} done; wait`;
  await place.engine.docker(['exec', '--detach', stack.settings.containers.db, 'sh', '-c', script]);
}

/** How many sessions of a role there are, by their state. */
export const sessionsOf = (stage: Stage, role: string): Promise<string> =>
  aside(stage, `SELECT state, count(*) FROM pg_stat_activity WHERE usename = '${role}' GROUP BY state ORDER BY state`);

/** Sessions of each role. */
const EACH = 3;

/** A role for each try, so that all of them sit idle for long enough at the same time. */
function idleSessions(stage: Stage): Trying {
  const roles = ['one', 'two', 'three', 'four', 'five', 'six'].map((name) => `idle_${name}`);
  let turn = -1;
  const open = async () => {
    for (const role of roles) {
      await aside(stage, `CREATE ROLE ${role} LOGIN`);
      await sitIdle(stage, role, EACH);
    }
    const long = `SELECT count(*) FROM pg_stat_activity WHERE usename LIKE 'idle_%' AND state = 'idle' AND state_change < now() - interval '31 seconds'`;
    await until('all have been idle for long', async () => (await aside(stage, long)) === String(roles.length * EACH), SOON_MS);
  };
  return {
    cuts: 3,
    prepare: async () => {
      if (turn === -1) await open();
      turn += 1;
      return endIdleSessions({ ...asked(stage), role: roles[turn] ?? '', idleSeconds: 30 });
    },
    state: async () => [`${await sessionsOf(stage, roles[turn] ?? '')}`],
  };
}
