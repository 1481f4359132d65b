import type * as z from 'zod';
import type { databaseState } from '../commands/database-state.ts';
import type { recentBackups } from '../commands/recent-backups.ts';
import type { restoreTestState } from '../commands/restore-test-state.ts';
import type { serviceStatus } from '../commands/service-status.ts';
import { megabytes } from './disk.ts';
import type { SiraSettings } from './system.ts';

export type Backups = z.output<typeof recentBackups.facts>;
type Backup = Backups['backups'][number];
type Database = Pick<z.output<typeof databaseState.facts>, 'state' | 'accepting' | 'tooManyClients' | 'diskFull' | 'panic'>;

/** Everything that is known when it must be said whether a backup may be run. */
export interface BackupFacts {
  backups: Backups;
  database: Database;
  services: Pick<z.output<typeof serviceStatus.facts>, 'containers' | 'dockerLive'>;
}
export type RestoreTest = z.output<typeof restoreTestState.facts>;

const MB = 1024 * 1024;
const HOUR = 3_600;
/** One that grew within the last minute may still grow, although nobody is seen to write it. */
const SETTLED_SECONDS = 60;
/** The least room for a backup where none tells how much it takes. */
const LEAST_MB = 100;

const mb = ({ bytes }: Pick<Backup, 'bytes'>) => bytes / MB;
/** What a broken one is called, for people. */
const SPOKEN: Record<Backup['state'], string> = {
  whole: 'whole',
  broken: 'does not unpack to its end',
  incomplete: 'lacks the line that a dump ends with',
  unchecked: 'was not unpacked',
};

/** The newest that unpacks to the last line of its dump, and is no sudden dwarf. */
export function lastGood({ backups }: Backups): Backup | undefined {
  const whole = backups.filter(({ state }) => state === 'whole');
  const [first, second] = whole;
  return first && second && isDwarf(first, second) ? second : first;
}

/** Less than half of the one before it: a table is missing, or all rows of one. */
const isDwarf = (one: Backup, before: Backup) => one.bytes * 2 < before.bytes;

/** Whether one is being made, and by what: the sentence, or `undefined`. */
export function beingMade({ running, backups: [newest] }: Backups): string | undefined {
  const [first] = running;
  if (first) return `a backup runs (pid ${first.pid}, for ${Math.round(first.seconds / 60)} min: ${first.command.slice(0, 100)})`;
  const growing = newest && newest.state !== 'whole' && newest.state !== 'unchecked' && newest.ageSeconds < SETTLED_SECONDS;
  return growing ? `${newest.name} was written to less than a minute ago` : undefined;
}

/** What is wrong with the newest backup, or `undefined` when it is young, whole and not suddenly small. */
export function illness(found: Backups, { maxAgeHours }: { maxAgeHours: number }): string | undefined {
  if (!found.folderFound) return 'the folder of backups is not there';
  const [newest, ...older] = found.backups;
  if (!newest) return 'there is no backup';
  if (newest.state !== 'whole') return `the newest backup, ${newest.name}, ${SPOKEN[newest.state]}`;
  if (newest.ageSeconds > maxAgeHours * HOUR) return `the newest backup is ${hours(newest)} hours old`;
  const before = older.find(({ state }) => state === 'whole');
  if (before && isDwarf(newest, before))
    return `the newest backup has ${megabytes(mb(newest))}, less than half of the ${megabytes(mb(before))} before it`;
  return undefined;
}

const hours = ({ ageSeconds }: Backup) => Math.floor(ageSeconds / HOUR);

/** Why the database must not be dumped now, or `undefined`: an incident of its own comes first. */
export function databaseIncident({ state, accepting, tooManyClients, diskFull, panic }: Database): string | undefined {
  if (state !== 'running') return `the database does not run (${state})`;
  if (panic) return 'the database has panicked: its log says so';
  if (diskFull) return "the database's log tells of a full disk";
  if (tooManyClients) return 'every connection of the database is taken';
  return accepting === 'accepting' ? undefined : `the database does not accept connections (${accepting})`;
}

/** Why no backup may be run now, or `undefined` when nothing is in its way. */
export function hindrance({ backups, database, services }: BackupFacts, settings: SiraSettings): string | undefined {
  if (!backups.folderFound) return `there is no folder ${settings.backups.folder}`;
  const made = beingMade(backups);
  if (made) return made;
  const [newest] = backups.backups;
  if (newest?.state === 'unchecked') return `${newest.name} could not be unpacked in time, so nobody knows whether it is whole`;
  if (!services.dockerLive) return 'Docker does not answer on this host';
  const incident = databaseIncident(database);
  if (incident) return incident;
  const backend = services.containers.find(({ name }) => name === settings.containers.backend);
  if (backend?.state !== 'running')
    return `${settings.containers.backend}, in which the script lives, does not run (${backend?.state ?? 'no container'})`;
  const wanted = roomWanted(backups);
  return backups.freeMb < wanted
    ? `${settings.backups.folder} has ${megabytes(backups.freeMb)} free, and ${megabytes(wanted)} are wanted: twice the last one's size`
    : undefined;
}

/** Twice what the last good one takes; where there is none, twice the largest that there is. */
function roomWanted(found: Backups): number {
  const last = lastGood(found);
  const sizes = last ? [mb(last)] : found.backups.map(mb);
  return Math.max(2 * Math.max(0, ...sizes), sizes.length > 0 ? 0 : LEAST_MB);
}

/** As the page's `ls -lh | tail -5` shows them, with what it does not show: whether each is whole. */
export function listed({ backups, total, freeMb }: Backups): string {
  const lines = backups.map((one) => `${one.name}  ${megabytes(mb(one))}  ${hours(one)} hours old  ${SPOKEN[one.state]}`);
  return [`The newest of ${total} backups (${megabytes(freeMb)} free):`, ...lines].join('\n');
}

/** Whether nothing that is younger than two days could be restored. */
export function staleForDays(found: Backups): boolean {
  const last = lastGood(found);
  return last === undefined || last.ageSeconds > 48 * HOUR;
}

// --- The restore test ------------------------------------------------------------------------------------------------

/** What is wrong with the last restore test, or `undefined` when it was good and is young enough. */
export function untested({ last }: RestoreTest, { youngerThanDays }: { youngerThanDays: number }): string | undefined {
  if (!last) return 'no restore has been tested on this host';
  if (!last.good)
    return `${last.backup} did not give back what it holds: ${last.tables} of ${last.tablesInDump} tables, ${last.rows} of ${last.rowsInDump} rows, ${last.errors} statements failed`;
  const days = Math.floor(last.ageSeconds / (24 * HOUR));
  return last.ageSeconds > youngerThanDays * 24 * HOUR ? `the last good restore test was ${days} days ago` : undefined;
}

/** PostgreSQL without anything, and as much again as a packed dump becomes: about ten times its size. */
const SCRATCH_MB = 200;
const UNPACKED = 10;

/** Why no restore may be tested now, or `undefined`. The command measures room and memory again, by the dump itself. */
export function notNow(
  { backups, test, database }: { backups: Backups; test: RestoreTest; database: Database },
  { memoryMb, loadPerCpu }: { memoryMb: number; loadPerCpu: number },
): string | undefined {
  const good = lastGood(backups);
  if (!good) return 'there is no good backup to restore';
  const made = beingMade(backups);
  if (made) return made;
  const incident = databaseIncident(database);
  if (incident) return incident;
  if (!test.image) return "the database's image is not known";
  const room = SCRATCH_MB + UNPACKED * mb(good);
  if (test.dockerFreeMb < room) return `Docker has ${megabytes(test.dockerFreeMb)} free, and ${megabytes(room)} may be taken`;
  if (test.memoryAvailableMb < memoryMb + 256)
    return `${megabytes(test.memoryAvailableMb)} of memory are available, and ${megabytes(memoryMb)} may be taken`;
  return test.load1 > loadPerCpu * test.cpus ? `the host is busy: load ${test.load1} on ${test.cpus} CPUs` : undefined;
}
