import type * as z from 'zod';
import type { databaseConnectionLog } from '../commands/database-connection-log.ts';
import type { databaseDisk } from '../commands/database-disk.ts';
import type { databaseSessions } from '../commands/database-sessions.ts';
import type { databaseState } from '../commands/database-state.ts';
import type { HttpFacts } from '../language/probe.ts';
import { because, type Finding, notNeeded, notYet, type Reason } from '../language/reason.ts';

/** What is known of the database when it must be said what to do. */
export interface DatabaseHealth {
  database: z.output<typeof databaseState.facts>;
  sessions: z.output<typeof databaseSessions.facts>;
  disk: z.output<typeof databaseDisk.facts>;
  backend: z.output<typeof databaseConnectionLog.facts>;
}

/** Below this PostgreSQL cannot write what it must before it answers. */
const DISK_FULL_PERCENT = 2;
const INODES_FULL_PERCENT = 95;
/** One that has just been started may be silent for so long while it reads its files. */
const STARTING_SECONDS = 120;
/** So few free connections are none: the next moment's requests take them. */
const FEW_LEFT = 2;

const STOPPED = ['exited', 'dead', 'created'];

/** Why nothing of it may be touched, and a database admin must come: what a restart could make worse. */
export function damage({ database, disk }: Pick<DatabaseHealth, 'database' | 'disk'>): string | undefined {
  if (database.panic) return 'PostgreSQL has panicked: its log says so';
  if (database.damaged) return 'PostgreSQL finds data that is damaged: its log says so';
  if (database.diskFull) return 'PostgreSQL could not write: no space left on its device';
  const full = disk.places.find(
    ({ freePercent, inodesUsedPercent }) => freePercent < DISK_FULL_PERCENT || inodesUsedPercent >= INODES_FULL_PERCENT,
  );
  return (
    full &&
    `the disk of the database is full: ${full.path} has ${full.freePercent} % free, ${full.inodesUsedPercent} % of its inodes are used`
  );
}

/** Data that can no longer be trusted: the page's "database corruption". A full disk is none. */
export const corrupt = ({ database }: Pick<DatabaseHealth, 'database'>): boolean =>
  database.damaged || (database.panic && !database.diskFull);

/** Every connection that an ordinary role may have is taken, or nearly so. */
export function exhausted({ database, sessions }: Pick<DatabaseHealth, 'database' | 'sessions'>): boolean {
  if (database.tooManyClients || /too many clients|remaining connection slots/.test(sessions.error)) return true;
  return sessions.asked && sessions.clients >= sessions.most - sessions.reserved - FEW_LEFT;
}

/** Whether it does not answer: stopped, or silent although it has had time to start. */
export function whyRestart(health: Pick<DatabaseHealth, 'database' | 'disk'>): Reason {
  const { state, accepting, startedSecondsAgo } = health.database;
  const stop = damage(health);
  if (stop) return notNeeded(`${stop}: a restart could make it worse`);
  if (state === 'missing') return notNeeded('the database has no container: a restart makes none');
  if (STOPPED.includes(state)) return because(`the database does not run (${state})`);
  if (state !== 'running') return notNeeded(`the database's container is ${state}: that is Docker's, or somebody's`);
  if (accepting === 'rejecting')
    return notNeeded('the database is starting or recovering, and rejects connections until it is done: it is waited for');
  if (accepting === 'accepting') return notNeeded('the database accepts connections');
  if (accepting === 'unknown') return notNeeded('it is not known whether the database accepts connections');
  if ((startedSecondsAgo ?? 0) <= STARTING_SECONDS) return notNeeded('the database was started less than two minutes ago');
  return because(`the database has been running for ${Math.round((startedSecondsAgo ?? 0) / 60)} minutes, and nothing answers`);
}

/** Whether ending idle sessions would give the application connections again. */
export function whyEnd(health: Pick<DatabaseHealth, 'database' | 'disk' | 'sessions'>, minutes: number): Reason {
  const { clients, most, application, role, asked, error } = health.sessions;
  const stop = damage(health);
  if (stop) return notNeeded(stop);
  if (health.database.accepting !== 'accepting')
    return notNeeded(`the database does not accept connections (${health.database.accepting})`);
  if (!exhausted(health))
    return notNeeded(asked ? `${clients} of ${most} connections are taken` : `its sessions are not known: ${error}`);
  if (!asked) return notNeeded('not even the superuser gets a connection: a person must end sessions');
  if (role !== 'ordinary')
    return notNeeded(
      `the application's role is ${role === 'missing' ? 'not there' : 'a superuser'}: its sessions may be an administrator's`,
    );
  if (application.idleLong === 0)
    return notNeeded(
      `${clients} of ${most} connections are taken, and none of the application's has been idle for over ${minutes} minutes: ${application.active} are at work, ${application.inTransaction} in a transaction`,
    );
  return because(
    `${clients} of ${most} connections are taken, and ${application.idleLong} of the application's have been idle for over ${minutes} minutes`,
  );
}

/** Well is: PostgreSQL answers a query, and the backend answers that it is well. One that starts or recovers gets its time. */
export function wellAgain({ database, api }: { database: DatabaseHealth['database']; api: HttpFacts }): Finding {
  const { state, accepting, connections } = database;
  if (state !== 'running') return `the database is ${state}`;
  if (database.panic || database.damaged || database.diskFull)
    return 'the log of the database tells of damage, or of a full disk';
  if (accepting === 'rejecting') return notYet('the database is starting or recovering');
  if (accepting !== 'accepting') return `the database does not answer (${accepting})`;
  if (database.tooManyClients) return 'every connection of the database is taken';
  if (connections === null) return 'the database accepts connections and answers no query';
  return api.well || notYet(`the database answers, and ${api.url} answers ${api.status || `nothing (${api.error})`}`);
}

/** What a person should look at first. */
export function databaseCause(health: DatabaseHealth, minutes: number): string {
  const stop = damage(health);
  if (stop) return `${stop}. Nothing was restarted: that could make it worse`;
  const restart = whyRestart(health);
  if (restart.needed) return restart.why;
  return exhausted(health) ? whyEnd(health, minutes).why : restart.why;
}
