import * as z from 'zod';
import { containerLogs } from '../commands/container-logs.ts';
import { databaseState } from '../commands/database-state.ts';
import { deploymentState, sayDeployment } from '../commands/deployment-state.ts';
import { externalServices } from '../commands/external-services.ts';
import { hostResources, sayResources } from '../commands/host-resources.ts';
import { httpStatuses } from '../commands/http-statuses.ts';
import { stopTimeoutOf } from '../commands/parameters.ts';
import { restartAllServices } from '../commands/restart-all-services.ts';
import { restartServices } from '../commands/restart-services.ts';
import { serviceStatus } from '../commands/service-status.ts';
import { runbook } from '../language/define.ts';
import { httpProbe } from '../language/probe.ts';
import { because, notNeeded, notYet } from '../language/reason.ts';
import { allFail, explanation, ill, isFinished, isStarting, likelyCause, whyNot } from './health.ts';
import { stackOf } from './stack.ts';
import { sira } from './system.ts';

/** SIRA's page, section 1. */
export default runbook(sira, 'application-down', {
  title: 'Application down or 5xx errors',
  symptom: 'The health check answers 503 or 500, users cannot reach the application, APIDown or HighErrorRate fires.',
  owner: 'oncall',
  triggers: [
    { alert: 'APIDown', severity: 'P0' },
    // The page says P1 for more than 5 %; from 2 to 5 % is its section 5.
    { alert: 'HighErrorRate', severity: 'P1', value: { above: 5 } },
  ],
  parameters: z.object({
    tail: z.number().int().min(10).max(500).default(100).describe('How many lines of each log to read'),
    stopTimeout: stopTimeoutOf('a container'),
  }),
  people: [
    'Looking at the Grafana dashboard for what changed before: the page links to it.',
    'Reading the stack traces that were found, and mending what they show.',
    'Raising resource limits where the facts show that they are reached.',
  ],
  prevention: [
    "Restart policies are set already; the facts show each container's.",
    'Handle errors where the stack traces show that nobody does.',
    'Raise limits before they are reached.',
  ],
})
  .diagnose('services', 'Check service status', {
    command: serviceStatus,
    with: (_, settings) => stackOf(settings),
    says: ({ containers, dockerLive }) =>
      dockerLive
        ? containers
            .map(
              ({ service, state, health }) =>
                `${service} ${state}${health === 'none' || state !== 'running' ? '' : ` (${health})`}`,
            )
            .join(', ')
        : 'Docker does not answer',
  })
  .diagnose('logs', 'Check logs', {
    command: containerLogs,
    with: ({ tail }, { containers: { backend, frontend, nginx } }) => ({ containers: [backend, frontend, nginx], tail }),
    says: ({ logs }) =>
      logs
        .map(
          ({ container, errors, stackTraces }) =>
            `${container}: ${errors} errors${stackTraces[0] ? `, "${stackTraces[0].slice(0, 120)}"` : ''}`,
        )
        .join('; '),
  })
  .diagnose('answers', 'Count the answers by status', {
    command: httpStatuses,
    with: (_, { containers: { nginx } }) => ({ container: nginx }),
    says: ({ requests, status4xx, status5xx, top }) =>
      `of ${requests} requests ${status5xx} failed (5xx) and ${status4xx} were refused (4xx)${top[0] ? `, most at ${top[0].endpoint}` : ''}`,
  })
  .diagnose('resources', 'Check resources', {
    command: hostResources,
    says: sayResources,
  })
  .diagnose('database', 'Check the database connection', {
    command: databaseState,
    with: (_, { containers: { db }, database }) => ({ container: db, user: database.user, database: database.name }),
    says: ({ state, accepting, connections, maxConnections }) =>
      `${state}, ${accepting}${connections === null ? '' : `, ${connections} of ${maxConnections} connections`}`,
  })
  .diagnose('external', 'Check Mistral and Pinecone', {
    command: externalServices,
    with: (_, { externalServices: { mistral, pinecone } }) => ({ urls: [mistral, pinecone] }),
    says: ({ services }) =>
      services
        .map(
          ({ url, reachable, status, error }) =>
            `${new URL(url).host} ${reachable ? `answers ${status}` : `cannot be reached (${error})`}`,
        )
        .join(', '),
  })
  .diagnose('deployment', 'See whether a deployment is under way', {
    command: deploymentState,
    with: (_, settings) => stackOf(settings),
    says: sayDeployment,
  })
  .diagnose('api', "Ask the API's health", { probe: (_, { urls }) => httpProbe(urls.api) })
  .diagnose('site', 'Ask the site', { probe: (_, { urls }) => httpProbe(urls.site) })

  .act('Restart what is ill', {
    when: (health, _, settings) => {
      const found = ill(health, settings);
      const cause = explanation(health, settings);
      if (found.length === 0)
        return notNeeded(
          health.api.well && health.site.well ? 'the API and the site answer' : (cause ?? whyNot(health, settings)),
        );
      if (cause) return notNeeded(`${found.map(({ why }) => why).join('; ')}, but ${cause}: a restart would not help`);
      return because(found.map(({ why }) => why).join('; '));
    },
    command: restartServices,
    says: ({ restarted }) => `${restarted.join(' and ')} restarted`,
    with: (health, { stopTimeout }, settings) => ({
      ...stackOf(settings),
      services: ill(health, settings).map(({ service }) => service),
      stopTimeout,
    }),
  })
  // The page's "or restart all services". That takes the database down with it, so a person is asked.
  .act('Restart all services', {
    safety: 'destructive',
    when: (health, _, settings) => {
      const cause = explanation(health, settings);
      if (cause) return notNeeded(cause);
      return allFail(health, settings)
        ? because(
            'every container has been running for over ten minutes, nothing explains it, and neither the API nor the site answers',
          )
        : notNeeded('there is no sign that all of it is ill');
    },
    command: restartAllServices,
    says: ({ restarted }) => `${restarted.join(' and ')} restarted`,
    with: (_, { stopTimeout }, settings) => ({ ...stackOf(settings), stopTimeout }),
    list: ({ services }) => services.containers.map(({ service, name }) => `${service} (${name})`),
  })

  .verify('The application answers', {
    looks: {
      services: { command: serviceStatus, with: (_, settings) => stackOf(settings) },
      api: { probe: (_, { urls }) => httpProbe(urls.api) },
      site: { probe: (_, { urls }) => httpProbe(urls.site) },
    },
    holds: ({ services, api, site }) => {
      const down = services.containers.filter(
        (one) => !isFinished(one) && (one.state !== 'running' || one.health === 'unhealthy'),
      );
      if (down.length > 0)
        return down.map(({ service, state }) => `${service} is ${state === 'running' ? 'unhealthy' : state}`).join(', ');
      const starting = services.containers.filter(isStarting);
      if (starting.length > 0) return notYet(`${starting.map(({ service }) => service).join(' and ')} is starting`);
      const silent = [api, site].find(({ well }) => !well);
      return silent ? `${silent.url} answers ${silent.status || `nothing (${silent.error})`}` : true;
    },
    settle: '20s',
    times: 3,
    every: '30s',
    within: '3m',
  })
  .escalate({
    to: 'oncall',
    tell: (health, _, settings) => {
      const trace = health.logs.logs.flatMap(({ container, stackTraces }) =>
        stackTraces.map((text) => `${container}: ${text}`),
      )[0];
      return [`Likely cause: ${likelyCause(health, settings)}.`, ...(trace ? [`First stack trace: ${trace}`] : [])].join('\n');
    },
  })
  .limits({ acts: 3, per: '1h' })
  .examples(
    {
      name: 'the backend is down',
      faults: ['backend-down'],
      alert: { name: 'APIDown' },
      acts: ['Restart what is ill'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'nginx is down',
      faults: ['nginx-down'],
      alert: { name: 'APIDown' },
      acts: ['Restart what is ill'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'the backend does not come back',
      faults: ['backend-broken'],
      alert: { name: 'APIDown' },
      acts: ['Restart what is ill'],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the host does not answer',
      faults: ['host-unreachable'],
      alert: { name: 'APIDown' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a deployment runs, and a person says no',
      faults: ['backend-down', 'deploy-running'],
      alert: { name: 'APIDown' },
      answers: 'deny',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a deployment runs, and a person says yes',
      faults: ['backend-down', 'deploy-running'],
      alert: { name: 'APIDown' },
      answers: 'approve',
      acts: ['Restart what is ill'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'nothing answers although everything runs, and a person says yes',
      faults: ['stack-hung'],
      alert: { name: 'APIDown' },
      answers: 'approve',
      acts: ['Restart all services'],
      ends: 'resolved',
      pages: 0,
    },
    { name: 'a rehearsal changes nothing', faults: ['backend-down'], dryRun: true, acts: [], ends: 'succeeded', pages: 0 },
    { name: 'by hand on a well system there is nothing to do', faults: [], acts: [], ends: 'succeeded', pages: 0 },
  );
