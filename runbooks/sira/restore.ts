import type * as z from 'zod';
import type { databaseBackups } from '../commands/database-backups.ts';
import type { databaseContents } from '../commands/database-contents.ts';
import type { databaseDisk } from '../commands/database-disk.ts';
import type { databaseState } from '../commands/database-state.ts';
import { because, type Finding, notNeeded, type Reason } from '../language/reason.ts';
import { megabytes } from './disk.ts';

/** What is known when it must be said whether a backup may take the database's place. */
export interface Restore {
  database: z.output<typeof databaseState.facts>;
  contents: z.output<typeof databaseContents.facts>;
  backups: z.output<typeof databaseBackups.facts>;
  disk: z.output<typeof databaseDisk.facts>;
}
type Backup = NonNullable<Restore['backups']['chosen']>;

/** Tables take more room than their dump, with their indexes and while they are written: about twice as much. */
const DUMP_FACTOR = 2;
/** And a little more than the database that was dumped. */
const DATABASE_FACTOR = 1.2;
/** What the log of changes may take meanwhile. */
const SPARE_MB = 64;
/** The same backup again so soon is the second try of a restore whose end nobody saw. */
const JUST_NOW_SECONDS = 3_600;
/** A verification is over sooner: what was restored longer ago was not restored by this run. */
const THIS_RUN_SECONDS = 600;
/** For so long what was replaced is kept without a word. */
const KEPT_DAYS = 7;

/** How much must be free for a second copy, in whole MB. */
export function roomFor({ contents, backups }: Pick<Restore, 'contents' | 'backups'>): number {
  const dump = (backups.chosen?.unpackedMb ?? 0) * DUMP_FACTOR;
  return Math.ceil(Math.max(dump, contents.mb * DATABASE_FACTOR) + SPARE_MB);
}

/** What is wrong with the backup itself, or `undefined`. */
export function flaw(chosen: Backup | null): string | undefined {
  if (!chosen) return 'there is no such backup';
  if (!chosen.intact) return `${chosen.name} cannot be unpacked to its end`;
  if (!chosen.complete) return `${chosen.name} does not end as a whole dump of one database does`;
  if (chosen.foreign) return `${chosen.name} would do more than fill a database: "${chosen.foreign}"`;
  return undefined;
}

/** Whether it was restored from this very backup just now. */
const done = ({ contents, backups }: Pick<Restore, 'contents' | 'backups'>): boolean =>
  contents.restored !== null &&
  contents.restored.from === backups.chosen?.name &&
  contents.restored.secondsAgo < JUST_NOW_SECONDS;

/** Whether the backup may take the database's place, once a person has said yes. */
export function whyRestore(found: Restore): Reason {
  const { database, contents, backups, disk } = found;
  const { chosen } = backups;
  const wrong = flaw(chosen);
  if (!chosen || wrong) return notNeeded(wrong ?? 'there is no such backup');
  if (database.accepting !== 'accepting')
    return notNeeded(`PostgreSQL does not accept connections (${database.accepting}): the restore needs it to run`);
  if (contents.there === null) return notNeeded(`PostgreSQL could not be asked: ${contents.error}`);
  if (done(found) && contents.open)
    return notNeeded(`it was restored from ${chosen.name} ${spoken(contents.restored?.secondsAgo ?? 0)} ago`);
  if (contents.dumps > 0) return notNeeded('a dump of the database is being made, which a restore would end');
  const room = roomFor(found);
  if (disk.freeMb < room)
    return notNeeded(`a second copy needs ${megabytes(room)}, and the disk of the database has ${megabytes(disk.freeMb)} free`);
  return because(`a person asked for it; ${chosen.name} is ${spoken(chosen.ageSeconds)} old and whole`);
}

/** What the one who is asked must see: the backup's age, and what would be lost. */
export function whatIsLost({ contents, backups }: Pick<Restore, 'contents' | 'backups'>): string[] {
  const { chosen } = backups;
  if (!chosen) return [];
  const lines = [
    `the backup ${chosen.name} of ${spoken(chosen.ageSeconds)} ago takes the database's place (${chosen.rows} rows)`,
    `everything that was written in the last ${spoken(chosen.ageSeconds)} is gone from the application`,
  ];
  if (contents.there === false) return [...lines, 'there is no database of that name now: nothing is replaced'];
  if (contents.rows === null)
    return [...lines, `what is lost cannot be counted: ${contents.error || 'the database cannot be asked'}`];
  const used = contents.lastUsedSecondsAgo;
  return [
    ...lines,
    used === null ? 'the application is not connected now' : `the application used it ${spoken(used)} ago`,
    ...contents.tables.flatMap(({ name, rows }) => difference(name, rows, chosen)),
    'all sessions of the database are ended; the old data stays beside it under another name',
  ];
}

function difference(name: string, now: number, chosen: Backup): string[] {
  const then = chosen.tables.find((table) => table.name === name)?.rows;
  if (then === undefined) return chosen.rows === 0 ? [] : [`${name}: about ${now} rows now, not in the backup`];
  return then === now ? [] : [`${name}: about ${now} rows now, ${then} in the backup`];
}

/**
 * Well is a database that holds the backup, lets the application in, and answers.
 * @param backup the one that was asked for, or `latest`: an earlier restore of another one is none of this run's
 */
export function restored({ contents, database }: Pick<Restore, 'contents' | 'database'>, backup: string): Finding {
  if (database.accepting !== 'accepting') return `PostgreSQL does not accept connections (${database.accepting})`;
  if (!contents.there) return contents.there === null ? contents.error : 'there is no database of that name';
  if (!contents.open) return 'the database lets nobody in';
  if (contents.rows === null) return `the database answers no query: ${contents.error}`;
  const { from, secondsAgo } = contents.restored ?? { from: '', secondsAgo: Number.POSITIVE_INFINITY };
  const meant = backup === 'latest' ? secondsAgo < THIS_RUN_SECONDS : from === backup && secondsAgo < JUST_NOW_SECONDS;
  return meant || 'the database was not restored: nothing was changed';
}

/** Databases that restores have replaced, and that nobody has dropped in time. */
export function overdue({ kept }: Restore['contents']): string[] {
  return kept
    .filter(({ ageDays }) => ageDays >= KEPT_DAYS)
    .map(({ name, mb, ageDays }) => `${name} (${megabytes(mb)}) was replaced ${ageDays} days ago: drop it when nobody needs it`);
}

/** `3 hours`, as a person says it. */
export function spoken(seconds: number): string {
  const [unit, size] =
    seconds < 120 ? ['second', 1] : seconds < 7_200 ? ['minute', 60] : seconds < 172_800 ? ['hour', 3_600] : ['day', 86_400];
  const count = Math.floor(seconds / Number(size));
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
