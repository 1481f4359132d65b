import * as z from 'zod';
import { certificateState } from '../commands/certificate-state.ts';
import { containerLogs } from '../commands/container-logs.ts';
import { databaseState } from '../commands/database-state.ts';
import { diskUsage } from '../commands/disk-usage.ts';
import { dockerDisk } from '../commands/docker-disk.ts';
import { hostResources } from '../commands/host-resources.ts';
import { recentBackups } from '../commands/recent-backups.ts';
import { sayServices, serviceStatus } from '../commands/service-status.ts';
import { runbook } from '../language/define.ts';
import { httpProbe } from '../language/probe.ts';
import { beingMade } from './backups.ts';
import { daysLeft, stateOf } from './certificate.ts';
import { megabytes } from './disk.ts';
import { stackOf } from './stack.ts';
import { sira } from './system.ts';

/** SIRA's page, the quick reference: all that it looks at, on one page of evidence. */
export default runbook(sira, 'service-status', {
  title: 'Status of all services',
  symptom: 'None: a person wants to see how all of it is.',
  owner: 'oncall',
  triggers: [],
  parameters: z.object({
    // A closed set: nobody reads the logs of somebody else's container by this.
    logsOf: z.enum(['backend', 'frontend', 'nginx', 'db']).default('backend').describe('Whose log to read'),
    tail: z.number().int().min(1).max(500).default(100).describe('How many of its last lines'),
  }),
  people: [
    'Following a log as it grows (docker logs --follow): what is read here has an end.',
    'Restarting all services: sira/application-down does it, where facts ask for it and a person says yes.',
    'Making a backup: sira/backup-failed. Restoring one: sira/restore-database, which somebody else must approve.',
    'Looking at metrics over time: the incident and its page link to Grafana and Prometheus.',
  ],
})
  .diagnose('services', 'View all services', {
    command: serviceStatus,
    with: (_, settings) => stackOf(settings),
    says: sayServices,
  })
  .diagnose('logs', 'View its logs', {
    command: containerLogs,
    with: ({ logsOf, tail }, { containers }) => ({ containers: [containers[logsOf]], tail }),
    says: ({ logs }) =>
      logs
        .map(({ container, found, lines, errors }) =>
          found ? `${container}: ${errors} errors in ${lines} lines` : `no ${container}`,
        )
        .join('; '),
  })
  .diagnose('api', "Ask the API's health", { probe: (_, { urls }) => httpProbe(urls.api) })
  .diagnose('system', "Ask the system's health", { probe: (_, { urls }) => httpProbe(urls.system) })
  .diagnose('site', 'Ask the site', { probe: (_, { urls }) => httpProbe(urls.site) })
  .diagnose('disk', 'Check disk usage', {
    command: diskUsage,
    says: ({ filesystems }) => filesystems.map(({ mount, freePercent }) => `${mount} ${freePercent} % free`).join('; '),
  })
  .diagnose('docker', 'See what Docker takes', {
    command: dockerDisk,
    says: ({ kinds }) =>
      kinds.map(({ kind, mb, reclaimableMb }) => `${kind} ${megabytes(mb)} (${megabytes(reclaimableMb)} unused)`).join(', '),
  })
  .diagnose('resources', 'Check memory', {
    command: hostResources,
    says: ({ memoryFreePercent, memoryAvailableMb, load1, cpus }) =>
      `${megabytes(memoryAvailableMb)} of memory free (${memoryFreePercent} %), load ${load1} on ${cpus} CPUs`,
  })
  .diagnose('database', 'Check the database', {
    command: databaseState,
    with: (_, { containers: { db }, database }) => ({ container: db, user: database.user, database: database.name }),
    says: ({ state, accepting, connections, maxConnections }) =>
      `${state}, ${accepting}${connections === null ? '' : `, ${connections} of ${maxConnections} connections`}`,
  })
  .diagnose('certificate', 'Check the certificate', {
    command: certificateState,
    with: (_, settings) => stateOf(settings),
    says: ({ now, served, servedError }) =>
      served ? `${Math.floor(daysLeft(now, served))} days left, ${served.verification}` : `none is served (${servedError})`,
  })
  .diagnose('backups', 'Look at the last backup', {
    command: recentBackups,
    with: (_, { backups }) => backups,
    says: (found) => {
      const [newest] = found.backups;
      if (!newest) return found.folderFound ? 'there is no backup' : 'the folder of backups is not there';
      const made = beingMade(found);
      return `${newest.name}, ${Math.floor(newest.ageSeconds / 3_600)} hours old, ${newest.state}${made ? `; ${made}` : ''}`;
    },
  })
  .examples(
    { name: 'on a well system', faults: [], acts: [], ends: 'succeeded', pages: 0 },
    {
      name: 'with the log of the database, while the backend is down',
      faults: ['backend-down'],
      parameters: { logsOf: 'db', tail: 20 },
      acts: [],
      ends: 'succeeded',
      pages: 0,
    },
    { name: 'when there has been no backup for days', faults: ['backup-missing'], acts: [], ends: 'succeeded', pages: 0 },
  );
