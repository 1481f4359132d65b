import * as z from 'zod';
import { databaseState } from '../commands/database-state.ts';
import { deploymentState, sayDeployment } from '../commands/deployment-state.ts';
import { recentBackups } from '../commands/recent-backups.ts';
import { restoreTestState } from '../commands/restore-test-state.ts';
import { testRestore } from '../commands/test-restore.ts';
import { runbook } from '../language/define.ts';
import { because, notNeeded } from '../language/reason.ts';
import { databaseIncident, lastGood, listed, notNow, untested } from './backups.ts';
import { megabytes } from './disk.ts';
import { stackOf } from './stack.ts';
import { sira } from './system.ts';

/** SIRA's page, section 9, prevention: the restore procedure is tried each month. */
export default runbook(sira, 'restore-test', {
  title: 'Restore test of the newest backup',
  symptom: 'None: it is tried each month whether the newest good backup can be restored, in a scratch container.',
  owner: 'dba',
  triggers: [],
  parameters: z.object({
    youngerThanDays: z.number().int().min(1).max(90).default(1).describe('A good test this young is enough, in days'),
    memoryMb: z.number().int().min(128).max(16_384).default(512).describe('What the scratch container may take of memory, in MB'),
    loadPerCpu: z
      .number()
      .min(0.1)
      .max(1_000)
      .default(1.5)
      .describe('It is not begun on a host whose load per CPU is above this'),
  }),
  people: [
    'Reading a report or two from the restored data: that rows are there does not say that they are right.',
    'Trying the whole way back, with a new host and its configuration: this tries the data alone.',
  ],
  prevention: ['It runs by itself each month, at an hour when few use SIRA.'],
})
  .diagnose('backups', 'Verify the newest backups', {
    command: recentBackups,
    with: (_, { backups }) => backups,
    freshFor: '10m',
    says: (found) => {
      const good = lastGood(found);
      return good ? `${good.name} is the newest good one, ${megabytes(good.bytes / 1_048_576)}` : 'there is no good one';
    },
  })
  .diagnose('test', 'See how the last restore test ended', {
    command: restoreTestState,
    with: (_, { containers: { db } }) => ({ container: db }),
    says: ({ last, leftOver, dockerFreeMb, memoryAvailableMb }) =>
      [
        last ? `${last.good ? 'good' : 'bad'}, ${Math.floor(last.ageSeconds / 86_400)} days ago` : 'there was none',
        `${megabytes(dockerFreeMb)} free for Docker, ${megabytes(memoryAvailableMb)} of memory`,
        ...(leftOver > 0 ? [`${leftOver} scratch containers are left over`] : []),
      ].join('; '),
  })
  .diagnose('database', 'Check the database', {
    command: databaseState,
    with: (_, { containers: { db }, database }) => ({ container: db, user: database.user, database: database.name }),
    says: ({ state, accepting }) => `${state}, ${accepting}`,
  })
  .diagnose('deployment', 'See whether a deployment is under way', {
    command: deploymentState,
    with: (_, settings) => stackOf(settings),
    says: sayDeployment,
  })

  .act('Restore the newest good backup into a scratch container', {
    when: (facts, p) => {
      const due = untested(facts.test, p);
      if (!due) return notNeeded('a good restore test is young enough');
      const hindered = notNow(facts, p);
      return hindered ? notNeeded(`${due}, but ${hindered}`) : because(due);
    },
    command: testRestore,
    says: ({ backup, tables, rows, rowsInDump, tookSeconds }) =>
      `${backup}: ${tables} tables, ${rows} of ${rowsInDump} rows, in ${tookSeconds} s`,
    with: ({ backups }, { memoryMb }, settings) => ({
      container: settings.containers.db,
      user: settings.database.user,
      database: settings.database.name,
      folder: settings.backups.folder,
      name: lastGood(backups)?.name ?? '',
      memoryMb,
    }),
  })

  .verify('The backup can be restored', {
    looks: { test: { command: restoreTestState, with: (_, { containers: { db } }) => ({ container: db }) } },
    holds: ({ test }, p) =>
      untested(test, p) ?? (test.leftOver === 0 ? true : `${test.leftOver} scratch containers are left over`),
    settle: '2s',
    times: 1,
    every: '30s',
    within: '2m',
  })
  .escalate({
    to: 'dba',
    tell: (facts, p) => {
      const hindered = notNow(facts, p) ?? databaseIncident(facts.database);
      return [
        hindered ? `Not tested: ${hindered}.` : `${untested(facts.test, p) ?? 'The last restore test was good'}.`,
        listed(facts.backups),
      ].join('\n');
    },
  })
  .limits({ acts: 2, per: '1h' })
  .schedule({
    name: 'monthly-restore-test',
    why: 'A backup that has never been restored is a hope.',
    // By the page's own users it is night, and cron's backup is over. What the host does at that hour is looked at, too.
    at: '03:40',
    on: { dayOfMonth: 3 },
    // Worse than a backup that was missed: nothing says any more that any of them can be restored.
    severity: 'P2',
  })
  .examples(
    {
      name: 'the monthly test finds every row',
      faults: [],
      schedule: 'monthly-restore-test',
      acts: ['Restore the newest good backup into a scratch container'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'rows are missing when it is restored',
      faults: ['restore-loses-rows'],
      schedule: 'monthly-restore-test',
      acts: ['Restore the newest good backup into a scratch container'],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a scratch container that an earlier test left is removed',
      faults: ['restore-test-cut-off'],
      acts: ['Restore the newest good backup into a scratch container'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'there is no good backup to restore',
      faults: ['backup-all-broken'],
      schedule: 'monthly-restore-test',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: "it is not begun beside cron's own backup",
      faults: ['backup-under-way'],
      schedule: 'monthly-restore-test',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'nor during a database incident',
      faults: ['database-recovering'],
      schedule: 'monthly-restore-test',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    { name: 'a rehearsal changes nothing', faults: [], dryRun: true, acts: [], ends: 'succeeded', pages: 0 },
  );
