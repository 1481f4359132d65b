import type * as z from 'zod';
import type { containerLogs } from '../commands/container-logs.ts';
import type { databaseState } from '../commands/database-state.ts';
import type { externalServices } from '../commands/external-services.ts';
import type { hostResources } from '../commands/host-resources.ts';
import type { httpStatuses } from '../commands/http-statuses.ts';
import type { serviceStatus } from '../commands/service-status.ts';
import type { HttpFacts } from '../language/probe.ts';
import type { SiraSettings } from './system.ts';

/** Everything that is known when it must be said what is ill. */
export interface Health {
  services: z.output<typeof serviceStatus.facts>;
  logs: z.output<typeof containerLogs.facts>;
  answers: z.output<typeof httpStatuses.facts>;
  resources: z.output<typeof hostResources.facts>;
  database: z.output<typeof databaseState.facts>;
  external: z.output<typeof externalServices.facts>;
  api: HttpFacts;
  site: HttpFacts;
}
type Container = Health['services']['containers'][number];

/** One that has just been started gets this long to come up before it is called ill. */
const STARTING_SECONDS = 10 * 60;
/** Below this a disk explains anything. */
const DISK_FULL_PERCENT = 2;

/** A job that was to run once and has: a migration. It is not ill, and must not run again. */
export const isFinished = ({ state, exitCode, restartPolicy }: Pick<Container, 'state' | 'exitCode' | 'restartPolicy'>) =>
  state === 'exited' && exitCode === 0 && (restartPolicy === 'no' || restartPolicy === '');
/** Not running and not on its way: a restart may bring it back. One that Docker is looping is Docker's. */
const stopped = (container: Container) => ['exited', 'dead', 'created'].includes(container.state) && !isFinished(container);
const running = ({ state }: Container) => state === 'running';
/** By its own health check; one without a check says nothing. */
export const isStarting = ({ health }: Pick<Container, 'health'>) => health === 'starting';
const settled = ({ startedSecondsAgo = 0 }: Container) => startedSecondsAgo > STARTING_SECONDS;

/**
 * What explains the errors better than an ill service of ours would, or `undefined`. Restarting what merely suffers from it
 * loses connections and helps nobody.
 */
export function explanation(health: Health, settings: SiraSettings): string | undefined {
  const { services, database, resources, logs } = health;
  const db = services.containers.find(({ service }) => service === settings.services.db);
  if (!db || !running(db)) return `the database does not run (${db?.state ?? 'no container'})`;
  if (database.panic) return 'the database has panicked: its log says so';
  if (database.diskFull || resources.rootFreePercent < DISK_FULL_PERCENT || logs.logs.some((log) => log.noSpaceLeft > 0))
    return 'a disk is full';
  if (database.tooManyClients) return 'every connection of the database is taken';
  if (database.accepting !== 'accepting') return `the database does not accept connections (${database.accepting})`;
  return undefined;
}

/** An outside service that cannot be reached, where the backend's log speaks of timeouts or refused connections. */
export function outsideCause({ external, logs }: Health, settings: SiraSettings): string | undefined {
  const dead = external.services.filter(({ reachable }) => !reachable).map(({ url }) => new URL(url).host);
  const backend = logs.logs.find(({ container }) => container === settings.containers.backend);
  return dead.length > 0 && backend && backend.timeouts + backend.connectionRefused > 0
    ? `${dead.join(' and ')} cannot be reached, and the backend waits for it`
    : undefined;
}

/** Whether most of what fails is refused, not broken: then users send what is wrong, and a restart changes nothing. */
export function mostlyRefused({ answers: { requests, status4xx, status5xx } }: Health): boolean {
  return requests > 0 && status4xx > status5xx * 2 && status4xx > requests * 0.05;
}

/**
 * The services that facts prove ill, each with the proof. Never the database: that has a runbook of its own.
 * One that runs is not ill where the errors are refusals, or somebody else's: a restart would change nothing.
 */
export function ill(health: Health, settings: SiraSettings): { service: string; why: string }[] {
  const ours = health.services.containers.filter(({ service }) => service !== settings.services.db);
  const proven = ours
    .filter(stopped)
    .map(({ service, state, exitCode }) => ({ service, why: `${service} is ${state} (exit code ${exitCode})` }));
  if (mostlyRefused(health) || outsideCause(health, settings)) return proven;
  return [...proven, ...ours.flatMap((container) => illThoughRunning(container, health, settings))];
}

function illThoughRunning(container: Container, { api }: Health, { services }: SiraSettings): { service: string; why: string }[] {
  const { service } = container;
  if (!running(container) || !settled(container)) return [];
  if (container.health === 'unhealthy')
    return [{ service, why: `${service} is unhealthy and has been running for over ten minutes` }];
  const silent = service === services.backend && container.health !== 'healthy' && api.status >= 500;
  return silent ? [{ service, why: `${service} runs, and ${api.url} answers ${api.status}` }] : [];
}

/** Why nothing is restarted, for the person who wonders. */
export function whyNot(health: Health, settings: SiraSettings): string {
  const { services } = health;
  if (!services.dockerLive) return 'Docker does not answer on this host';
  const looping = services.containers.filter(({ state }) => state === 'restarting');
  if (looping.length > 0)
    return `Docker is restarting ${looping.map(({ service }) => service).join(' and ')} again and again already`;
  const young = services.containers.filter((container) => running(container) && !settled(container));
  if (services.missing.length > 0) return `${services.missing.join(' and ')} has no container: a restart makes none`;
  const cause = outsideCause(health, settings);
  if (cause) return cause;
  if (mostlyRefused(health))
    return `most of what fails is refused (${health.answers.status4xx} answers 4xx, ${health.answers.status5xx} 5xx)`;
  if (!health.api.well && young.length > 0)
    return `${young.map(({ service }) => service).join(' and ')} was started less than ten minutes ago`;
  return 'no service is proven ill';
}

/** Everything runs for long, nothing explains it, and yet nothing answers at either door. */
export function allFail(health: Health, settings: SiraSettings): boolean {
  const { containers } = health.services;
  const shut = ({ status }: HttpFacts) => status === 0 || status >= 500;
  return (
    containers.length > 0 &&
    containers.filter((container) => !isFinished(container)).every((container) => running(container) && settled(container)) &&
    !mostlyRefused(health) &&
    shut(health.api) &&
    shut(health.site) &&
    !outsideCause(health, settings)
  );
}

/** What a person should look at first. */
export function likelyCause(health: Health, settings: SiraSettings): string {
  if (!health.services.dockerLive) return whyNot(health, settings);
  const found = ill(health, settings).map(({ why }) => why);
  return explanation(health, settings) ?? (found.length > 0 ? found.join('; ') : whyNot(health, settings));
}
