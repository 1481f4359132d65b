import * as z from 'zod';
import { abandonRestore } from '../commands/abandon-restore.ts';
import { databaseBackups } from '../commands/database-backups.ts';
import { databaseContents } from '../commands/database-contents.ts';
import { databaseDisk } from '../commands/database-disk.ts';
import { databaseState } from '../commands/database-state.ts';
import { deploymentState, sayDeployment } from '../commands/deployment-state.ts';
import { backupChoice } from '../commands/parameters.ts';
import { restoreDatabase } from '../commands/restore-database.ts';
import { runbook } from '../language/define.ts';
import { httpProbe } from '../language/probe.ts';
import { notYet } from '../language/reason.ts';
import { megabytes } from './disk.ts';
import { flaw, overdue, restored, roomFor, spoken, whatIsLost, whyRestore } from './restore.ts';
import { stackOf } from './stack.ts';
import { type SiraSettings, sira } from './system.ts';

/** How PostgreSQL is asked, and whose database it is. */
const asked = ({ containers, database }: SiraSettings) => ({
  container: containers.db,
  user: database.user,
  database: database.name,
});
const owned = (settings: SiraSettings) => ({ ...asked(settings), role: settings.database.applicationRole });

/** SIRA's page, section 2, "Recovery", and the database restore of its quick reference. By hand only: no alarm starts it. */
export default runbook(sira, 'restore-database', {
  title: 'Restore the database from a backup',
  symptom: 'Data is damaged or was lost, and a person has decided to go back to a backup.',
  owner: 'dba',
  triggers: [],
  parameters: z.object({
    backup: backupChoice.default('latest').describe("The backup's file name in the folder of backups, or latest"),
  }),
  people: [
    'Deciding that data is damaged, and which backup is from before that.',
    'Saying yes: another person than the one who asked, who sees how old the backup is and what would be lost.',
    'Dropping the old data, which stays beside the new under the name <database>_before_<time>: for 7 days it is kept without a word, then each run names it. Nothing drops it by itself: after a restore it is the only place where what was lost can still be found, and no timer knows whether somebody has looked.',
    'Going back: ALTER DATABASE ... RENAME exchanges the two names again, while nobody is connected.',
    'A PostgreSQL that does not start: there is nothing to restore into. The database admin sets up a new one first.',
  ],
  prevention: ['Test the restore every month: sira/restore-test does, in a container of its own.'],
})
  .diagnose('database', 'Check the database and its log', {
    command: databaseState,
    with: (_, settings) => asked(settings),
    says: ({ state, accepting }) => `${state}, ${accepting}`,
  })
  .diagnose('contents', 'See what the database holds now', {
    command: databaseContents,
    with: (_, settings) => owned(settings),
    says: ({ there, mb, rows, lastUsedSecondsAgo, restored, leftover, kept }) =>
      [
        there ? `${megabytes(mb)}, about ${rows ?? 'an unknown number of'} rows` : 'it is not there, or could not be asked',
        lastUsedSecondsAgo === null ? 'no session of the application' : `last used ${spoken(lastUsedSecondsAgo)} ago`,
        ...(restored ? [`restored from ${restored.from} ${spoken(restored.secondsAgo)} ago`] : []),
        ...(leftover ? ['a restore that was cut off has left something'] : []),
        ...(kept.length > 0 ? [`${kept.length} replaced databases are kept`] : []),
      ].join('; '),
  })
  .diagnose('backups', 'Look through the backup', {
    command: databaseBackups,
    with: ({ backup }, { backups: { folder, prefix } }) => ({ folder, prefix, backup }),
    // To unpack a large one takes minutes, and the act looks through it again before it begins.
    freshFor: '45m',
    says: ({ chosen, backups }) =>
      flaw(chosen) ??
      `${chosen?.name}, ${spoken(chosen?.ageSeconds ?? 0)} old, ${chosen?.rows} rows; ${backups.length} backups in all`,
  })
  .diagnose('disk', 'Check the disk of the database', {
    command: databaseDisk,
    with: (_, { containers }) => ({ container: containers.db }),
    says: ({ freeMb }) => `${megabytes(freeMb)} free`,
  })
  .diagnose('deployment', 'See whether a deployment is under way', {
    command: deploymentState,
    with: (_, settings) => stackOf(settings),
    says: sayDeployment,
  })

  /*
   * The page contradicts itself: its restore runs inside the backend, which must not use the database meanwhile, and whose
   * container has two names. Here it runs in the database's own container, with the archive from the host. The backend goes on
   * with the old data while the new database is filled beside it; only for the moment in which the names are exchanged its
   * sessions are ended, and none is let in. So it needs no stop, and it finds its way back as after any lost connection.
   */
  .act('Restore the backup', {
    approver: 'another',
    when: (found) => whyRestore(found),
    command: restoreDatabase,
    says: ({ backup, kept, rows, tables }) =>
      `${rows} rows in ${tables} tables from ${backup}${kept ? `; the old data is kept as ${kept}` : ''}`,
    with: (found, _, settings) => ({
      ...owned(settings),
      folder: settings.backups.folder,
      backup: found.backups.chosen?.name ?? '',
      bytes: found.backups.chosen?.bytes ?? 0,
      roomMb: roomFor(found),
    }),
    list: (found) => whatIsLost(found),
    undo: { command: abandonRestore, with: (_, __, settings) => asked(settings) },
  })

  .verify('The database holds the backup, and the API answers', {
    looks: {
      database: { command: databaseState, with: (_, settings) => asked(settings) },
      contents: { command: databaseContents, with: (_, settings) => owned(settings) },
      api: { probe: (_, { urls }) => httpProbe(urls.api) },
    },
    holds: ({ api, database, contents }, { backup }) => {
      const finding = restored({ database, contents }, backup);
      if (finding !== true) return finding;
      return (
        api.well || notYet(`the database holds the backup, and ${api.url} answers ${api.status || `nothing (${api.error})`}`)
      );
    },
    settle: '15s',
    times: 3,
    every: '20s',
    within: '5m',
  })
  .escalate({
    to: 'dba',
    // Who asks for a restore waits for data; a database that nobody gets into is an application that is down.
    asBadAs: ({ database, contents }) => (database.accepting === 'accepting' && contents.open ? 'P1' : 'P0'),
    tell: (found) => {
      const reason = whyRestore(found);
      const { contents, backups } = found;
      return [
        reason.needed ? `The backup could be restored: ${reason.why}.` : `Not restored: ${reason.why}.`,
        ...(contents.open ? [] : ['The database lets nobody in: ALTER DATABASE ... ALLOW_CONNECTIONS true.']),
        ...contents.kept.slice(0, 5).map(({ name, ageDays }) => `Older data is kept as ${name}, ${ageDays} days old.`),
        ...overdue(contents),
        `Backups: ${backups.backups
          .slice(0, 5)
          .map(({ name, mb, ageSeconds }) => `${name} (${megabytes(mb)}, ${spoken(ageSeconds)} old)`)
          .join(', ')}.`,
      ].join('\n');
    },
  })
  .limits({ acts: 2, per: '1h' })
  .examples(
    {
      name: 'another person says yes',
      faults: [],
      answers: 'approve',
      acts: ['Restore the backup'],
      ends: 'resolved',
      pages: 0,
    },
    { name: 'another person says no', faults: [], answers: 'deny', acts: [], ends: 'escalated', pages: 1 },
    { name: 'nobody answers', faults: [], acts: [], ends: 'escalated', pages: 1 },
    {
      name: 'the newest backup cannot be unpacked: nothing is changed',
      faults: ['backup-corrupt'],
      answers: 'approve',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the newest backup stops in the middle: nothing is changed',
      faults: ['backup-truncated'],
      answers: 'approve',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a statement of the backup fails: nothing is changed',
      faults: ['backup-failing'],
      answers: 'approve',
      acts: ['Restore the backup'],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'there is no room for a second copy',
      faults: ['disk-full-logs'],
      answers: 'approve',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a dump is being made: it is left alone',
      faults: ['database-dump-running'],
      answers: 'approve',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the database does not run',
      faults: ['database-panic'],
      answers: 'approve',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    { name: 'a rehearsal changes nothing', faults: [], dryRun: true, acts: [], ends: 'succeeded', pages: 0 },
  );
