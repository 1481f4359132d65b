import * as z from 'zod';
import { databaseConnectivity } from '../cluster/database-connectivity.ts';
import { databaseSessions } from '../cluster/database-sessions.ts';
import { endIdleSessions } from '../cluster/end-idle-sessions.ts';
import { podLogs } from '../cluster/pod-logs.ts';
import { runbook } from '../language/define.ts';
import { httpProbe } from '../language/probe.ts';
import { deployment } from './backend-looks.ts';
import { connectedAgain, connectionCause, isForTheDatabaseAdmin, sayConnections, whyEnd, whyRestart } from './connections.ts';
import { asked } from './database.ts';
import { restartBackend } from './restart-backend.ts';
import { sayLogs, sayRollout } from './said.ts';
import { saveit } from './system.ts';

/** Save-It's page, "Database Connection Failures". */
export default runbook(saveit, 'database-connections', {
  title: 'Database connection failures',
  symptom: 'The backend logs "Connection refused" or "Too many connections", nothing is saved, DatabaseConnectionFailures fires.',
  owner: 'dba',
  // A major feature is unavailable: nobody logs in, nothing is saved, but pages still come.
  triggers: [{ alert: 'DatabaseConnectionFailures', severity: 'SEV2' }],
  parameters: z.object({
    idleMinutes: z
      .number()
      .int()
      .min(1)
      .max(1_440)
      .default(10)
      .describe('Sessions of the application that have been idle for longer may be ended, in minutes'),
    lines: z.number().int().min(10).max(500).default(100).describe('How many lines of each log to read'),
  }),
  people: [
    'A database that refuses everybody, does not answer or is starting: it is outside of the cluster, and the database admin is paged. The backend is not restarted for it.',
    'Ending sessions that are at work, in a transaction, or of other roles: whose they are is not known here.',
    'A role or a password that the database does not take.',
  ],
  prevention: [
    'Keep connections back for the role that asks (superuser_reserved_connections, or pg_use_reserved_connections from PostgreSQL 16 on), and give it pg_monitor and pg_signal_backend.',
    'Let all pods together have fewer pooled connections than the database takes, also during a rollout, when there are more pods.',
  ],
})
  .diagnose('sessions', 'Count the connections from inside the cluster', {
    command: databaseSessions,
    with: ({ idleMinutes }, settings) => asked(settings, idleMinutes),
    says: (sessions) => sayConnections({ sessions }),
  })
  .diagnose('connectivity', 'Try a connection from the backend', {
    command: databaseConnectivity,
    with: (_, { backend }) => ({ selector: backend.selector, container: backend.container }),
    says: ({ tried, reach, words }) =>
      tried.length === 0
        ? words
        : `of ${tried.length} pods ${tried.filter((one) => one.reach === 'ok').length} get one${reach === 'ok' ? '' : ` (${reach}: ${words})`}`,
  })
  .diagnose('logs', 'Read the logs', {
    command: podLogs,
    with: ({ lines }, { backend }) => ({ selector: backend.selector, container: backend.container, lines }),
    says: sayLogs,
  })
  .diagnose('deployment', 'See whether a deployment is under way', { ...deployment, says: sayRollout })
  .diagnose('ready', 'Ask whether it is ready', { probe: (_, { urls }) => httpProbe(urls.ready) })

  // First, because a rolling restart needs connections for its new pods before the old ones give theirs back.
  .act('End sessions that sit idle', {
    when: (facts, { idleMinutes }) => whyEnd(facts, idleMinutes),
    command: endIdleSessions,
    says: ({ before, ended, after }) => `${ended} sessions ended: ${before} clients before, ${after} after`,
    with: (_, { idleMinutes }, settings) => asked(settings, idleMinutes),
    known: ({ idleMinutes }, settings) => asked(settings, idleMinutes),
  })
  .act('Restart the backend, pod by pod', {
    when: (facts) => whyRestart(facts),
    ...restartBackend,
  })

  .verify('The backend has its connections again', {
    looks: {
      sessions: {
        command: databaseSessions,
        with: ({ idleMinutes }, settings) => asked(settings, idleMinutes),
      },
      connectivity: {
        command: databaseConnectivity,
        with: (_, { backend }) => ({ selector: backend.selector, container: backend.container }),
      },
      ready: { probe: (_, { urls }) => httpProbe(urls.ready) },
    },
    holds: (facts) => connectedAgain(facts),
    settle: '30s',
    times: 3,
    every: '30s',
    within: '10m',
  })
  .escalate({
    to: 'oncall',
    instead: { dba: (facts) => isForTheDatabaseAdmin(facts) },
    tell: (facts, { idleMinutes }) =>
      [
        `Likely cause: ${connectionCause(facts, idleMinutes)}.`,
        `Connections: ${sayConnections(facts)}.`,
        `Logs: ${facts.logs.speaksOf.refused} lines speak of a refused connection, ${facts.logs.speaksOf.tooMany} of too many.`,
      ].join('\n'),
  })
  // An application without its database is not ready; restarting it for that helps nobody.
  .supersedes('application-not-responding')
  .limits({ acts: 3, per: '1h' })
  .examples(
    {
      name: 'idle sessions take every connection',
      faults: ['saveit-connections-exhausted'],
      alert: { name: 'DatabaseConnectionFailures' },
      acts: ['End sessions that sit idle'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: "the backend's sessions take every connection, and none is idle for long: its pools begin anew",
      faults: ['saveit-pool-leaked'],
      alert: { name: 'DatabaseConnectionFailures' },
      acts: ['Restart the backend, pod by pod'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: "sessions of others take every connection: they are nobody's to end here",
      faults: ['saveit-connections-foreign'],
      alert: { name: 'DatabaseConnectionFailures' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the database answers, and the pool of the backend is stale',
      faults: ['saveit-pool-stale'],
      alert: { name: 'DatabaseConnectionFailures' },
      acts: ['Restart the backend, pod by pod'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'the database refuses everybody: the backend is left alone',
      faults: ['saveit-database-refused'],
      alert: { name: 'DatabaseConnectionFailures' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a version was rolled out a moment ago: a person is asked, and says yes to ending sessions',
      faults: ['saveit-deployed', 'saveit-connections-exhausted'],
      alert: { name: 'DatabaseConnectionFailures' },
      answers: 'approve',
      acts: ['End sessions that sit idle'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'a version was rolled out a moment ago: a person is asked, and says yes to a restart',
      faults: ['saveit-deployed', 'saveit-pool-stale'],
      alert: { name: 'DatabaseConnectionFailures' },
      answers: 'approve',
      acts: ['Restart the backend, pod by pod'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'a version was rolled out a moment ago: a person is asked, and says no',
      faults: ['saveit-deployed', 'saveit-connections-exhausted'],
      alert: { name: 'DatabaseConnectionFailures' },
      answers: 'deny',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the cluster throttles',
      faults: ['saveit-pool-stale', 'saveit-api-throttles'],
      alert: { name: 'DatabaseConnectionFailures' },
      acts: ['Restart the backend, pod by pod'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'a rehearsal changes nothing',
      faults: ['saveit-connections-exhausted'],
      dryRun: true,
      acts: [],
      ends: 'succeeded',
      pages: 0,
    },
    { name: 'by hand on a well database there is nothing to do', faults: [], acts: [], ends: 'succeeded', pages: 0 },
  );
