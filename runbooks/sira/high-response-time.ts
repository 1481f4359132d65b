import * as z from 'zod';
import { activeQueries } from '../commands/active-queries.ts';
import { addWorkers } from '../commands/add-workers.ts';
import { answerTimes } from '../commands/answer-times.ts';
import { cancelQueries } from '../commands/cancel-queries.ts';
import { databaseState } from '../commands/database-state.ts';
import { deploymentState, sayDeployment } from '../commands/deployment-state.ts';
import { diskIo } from '../commands/disk-io.ts';
import { externalServices } from '../commands/external-services.ts';
import { hostResources } from '../commands/host-resources.ts';
import { stopTimeoutOf } from '../commands/parameters.ts';
import { restoreWorkers } from '../commands/restore-workers.ts';
import { workerState } from '../commands/worker-state.ts';
import { runbook } from '../language/define.ts';
import { httpProbe } from '../language/probe.ts';
import { because, notNeeded } from '../language/reason.ts';
import { againstCancelling, againstWorkers, cancellable, fastAgain, spokenQuery, tellSlowness, wanted } from './slowness.ts';
import { stackOf } from './stack.ts';
import { type SiraSettings, sira } from './system.ts';

const databaseOf = ({ containers: { db }, database }: SiraSettings) => ({
  container: db,
  user: database.user,
  database: database.name,
});

/** SIRA's page, section 3. */
export default runbook(sira, 'high-response-time', {
  title: 'High response times',
  symptom: 'HighResponseTime fires (95 % of answers take longer than 2 s), users find pages slow, requests queue up.',
  owner: 'oncall',
  // The page has it among its critical incidents, and its table of severities makes severely degraded performance P1.
  triggers: [{ alert: 'HighResponseTime', severity: 'P1' }],
  parameters: z.object({
    slowerThanMs: z.number().int().min(200).max(9_000).default(2_000).describe('From when on an answer is slow, in milliseconds'),
    overSeconds: z.number().int().min(1).max(600).default(5).describe('From when on a query is slow, in seconds'),
    stopTimeout: stopTimeoutOf('the backend'),
  }),
  people: [
    'Looking at the Grafana dashboard for bottlenecks, and at the metrics of each endpoint: the page links to it.',
    'Editing the number of workers in the compose file: it is never touched here, and what is added here is taken back after two hours.',
    'Analysing the queries that were found slow.',
    'Waiting for a dump, a migration or maintenance of the database that takes its time.',
  ],
  prevention: [
    'Database indexes: the page says that its migration 005 has added them.',
    'Caching with Redis.',
    'Making slow queries faster: they are in the incident, without the values in them.',
    'Several instances of the backend.',
  ],
})
  .diagnose('answers', 'Measure how long answers take', {
    command: answerTimes,
    with: (_, { urls }) => ({ url: urls.api, samples: 8 }),
    says: ({ p95Ms, medianMs, failed, samples }) =>
      p95Ms === null ? 'nothing answers' : `half within ${medianMs} ms, 95 % within ${p95Ms} ms, ${failed} of ${samples} failed`,
  })
  .diagnose('resources', 'Check CPU and memory', {
    command: hostResources,
    says: ({ memoryFreePercent, load1, cpus, containers }) =>
      `memory ${memoryFreePercent} % free, load ${load1} on ${cpus} CPUs, ${containers.map(({ name, cpuPercent }) => `${name} ${cpuPercent} %`).join(', ')}`,
  })
  .diagnose('io', 'Check disk I/O', {
    command: diskIo,
    says: ({ source, devices }) =>
      source === 'unknown'
        ? 'could not be measured'
        : devices.map(({ name, utilPercent }) => `${name} busy ${utilPercent} %`).join(', '),
  })
  .diagnose('queries', 'Find slow queries', {
    command: activeQueries,
    with: ({ overSeconds }, settings) => ({
      ...databaseOf(settings),
      role: settings.database.applicationRole,
      overSeconds,
    }),
    says: ({ readable, queries }) =>
      readable ? queries.map(spokenQuery).join('; ') || 'no slow query' : 'the database could not be asked',
  })
  .diagnose('workers', "Check the backend's workers and its queue", {
    command: workerState,
    with: (_, settings) => ({ ...stackOf(settings), service: settings.services.backend }),
    says: ({ workers, waiting, processes }) =>
      `${workers ?? 'an unknown number of'} workers, ${processes ?? 'unknown'} processes, ${waiting ?? 'unknown'} requests wait`,
  })
  .diagnose('database', 'See how many connections are left', {
    command: databaseState,
    with: (_, settings) => databaseOf(settings),
    says: ({ connections, maxConnections, accepting }) =>
      connections === null ? `not known (${accepting})` : `${connections} of ${maxConnections} connections`,
  })
  .diagnose('external', 'Check Mistral and Pinecone', {
    command: externalServices,
    with: (_, { externalServices: { mistral, pinecone } }) => ({ urls: [mistral, pinecone] }),
    says: ({ services }) =>
      services
        .map(({ url, reachable, tookMs }) => `${new URL(url).host} ${reachable ? `after ${tookMs} ms` : 'cannot be reached'}`)
        .join(', '),
  })
  .diagnose('deployment', 'See whether a deployment is under way', {
    command: deploymentState,
    with: (_, settings) => stackOf(settings),
    says: sayDeployment,
  })

  // Not the page's way, which is to edit the compose file: that is a person's.
  .act('Give the backend more workers for a while', {
    when: (found, p, settings) => {
      const against = againstWorkers(found, p, settings);
      return against === undefined
        ? because(
            `95 % of answers take up to ${found.answers.p95Ms} ms, ${found.workers.waiting} requests wait for ${found.workers.workers} workers, and there is room for ${wanted(found, settings)}`,
          )
        : notNeeded(against);
    },
    command: addWorkers,
    says: ({ before, workers }) => `${workers} workers instead of ${before}`,
    with: (found, { stopTimeout }, settings) => ({
      ...stackOf(settings),
      service: settings.services.backend,
      workers: wanted(found, settings),
      stopTimeout,
    }),
    undo: {
      command: restoreWorkers,
      with: (_, { stopTimeout }, settings) => ({ ...stackOf(settings), service: settings.services.backend, stopTimeout }),
      takeBackAfter: '2h',
    },
  })
  .act('Cancel slow queries', {
    when: (found, p) => {
      const against = againstCancelling(found, p);
      return against === undefined
        ? because(`${cancellable(found).length} queries of the application have run for over ${p.overSeconds} s`)
        : notNeeded(against);
    },
    command: cancelQueries,
    says: ({ cancelled, gone }) => `${cancelled.length} cancelled, ${gone.length} had ended or changed before`,
    with: (found, _, settings) => ({
      ...databaseOf(settings),
      role: settings.database.applicationRole,
      queries: cancellable(found).map(({ id }) => id),
    }),
    list: (found) => cancellable(found).map(spokenQuery),
  })

  .verify('Answers come in time', {
    looks: {
      answers: { command: answerTimes, with: (_, { urls }) => ({ url: urls.api, samples: 8 }) },
      api: { probe: (_, { urls }) => httpProbe(urls.api, [200], '10s') },
    },
    holds: ({ answers, api }, p) => fastAgain(answers, api, p),
    settle: '20s',
    times: 3,
    every: '30s',
    within: '5m',
  })
  .escalate({
    to: 'oncall',
    tell: (found, p, settings) => tellSlowness(found, p, settings),
  })
  .limits({ acts: 2, per: '1h' })
  .examples(
    {
      name: 'too few workers, and room for more',
      faults: ['slow-workers'],
      alert: { name: 'HighResponseTime', value: 3.4 },
      acts: ['Give the backend more workers for a while'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'a slow query, and a person says yes',
      faults: ['slow-query'],
      alert: { name: 'HighResponseTime', value: 4.1 },
      answers: 'approve',
      acts: ['Cancel slow queries'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'a slow query, and a person says no',
      faults: ['slow-query'],
      alert: { name: 'HighResponseTime', value: 4.1 },
      answers: 'deny',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: "the processors are busy: a person's",
      faults: ['slow-cpu'],
      alert: { name: 'HighResponseTime', value: 3.2 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'Mistral is slow: theirs',
      faults: ['slow-external'],
      alert: { name: 'HighResponseTime', value: 5.2 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a dump is at work: it is let finish',
      faults: ['slow-dump'],
      alert: { name: 'HighResponseTime', value: 2.6 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a deployment is under way: nothing is brought up',
      faults: ['slow-workers', 'deploy-running'],
      alert: { name: 'HighResponseTime', value: 3.4 },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    { name: 'a rehearsal changes nothing', faults: ['slow-workers'], dryRun: true, acts: [], ends: 'succeeded', pages: 0 },
    { name: 'by hand on a well system there is nothing to do', faults: [], acts: [], ends: 'succeeded', pages: 0 },
  );
