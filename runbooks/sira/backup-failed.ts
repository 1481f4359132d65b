import * as z from 'zod';
import { databaseState } from '../commands/database-state.ts';
import { deploymentState, sayDeployment } from '../commands/deployment-state.ts';
import { diskUsage } from '../commands/disk-usage.ts';
import { recentBackups } from '../commands/recent-backups.ts';
import { runBackup } from '../commands/run-backup.ts';
import { serviceStatus } from '../commands/service-status.ts';
import { runbook } from '../language/define.ts';
import { because, notNeeded, notYet } from '../language/reason.ts';
import { beingMade, databaseIncident, hindrance, illness, lastGood, listed, staleForDays } from './backups.ts';
import { megabytes } from './disk.ts';
import { stackOf } from './stack.ts';
import { type SiraSettings, sira } from './system.ts';

const backupsOf = ({ backups }: SiraSettings) => backups;

/** SIRA's page, section 9. */
export default runbook(sira, 'backup-failed', {
  title: 'Failed backup',
  symptom: 'The cron job that makes the backup has failed, or there is no recent backup file.',
  owner: 'devops',
  triggers: [{ alert: 'BackupFailed', severity: 'P3' }],
  parameters: z.object({
    maxAgeHours: z
      .number()
      .min(1)
      .max(168)
      .default(26)
      .describe('The newest backup may be this old, in hours: a day, and the time that cron takes'),
  }),
  // What monitoring knows of a backup is often looked at once in a while only.
  clearsWithin: '1h',
  people: [
    'Mending the script or its cron job: what the script said is in the evidence.',
    'Making room for backups: an older one may be the last that can be restored.',
    "Reading cron's own log (journalctl -u cron): which host, user and line start the script is not known here.",
  ],
  prevention: [
    'Watch the job itself: docs/alerts has a rule on the age of the last good backup.',
    'The restore is tried each month by sira/restore-test.',
    'Let cron tell of failures (MAILTO, or a monitor that misses its call).',
  ],
})
  .diagnose('backups', 'Verify the newest backups', {
    command: recentBackups,
    with: (_, settings) => backupsOf(settings),
    // Unpacking large ones takes minutes; the act looks again itself.
    freshFor: '10m',
    says: (found) => {
      const [newest] = found.backups;
      const age = newest ? `${newest.name}, ${Math.floor(newest.ageSeconds / 3_600)} hours old, ${newest.state}` : 'no backup';
      return `${age}; ${megabytes(found.freeMb)} free; ${beingMade(found) ?? 'none is being made'}`;
    },
  })
  .diagnose('database', 'Check the database', {
    command: databaseState,
    with: (_, { containers: { db }, database }) => ({ container: db, user: database.user, database: database.name }),
    says: ({ state, accepting }) => `${state}, ${accepting}`,
  })
  .diagnose('services', 'Check service status', {
    command: serviceStatus,
    with: (_, settings) => stackOf(settings),
    says: ({ containers, dockerLive }) =>
      dockerLive ? containers.map(({ service, state }) => `${service} ${state}`).join(', ') : 'Docker does not answer',
  })
  .diagnose('disk', 'Check disk usage', {
    command: diskUsage,
    says: ({ filesystems }) => filesystems.map(({ mount, freePercent }) => `${mount} ${freePercent} % free`).join('; '),
  })
  .diagnose('deployment', 'See whether a deployment is under way', {
    command: deploymentState,
    with: (_, settings) => stackOf(settings),
    says: sayDeployment,
  })

  .act('Run the backup', {
    when: (facts, p, settings) => {
      const ill = illness(facts.backups, p);
      if (!ill) return notNeeded('the newest backup is young and whole');
      const hindered = hindrance(facts, settings);
      return hindered ? notNeeded(`${ill}, but ${hindered}`) : because(ill);
    },
    command: runBackup,
    says: ({ name, bytes, tookSeconds }) => `${name} made in ${tookSeconds} s, ${megabytes(bytes / 1_048_576)}`,
    with: ({ backups }, _, settings) => ({
      ...backupsOf(settings),
      container: settings.containers.backend,
      lastBytes: lastGood(backups)?.bytes ?? 0,
    }),
  })

  .verify('There is a recent and whole backup', {
    looks: { backups: { command: recentBackups, with: (_, settings) => backupsOf(settings) } },
    holds: ({ backups }, p) => {
      const made = beingMade(backups);
      if (made) return notYet(made);
      return illness(backups, p) ?? true;
    },
    settle: '5s',
    times: 2,
    every: '1m',
    // One that cron has begun is given this long to end.
    within: '45m',
  })
  .escalate({
    to: 'devops',
    instead: { dba: ({ database }) => databaseIncident(database) !== undefined },
    asBadAs: ({ backups }) => (staleForDays(backups) ? 'P2' : undefined),
    tell: (facts, p, settings) =>
      [
        `${illness(facts.backups, p) ?? 'The newest backup is young and whole'}.`,
        ...[hindrance(facts, settings)].flatMap((why) => (why ? [`In the way: ${why}.`] : [])),
        listed(facts.backups),
      ].join('\n'),
  })
  .limits({ acts: 2, per: '1h' })
  .schedule({
    name: 'daily-backup-check',
    why: 'A backup that failed in silence is found the next morning, not on the day that it is needed.',
    at: '06:10',
    on: 'day',
    severity: 'P3',
  })
  .examples(
    {
      name: 'cron has made none for two days, and the script works',
      faults: ['backup-missing'],
      alert: { name: 'BackupFailed', value: 50, target: 'sira-prod-1' },
      acts: ['Run the backup'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'the last archive broke off, and a new one is whole',
      faults: ['backup-broken-off'],
      alert: { name: 'BackupFailed', value: 26, target: 'sira-prod-1' },
      acts: ['Run the backup'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'the script fails',
      faults: ['backup-script-fails'],
      alert: { name: 'BackupFailed', value: 50, target: 'sira-prod-1' },
      acts: ['Run the backup'],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'what the script makes is far too small',
      faults: ['backup-too-small'],
      alert: { name: 'BackupFailed', value: 50, target: 'sira-prod-1' },
      acts: ['Run the backup'],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'what the script makes breaks off',
      faults: ['backup-dump-dies'],
      alert: { name: 'BackupFailed', value: 50, target: 'sira-prod-1' },
      acts: ['Run the backup'],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'there is no room for twice the last one',
      faults: ['backup-no-room'],
      alert: { name: 'BackupFailed', value: 50, target: 'sira-prod-1' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: "cron's own backup is late and runs: it is left alone, and ends well",
      faults: ['backup-under-way'],
      alert: { name: 'BackupFailed', value: 27, target: 'sira-prod-1' },
      acts: [],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'a database incident is left to its own runbook',
      faults: ['backup-missing', 'database-recovering'],
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a deployment runs, and a person says no',
      faults: ['backup-missing', 'deploy-running'],
      alert: { name: 'BackupFailed', value: 50, target: 'sira-prod-1' },
      answers: 'deny',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the daily check finds all well and wakes nobody',
      faults: [],
      schedule: 'daily-backup-check',
      acts: [],
      ends: 'succeeded',
      pages: 0,
    },
    {
      name: 'the daily check finds none since the day before yesterday, and makes one',
      faults: ['backup-missing'],
      schedule: 'daily-backup-check',
      acts: ['Run the backup'],
      ends: 'resolved',
      pages: 0,
    },
    { name: 'a rehearsal changes nothing', faults: ['backup-missing'], dryRun: true, acts: [], ends: 'succeeded', pages: 0 },
    { name: 'by hand on a well system there is nothing to do', faults: [], acts: [], ends: 'succeeded', pages: 0 },
  );
