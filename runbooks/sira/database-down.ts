import * as z from 'zod';
import { databaseConnectionLog } from '../commands/database-connection-log.ts';
import { databaseDisk } from '../commands/database-disk.ts';
import { databaseSessions } from '../commands/database-sessions.ts';
import { databaseState } from '../commands/database-state.ts';
import { deploymentState, sayDeployment } from '../commands/deployment-state.ts';
import { diskUsage } from '../commands/disk-usage.ts';
import { endIdleSessions } from '../commands/end-idle-sessions.ts';
import { hostResources } from '../commands/host-resources.ts';
import { restartServices } from '../commands/restart-services.ts';
import { serviceStatus } from '../commands/service-status.ts';
import { runbook } from '../language/define.ts';
import { httpProbe } from '../language/probe.ts';
import { corrupt, damage, databaseCause, wellAgain, whyEnd, whyRestart } from './database.ts';
import { megabytes } from './disk.ts';
import { stackOf } from './stack.ts';
import { type SiraSettings, sira } from './system.ts';

/** How PostgreSQL is asked. */
const asked = ({ containers, database }: SiraSettings) => ({
  container: containers.db,
  user: database.user,
  database: database.name,
});

/** SIRA's page, section 2. */
export default runbook(sira, 'database-down', {
  title: 'Database connection failure',
  symptom: 'The backend is refused by the database or waits for it in vain, every request to the API fails, DatabaseDown fires.',
  owner: 'dba',
  // The page has it among the critical ones; by its table that is an application that is completely down.
  triggers: [{ alert: 'DatabaseDown', severity: 'P0' }],
  parameters: z.object({
    idleMinutes: z
      .number()
      .int()
      .min(1)
      .max(1_440)
      .default(10)
      .describe('Sessions of the application that have been idle for longer may be ended, in minutes'),
    stopTimeout: z
      .number()
      .int()
      .min(30)
      .max(120)
      .default(120)
      .describe('How long PostgreSQL has to end by itself before it is killed, in seconds'),
  }),
  people: [
    'Damaged data, a panic and a full disk: nothing is restarted, because a start writes. The database admin copies the data first, and decides between repair and sira/restore-database.',
    'Ending sessions that are at work, or those of other roles: whose they are is not known here.',
    'Looking at the Grafana dashboard for what the database used before: the page links to it.',
    'Restoring the latest backup where damage is suspected: sira/restore-database, which a second person must approve.',
  ],
  prevention: [
    'Watch how many connections are taken: the alarm on it comes before the last one is.',
    'Let the application try again when a connection fails, and close what it does not use.',
    'VACUUM and ANALYZE in a quiet hour: which tables need it, the database admin knows.',
  ],
})
  .diagnose('services', 'Check service status', {
    command: serviceStatus,
    with: (_, settings) => stackOf(settings),
    says: ({ containers, dockerLive }) =>
      dockerLive ? containers.map(({ service, state }) => `${service} ${state}`).join(', ') : 'Docker does not answer',
  })
  .diagnose('database', 'Check the database and its log', {
    command: databaseState,
    with: (_, settings) => asked(settings),
    says: ({ state, accepting, panic, damaged, diskFull }) =>
      [
        `${state}, ${accepting}`,
        ...(panic ? ['its log tells of a panic'] : []),
        ...(damaged ? ['its log tells of damaged data'] : []),
        ...(diskFull ? ['its log tells of a full disk'] : []),
      ].join('; '),
  })
  .diagnose('sessions', 'Count its connections', {
    command: databaseSessions,
    with: ({ idleMinutes }, settings) => ({
      ...asked(settings),
      role: settings.database.applicationRole,
      idleSeconds: idleMinutes * 60,
    }),
    says: ({ asked, error, clients, most, application }) =>
      asked
        ? `${clients} of ${most} connections; of the application's ${application.active} are active, ${application.idle} idle, ${application.idleLong} of them for long`
        : `it could not be asked: ${error}`,
  })
  .diagnose('backend', 'See whether the backend has reconnected', {
    command: databaseConnectionLog,
    with: (_, { containers }) => ({ container: containers.backend }),
    says: ({ failures, last, lastLine }) =>
      last === 'none'
        ? 'its log says nothing of the database'
        : `${failures} lines tell of failures; the last: "${lastLine.slice(0, 120)}"`,
  })
  .diagnose('disk', 'Check the disk of the database', {
    command: databaseDisk,
    with: (_, { containers }) => ({ container: containers.db }),
    says: ({ freeMb, freePercent }) => `${megabytes(freeMb)} free, ${freePercent} %`,
  })
  .diagnose('disks', 'Check disk usage', {
    command: diskUsage,
    says: ({ filesystems }) => filesystems.map(({ mount, freePercent }) => `${mount} ${freePercent} % free`).join('; '),
  })
  .diagnose('resources', 'Check resources', {
    command: hostResources,
    says: ({ memoryFreePercent, load1, cpus }) => `memory ${memoryFreePercent} % free, load ${load1} on ${cpus} CPUs`,
  })
  .diagnose('deployment', 'See whether a deployment is under way', {
    command: deploymentState,
    with: (_, settings) => stackOf(settings),
    says: sayDeployment,
  })
  .diagnose('api', "Ask the API's health", { probe: (_, { urls }) => httpProbe(urls.api) })

  .act('Restart the database', {
    when: (health) => whyRestart(health),
    command: restartServices,
    says: ({ restarted }) => `${restarted.join(' and ')} restarted`,
    with: (_, { stopTimeout }, settings) => ({ ...stackOf(settings), services: [settings.services.db], stopTimeout }),
  })
  .act('End sessions that sit idle', {
    when: (health, { idleMinutes }) => whyEnd(health, idleMinutes),
    command: endIdleSessions,
    says: ({ before, ended, after }) => `${ended} sessions ended: ${before} clients before, ${after} after`,
    with: (_, { idleMinutes }, settings) => ({
      ...asked(settings),
      role: settings.database.applicationRole,
      idleSeconds: idleMinutes * 60,
    }),
  })

  // Recovery after a crash replays all that was written since the last checkpoint: minutes, not seconds.
  .verify('The database answers, and so does the API', {
    looks: {
      database: { command: databaseState, with: (_, settings) => asked(settings) },
      api: { probe: (_, { urls }) => httpProbe(urls.api) },
    },
    holds: (found) => wellAgain(found),
    settle: '15s',
    times: 3,
    every: '30s',
    within: '6m',
  })
  .escalate({
    to: 'oncall',
    instead: { dba: (health) => damage(health) !== undefined },
    asBadAs: (health) => (corrupt(health) || damage(health) ? 'P0' : undefined),
    tell: (health, { idleMinutes }) => {
      const { sessions, backend, disk } = health;
      return [
        `Likely cause: ${databaseCause(health, idleMinutes)}.`,
        sessions.asked
          ? `Connections: ${sessions.clients} of ${sessions.most}; of the application's ${sessions.application.active} active, ${sessions.application.inTransaction} in a transaction, ${sessions.application.idle} idle.`
          : `Connections could not be counted: ${sessions.error}`,
        `Disk of the database: ${megabytes(disk.freeMb)} free.`,
        ...(backend.last === 'none' ? [] : [`The backend says: ${backend.lastLine}`]),
      ].join('\n');
    },
  })
  // What waits for the database fails; restarting it helps nobody.
  .supersedes('application-down')
  // Two restarts in an hour that did not last: a third will not, either.
  .limits({ acts: 2, per: '1h' })
  .examples(
    {
      name: 'the database is down',
      faults: ['database-down'],
      alert: { name: 'DatabaseDown' },
      acts: ['Restart the database'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'the database runs and does not answer',
      faults: ['database-hung'],
      alert: { name: 'DatabaseDown' },
      acts: ['Restart the database'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'the database recovers by itself, and is left alone',
      faults: ['database-recovering'],
      alert: { name: 'DatabaseDown' },
      acts: [],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'idle sessions take every connection',
      faults: ['database-exhausted'],
      alert: { name: 'DatabaseDown' },
      acts: ['End sessions that sit idle'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'sessions at work take every connection: none is ended',
      faults: ['database-busy'],
      alert: { name: 'DatabaseDown' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the database has panicked: nothing is touched',
      faults: ['database-panic'],
      alert: { name: 'DatabaseDown' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the database finds damaged data and is silent: it is not restarted',
      faults: ['database-corrupt'],
      alert: { name: 'DatabaseDown' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the disk of the database is full: nothing is touched',
      faults: ['database-disk-full'],
      alert: { name: 'DatabaseDown' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the database does not come back',
      faults: ['database-broken'],
      alert: { name: 'DatabaseDown' },
      acts: ['Restart the database'],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a deployment runs, and a person says no',
      faults: ['database-down', 'deploy-running'],
      alert: { name: 'DatabaseDown' },
      answers: 'deny',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the host does not answer',
      faults: ['host-unreachable'],
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    { name: 'a rehearsal changes nothing', faults: ['database-down'], dryRun: true, acts: [], ends: 'succeeded', pages: 0 },
    { name: 'by hand on a well database there is nothing to do', faults: [], acts: [], ends: 'succeeded', pages: 0 },
  );
