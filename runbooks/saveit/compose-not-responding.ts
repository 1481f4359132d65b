import * as z from 'zod';
import { containerLogs } from '../commands/container-logs.ts';
import { deploymentState, sayDeployment } from '../commands/deployment-state.ts';
import { externalServices } from '../commands/external-services.ts';
import { hostResources, sayResources } from '../commands/host-resources.ts';
import { stopTimeoutOf } from '../commands/parameters.ts';
import { restartServices } from '../commands/restart-services.ts';
import { sayServices, serviceStatus } from '../commands/service-status.ts';
import { runbook } from '../language/define.ts';
import { composeCause, composeIsWell, composeRestart, readiness } from './compose.ts';
import { type SaveitSettings, saveit } from './system.ts';

const stackOf = ({ compose: { projectDir, composeFile, composeProject } }: SaveitSettings) => ({
  projectDir,
  composeFile,
  composeProject,
});
const status = { command: serviceStatus, with: (_: unknown, settings: SaveitSettings) => stackOf(settings) };
const ready = { command: externalServices, with: (_: unknown, { compose }: SaveitSettings) => ({ urls: [compose.ready] }) };

/** Save-It's page, "Application Not Responding", as it is with Docker Compose. */
export default runbook(saveit, 'compose-not-responding', {
  title: 'Application not responding on a Docker Compose host',
  symptom: 'The API answers 503, its health checks fail, on a host where Docker Compose runs it.',
  owner: 'oncall',
  triggers: [{ alert: 'ComposeNotResponding', severity: 'SEV1' }],
  parameters: z.object({
    lines: z.number().int().min(10).max(500).default(100).describe("How many lines of the backend's log to read"),
    stopTimeout: stopTimeoutOf('the backend'),
  }),
  people: [
    'Opening the incident channel, and the first update in it: the page of the incident has what to say.',
    'Mending what the log shows: an image that cannot be had, a configuration that does not fit, a full disk.',
    'The database and Redis of a Compose host: the page tells of them in the cluster alone, so none of their runbooks looks here.',
    'Starting again what somebody has stopped or paused: why, is not known here.',
  ],
  prevention: [
    'A health check in the compose file that asks the backend for an answer: then Docker tells a backend that hangs from one that works.',
    'A restart policy for the backend, so that Docker itself starts what has been killed.',
  ],
})
  .diagnose('services', 'See the services', {
    ...status,
    says: sayServices,
  })
  .diagnose('logs', "Read the backend's log", {
    command: containerLogs,
    with: ({ lines }, { compose }) => ({ containers: [compose.backend.container], tail: lines }),
    says: ({ logs }) =>
      logs
        .map(({ container, found, errors, lastLine }) =>
          found ? `${errors} errors, at last "${lastLine.slice(0, 120)}"` : `there is no container ${container}`,
        )
        .join('; '),
  })
  .diagnose('resources', 'Check what the host has left', {
    command: hostResources,
    says: sayResources,
  })
  .diagnose('ready', 'Ask whether it is ready', { ...ready, says: (facts) => readiness({ ready: facts }).says })
  .diagnose('deployment', 'See whether a deployment is under way', {
    command: deploymentState,
    with: (_, settings) => stackOf(settings),
    says: sayDeployment,
  })

  .act('Restart the backend', {
    when: (host, _, settings) => composeRestart(host, settings),
    command: restartServices,
    with: (_, { stopTimeout }, settings) => ({
      ...stackOf(settings),
      services: [settings.compose.backend.service],
      stopTimeout,
    }),
    says: ({ restarted }) => `${restarted.join(' and ')} restarted`,
  })

  .verify('The application answers again, and does not end again', {
    looks: { services: status, ready },
    holds: (host, _, settings) => composeIsWell(host, settings),
    settle: '30s',
    times: 3,
    every: '30s',
    within: '5m',
  })
  .escalate({ to: 'oncall', tell: (host, _, settings) => composeCause(host, settings) })
  .examples(
    {
      name: 'it hangs, and a restart brings it back',
      faults: ['saveit-compose-hung'],
      alert: { name: 'ComposeNotResponding' },
      acts: ['Restart the backend'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'it was killed and stayed down, and a restart brings it back',
      faults: ['saveit-compose-killed'],
      alert: { name: 'ComposeNotResponding' },
      acts: ['Restart the backend'],
      ends: 'resolved',
      pages: 0,
    },
    {
      name: 'it ends again after the restart',
      faults: ['saveit-compose-crashing'],
      alert: { name: 'ComposeNotResponding' },
      acts: ['Restart the backend'],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'its configuration does not fit',
      faults: ['saveit-compose-bad-config'],
      alert: { name: 'ComposeNotResponding' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'its image is gone, and its container with it',
      faults: ['saveit-compose-image-gone'],
      alert: { name: 'ComposeNotResponding' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'somebody has stopped it',
      faults: ['saveit-compose-stopped'],
      alert: { name: 'ComposeNotResponding' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the database is the cause',
      faults: ['saveit-compose-database-down'],
      alert: { name: 'ComposeNotResponding' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the disk is full',
      faults: ['saveit-compose-disk-full'],
      alert: { name: 'ComposeNotResponding' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'the host does not answer',
      faults: ['saveit-compose-unreachable'],
      alert: { name: 'ComposeNotResponding' },
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a deployment runs, and a person says no',
      faults: ['saveit-compose-hung', 'saveit-compose-deploying'],
      alert: { name: 'ComposeNotResponding' },
      answers: 'deny',
      acts: [],
      ends: 'escalated',
      pages: 1,
    },
    {
      name: 'a deployment runs, and a person says yes',
      faults: ['saveit-compose-hung', 'saveit-compose-deploying'],
      alert: { name: 'ComposeNotResponding' },
      answers: 'approve',
      acts: ['Restart the backend'],
      ends: 'resolved',
      pages: 0,
    },
    { name: 'a rehearsal changes nothing', faults: ['saveit-compose-hung'], dryRun: true, acts: [], ends: 'succeeded', pages: 0 },
    { name: 'by hand on a well host there is nothing to do', faults: [], acts: [], ends: 'succeeded', pages: 0 },
  );
