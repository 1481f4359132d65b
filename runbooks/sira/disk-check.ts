import * as z from 'zod';
import { diskUsage } from '../commands/disk-usage.ts';
import { dockerUsage } from '../commands/docker-usage.ts';
import { largestFolders } from '../commands/largest-folders.ts';
import { oldLogs } from '../commands/old-logs.ts';
import { absolutePath } from '../commands/parameters.ts';
import { runbook } from '../language/define.ts';
import { filling, megabytes } from './disk.ts';
import { stackOf } from './stack.ts';
import { sira } from './system.ts';

/** SIRA's page, section 6, prevention: an alert at 70 % used, and looking before it is urgent. */
export default runbook(sira, 'disk-check', {
  title: 'Disk is filling up',
  symptom: 'More than 70 % of a disk is used: nothing is slow yet, and there is time to look by day.',
  owner: 'devops',
  // Nobody is hurt at 70 %: it waits for the next business day. Below 20 % free, DiskSpaceLow is P1 and acts.
  triggers: [{ alert: 'DiskSpaceFilling', severity: 'P3' }],
  parameters: z.object({
    mount: absolutePath.default('/').describe('The filesystem whose folders are measured'),
    usedAtMost: z.number().min(50).max(80).default(70).describe('Used space that is still well, in percent'),
    keepLogsDays: z.number().int().min(1).max(365).default(7).describe('Logs younger than this are no old logs, in days'),
  }),
  fromSignal: ({ labels }) => ({ mount: labels.path ?? labels.mountpoint }),
  people: [
    'Deciding what may go, or a larger disk: with a quarter of the disk left there is time for a person to think.',
    'Starting `sira/disk-space-low` by hand, which deletes what is past its retention, where that is enough.',
  ],
  prevention: [
    'Rotate logs: logrotate for the folders, max-size and max-file for containers.',
    'Delete old backups in the backup script.',
    'Remove images after each deployment that nothing runs any more.',
  ],
})
  .diagnose('disk', 'Check disk usage', {
    command: diskUsage,
    says: ({ filesystems }) =>
      filesystems.map((fs) => `${fs.mount} ${fs.freePercent} % free, inodes ${fs.inodesUsedPercent} %`).join('; '),
  })
  .diagnose('folders', 'Find the largest folders', {
    command: largestFolders,
    with: ({ mount }) => ({ mount }),
    says: ({ folders }) =>
      folders
        .slice(0, 3)
        .map((folder) => `${folder.path} ${megabytes(folder.mb)}`)
        .join(', ') || 'nothing could be read',
  })
  .diagnose('logs', 'Count old logs', {
    command: oldLogs,
    with: ({ mount, keepLogsDays }, { logFolders }) => ({ folders: logFolders, mount, olderThanDays: keepLogsDays }),
    says: ({ files, mb }) => `${files} old logs hold ${megabytes(mb)}`,
  })
  .diagnose('docker', 'See what Docker holds', {
    command: dockerUsage,
    with: (_, settings) => stackOf(settings),
    says: ({ images, imagesMb, buildCacheMb, volumes }) =>
      `${images.length} unused images ${megabytes(imagesMb)}, build cache ${megabytes(buildCacheMb)}, ${volumes.length} unused volumes`,
  })
  .escalate({
    to: 'devops',
    tell: ({ disk, folders, logs, docker }, p) =>
      [
        `${filling(disk, p) ?? `Every filesystem is under ${p.usedAtMost} % now`}.`,
        `The largest folders: ${folders.folders
          .slice(0, 5)
          .map(({ path, mb }) => `${path} ${megabytes(mb)}`)
          .join(', ')}.`,
        `What can go without loss: ${logs.files} logs older than ${p.keepLogsDays} days (${megabytes(logs.mb)}), ${docker.images.length} images (${megabytes(docker.imagesMb)}), build cache (${megabytes(docker.buildCacheMb)}).`,
      ].join('\n'),
  })
  .schedule({
    name: 'daily',
    why: 'Disks fill slowly: whoever looks once a day is never surprised at night',
    // Before the working day of whoever reads it.
    at: '05:40',
    on: 'day',
    severity: 'P3',
  })
  .expects(({ disk }, p) => filling(disk, p) ?? true)
  .examples(
    {
      name: 'three quarters of the disk are used: the alarm finds a person, and nothing is deleted',
      faults: ['disk-filling'],
      alert: { name: 'DiskSpaceFilling', value: 75, target: 'sira-prod-1' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the daily look finds it, too',
      faults: ['disk-filling'],
      schedule: 'daily',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the daily look wakes nobody while there is room',
      faults: [],
      schedule: 'daily',
      acts: [],
      ends: 'succeeded',
      pages: 0,
    },
    {
      name: 'a host that does not answer is no host with room',
      faults: ['host-unreachable'],
      schedule: 'daily',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    { name: 'by hand it only tells', faults: ['disk-filling'], acts: [], ends: 'succeeded', pages: 0 },
  );
