import * as z from 'zod';
import { deleteBackups } from '../commands/delete-backups.ts';
import { deleteOldLogs } from '../commands/delete-old-logs.ts';
import { deleteRotatedContainerLogs } from '../commands/delete-rotated-container-logs.ts';
import { deletedOpenFiles } from '../commands/deleted-open-files.ts';
import { deploymentState, sayDeployment } from '../commands/deployment-state.ts';
import { diskUsage } from '../commands/disk-usage.ts';
import { dockerUsage } from '../commands/docker-usage.ts';
import { largestFolders } from '../commands/largest-folders.ts';
import { oldBackups } from '../commands/old-backups.ts';
import { oldLogs } from '../commands/old-logs.ts';
import { absolutePath } from '../commands/parameters.ts';
import { removeBuildCache } from '../commands/remove-build-cache.ts';
import { removeDockerLeftovers } from '../commands/remove-docker-leftovers.ts';
import { removeImages } from '../commands/remove-images.ts';
import { rotatedContainerLogs } from '../commands/rotated-container-logs.ts';
import { runbook } from '../language/define.ts';
import { because, notNeeded } from '../language/reason.ts';
import { enough, free, liesOn, megabytes } from './disk.ts';
import { backupFiles, stackOf } from './stack.ts';
import { sira } from './system.ts';

/** SIRA's page, section 6. */
export default runbook(sira, 'disk-space-low', {
  title: 'Disk space running low',
  symptom: 'Less than 20 % of a disk is free, the application slows down, logs can no longer be written.',
  owner: 'devops',
  triggers: [{ alert: 'DiskSpaceLow', severity: 'P1' }],
  parameters: z.object({
    mount: absolutePath.default('/').describe('Where the full filesystem is mounted'),
    freeAtLeast: z.number().min(20).max(90).default(25).describe('Free space to reach, in percent; it stops there'),
    keepLogsDays: z.number().int().min(1).max(365).default(7).describe('Logs younger than this stay, in days'),
    keepBackupsDays: z.number().int().min(1).max(365).default(7).describe('Backups younger than this stay, in days'),
  }),
  // The CloudWatch agent calls it `path`, node_exporter `mountpoint`.
  fromSignal: ({ labels }) => ({ mount: labels.path ?? labels.mountpoint }),
  people: [
    'Ending a process that holds a deleted file open: the page names it, and what it does is not known here.',
    'Truncating the live log of a container: it would lose what may explain the incident. Set max-size and max-file in the compose file instead.',
    'Emptying what the largest folders hold, where it is none of logs, backups or Docker.',
  ],
  prevention: [
    'Rotate logs: logrotate for the folders, max-size and max-file for containers.',
    'Delete old backups in the backup script; this runbook finds what it leaves.',
    'An alarm at 70 % used leaves time to look by day.',
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
    freshFor: '10m',
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
  .diagnose('containerLogs', 'Count rotated container logs', {
    command: rotatedContainerLogs,
    with: ({ keepLogsDays }) => ({ olderThanDays: keepLogsDays }),
    says: ({ files, mb }) => `${files} rotated container logs hold ${megabytes(mb)}`,
  })
  .diagnose('backups', 'Find backups past their retention', {
    command: oldBackups,
    with: ({ keepBackupsDays }, settings) => ({ ...backupFiles(settings), keepDays: keepBackupsDays }),
    // Unpacking every backup to prove it takes long; nothing but this runbook deletes any.
    freshFor: '10m',
    says: ({ deletable, mb, valid }) =>
      `${valid.length} newest good ones stay; ${deletable.length} older ones hold ${megabytes(mb)}`,
  })
  .diagnose('docker', 'See what Docker holds', {
    command: dockerUsage,
    with: (_, settings) => stackOf(settings),
    says: ({ images, buildCacheMb, volumes, allRunning }) =>
      `${images.length} unused images, build cache ${megabytes(buildCacheMb)}, ${volumes.length} unused volumes, ${allRunning ? 'all containers running' : 'not all containers running'}`,
  })
  .diagnose('openFiles', 'Find deleted files that are still open', {
    command: deletedOpenFiles,
    says: ({ files, totalMb }) =>
      files.length === 0 ? 'nothing deleted is held open' : `${files.length} deleted files are held open, ${megabytes(totalMb)}`,
  })
  .diagnose('deployment', 'See whether a deployment is under way', {
    command: deploymentState,
    with: (_, settings) => stackOf(settings),
    says: sayDeployment,
  })

  .act('Delete logs older than a week', {
    when: ({ disk, logs }, p) => {
      if (enough(disk, p)) return notNeeded(free(disk, p));
      return logs.files > 0
        ? because(`${free(disk, p)}, and old logs hold ${megabytes(logs.mb)}`)
        : notNeeded(`no log in its folders on ${p.mount} is older than ${p.keepLogsDays} days`);
    },
    command: deleteOldLogs,
    says: ({ freedMb, deleted }) => `freed ${megabytes(freedMb)}, ${deleted} files`,
    with: (_, { mount, keepLogsDays }, { logFolders }) => ({ folders: logFolders, mount, olderThanDays: keepLogsDays }),
  })
  .act('Delete rotated container logs', {
    when: ({ disk, containerLogs }, p) => {
      if (enough(disk, p)) return notNeeded(free(disk, p));
      if (containerLogs.mount !== p.mount) return notNeeded(`Docker's logs are not on ${p.mount}`);
      return containerLogs.files > 0
        ? because(`${free(disk, p)}, and rotated container logs hold ${megabytes(containerLogs.mb)}`)
        : notNeeded('no container log was rotated that long ago');
    },
    command: deleteRotatedContainerLogs,
    says: ({ freedMb, deleted }) => `freed ${megabytes(freedMb)}, ${deleted} files`,
    with: (_, { keepLogsDays }) => ({ olderThanDays: keepLogsDays }),
  })
  .act('Delete backups past their retention', {
    when: ({ disk, backups }, p, settings) => {
      if (enough(disk, p)) return notNeeded(free(disk, p));
      if (!liesOn(disk, settings.backups.folder, p.mount)) return notNeeded(`the backups are not on ${p.mount}`);
      if (backups.deletable.length > 0)
        return because(
          `${free(disk, p)}, and ${backups.deletable.length} backups past their retention hold ${megabytes(backups.mb)}`,
        );
      return notNeeded('no backup may go: the newest three good ones stay, and none goes when the newest is older than a day');
    },
    command: deleteBackups,
    says: ({ freedMb, deleted }) => `freed ${megabytes(freedMb)}, ${deleted} backups`,
    with: ({ backups }, { keepBackupsDays }, settings) => ({
      ...backupFiles(settings),
      names: backups.deletable.map(({ name }) => name),
      keepDays: keepBackupsDays,
    }),
    list: ({ backups }) => backups.deletable.map(({ name, mb }) => `${name} ${megabytes(mb)}`),
  })
  .act('Remove images that nothing names', {
    when: ({ disk, docker, containerLogs }, p) => {
      if (enough(disk, p)) return notNeeded(free(disk, p));
      if (containerLogs.mount !== p.mount) return notNeeded(`Docker keeps its images on ${containerLogs.mount}`);
      return docker.images.length > 0
        ? because(
            `${free(disk, p)}, and ${docker.images.length} images hold up to ${megabytes(docker.imagesMb)}: unused, named by no compose file, over a week old, to be had again`,
          )
        : notNeeded('no image is unused for a week, unnamed and to be had again');
    },
    command: removeImages,
    says: ({ freedMb, removed, kept }) => `freed up to ${megabytes(freedMb)}, ${removed.length} images, ${kept.length} kept`,
    with: ({ docker }) => ({ ids: docker.images.map(({ id }) => id) }),
    list: ({ docker }) => docker.images.map(({ names, id, mb }) => `${names[0] ?? id} ${megabytes(mb)}`),
  })
  .act('Remove the build cache', {
    when: ({ disk, docker, containerLogs }, p) => {
      if (enough(disk, p)) return notNeeded(free(disk, p));
      if (containerLogs.mount !== p.mount) return notNeeded(`Docker keeps its build cache on ${containerLogs.mount}`);
      return docker.buildCache.length > 0
        ? because(`${free(disk, p)}, and the build cache holds ${megabytes(docker.buildCacheMb)}`)
        : notNeeded('the build cache is empty');
    },
    command: removeBuildCache,
    says: ({ freedMb, removed }) => `freed ${megabytes(freedMb)}, ${removed} entries`,
    with: ({ docker }) => ({ ids: docker.buildCache.map(({ id }) => id) }),
    list: ({ docker }) => docker.buildCache.map(({ id, mb }) => `build cache ${id} ${megabytes(mb)}`),
  })
  // The page's `docker system prune -a --volumes --force`, as what it is: it can take a stopped database's volume with it.
  // So it comes last, names each thing by its id, and a person says yes to that very list.
  .act('Remove what Docker has left over', {
    when: ({ disk, docker, containerLogs }, p) => {
      if (enough(disk, p)) return notNeeded(free(disk, p));
      if (containerLogs.mount !== p.mount) return notNeeded(`Docker keeps its volumes on ${containerLogs.mount}`);
      if (!docker.allRunning)
        return notNeeded('not all containers run: a volume that looks unused may belong to one that is stopped');
      const things = docker.volumes.length + docker.leftImages.length + docker.stoppedContainers.length;
      return things > 0
        ? because(
            `${free(disk, p)}, and all that was harmless is gone: ${docker.volumes.length} volumes, ${docker.leftImages.length} images and ${docker.stoppedContainers.length} stopped containers are left that nothing uses`,
          )
        : notNeeded('Docker has nothing left over');
    },
    command: removeDockerLeftovers,
    says: ({ freedMb, removed, kept }) => `freed up to ${megabytes(freedMb)}, ${removed.length} removed, ${kept.length} kept`,
    with: ({ docker }) => ({
      containers: docker.stoppedContainers.map(({ name }) => name),
      images: docker.leftImages.map(({ id }) => id),
      volumes: docker.volumes.map(({ name }) => name),
    }),
    list: ({ docker }) => [
      ...docker.volumes.map(({ name, mb, anonymous }) => `volume ${name}${anonymous ? ' (anonymous)' : ''} ${megabytes(mb)}`),
      ...docker.leftImages.map(({ names, id, mb, why }) => `image ${names[0] ?? id} ${megabytes(mb)} (${why})`),
      ...docker.stoppedContainers.map(({ name, image }) => `stopped container ${name} of ${image}`),
    ],
  })

  .verify('There is room again', {
    looks: { disk: { command: diskUsage } },
    holds: ({ disk }, p) => enough(disk, p) || free(disk, p),
    settle: '5s',
    times: 3,
    every: '1m',
    within: '5m',
  })
  .escalate({
    to: 'devops',
    tell: ({ disk, folders, openFiles }, p) =>
      [
        `${free(disk, p)}. The largest folders: ${folders.folders
          .slice(0, 5)
          .map(({ path, mb }) => `${path} ${megabytes(mb)}`)
          .join(', ')}.`,
        ...openFiles.files
          .slice(0, 5)
          .map(
            ({ process, pid, path, mb }) =>
              `${process} (pid ${pid}) holds ${path}, deleted, ${megabytes(mb)}: it is freed when that process ends.`,
          ),
      ].join('\n'),
  })
  .limits({ acts: 3, per: '1h' })
  .examples(
    {
      name: 'old logs fill the disk',
      faults: ['disk-full-logs'],
      alert: { name: 'DiskSpaceLow', value: 91.3, target: 'sira-prod-1' },
      acts: ['Delete logs older than a week'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'images fill the disk',
      faults: ['disk-full-images'],
      alert: { name: 'DiskSpaceLow', value: 91.3, target: 'sira-prod-1' },
      acts: ['Remove images that nothing names'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'volumes fill the disk, and a person says yes',
      faults: ['disk-full-volumes'],
      alert: { name: 'DiskSpaceLow', value: 91.3, target: 'sira-prod-1' },
      answers: 'approve',
      // What is harmless goes first, and is not enough.
      acts: ['Remove images that nothing names', 'Remove the build cache', 'Remove what Docker has left over'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'volumes fill the disk, and a person says no',
      faults: ['disk-full-volumes'],
      alert: { name: 'DiskSpaceLow', value: 91.3, target: 'sira-prod-1' },
      answers: 'deny',
      acts: ['Remove images that nothing names', 'Remove the build cache'],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'by hand for much more room than there can be: all that is harmless goes, a person keeps the rest',
      faults: ['disk-full-logs'],
      parameters: { freeAtLeast: 90 },
      answers: 'deny',
      acts: [
        'Delete logs older than a week',
        'Delete rotated container logs',
        'Delete backups past their retention',
        'Remove images that nothing names',
        'Remove the build cache',
      ],
      ends: 'escalated',
      pages: 1,
    },
    { name: 'a rehearsal changes nothing', faults: ['disk-full-logs'], dryRun: true, acts: [], ends: 'succeeded', pages: 0 },
    { name: 'by hand on a well host there is nothing to do', faults: [], acts: [], ends: 'succeeded', pages: 0 },
  );
