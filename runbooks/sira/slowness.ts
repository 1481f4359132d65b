import type * as z from 'zod';
import type { activeQueries } from '../commands/active-queries.ts';
import type { answerTimes } from '../commands/answer-times.ts';
import type { databaseState } from '../commands/database-state.ts';
import type { diskIo } from '../commands/disk-io.ts';
import type { externalServices } from '../commands/external-services.ts';
import type { hostResources } from '../commands/host-resources.ts';
import type { workerState } from '../commands/worker-state.ts';
import type { HttpFacts } from '../language/probe.ts';
import type { Finding } from '../language/reason.ts';
import type { SiraSettings } from './system.ts';

/** Everything that is known when it must be said why answers are slow. */
export interface Slowness {
  answers: z.output<typeof answerTimes.facts>;
  resources: z.output<typeof hostResources.facts>;
  io: z.output<typeof diskIo.facts>;
  queries: z.output<typeof activeQueries.facts>;
  workers: z.output<typeof workerState.facts>;
  database: z.output<typeof databaseState.facts>;
  external: z.output<typeof externalServices.facts>;
}
export interface SlownessParameters {
  slowerThanMs: number;
  overSeconds: number;
}
type Query = Slowness['queries']['queries'][number];

/** Above this share a resource has no room for anybody more. */
const BUSY = 0.8;
const DISK_BUSY_PERCENT = 80;
/** So much of the memory stays free for everybody else, in percent. */
const MEMORY_KEPT_PERCENT = 15;
/** Connections that stay for everybody else: the superuser's three, and some for people. */
const CONNECTIONS_KEPT = 10;

export const isSlow = ({ p95Ms, failed }: Slowness['answers'], { slowerThanMs }: SlownessParameters) =>
  failed > 0 || p95Ms === null || p95Ms > slowerThanMs;

/** Services of others that are slow or dead: waiting for them makes ours slow, whatever is done here. */
export function theirs({ external }: Slowness, { slowerThanMs }: SlownessParameters): string[] {
  return external.services.flatMap(({ url, reachable, tookMs }) => {
    const { host } = new URL(url);
    if (!reachable) return [`${host} cannot be reached`];
    return tookMs > slowerThanMs ? [`${host} answers after ${(tookMs / 1_000).toFixed(1)} s`] : [];
  });
}

/** Queries that may be cancelled after a yes: the application's own, and none that must be let finish. */
export const cancellable = ({ queries }: Slowness): Query[] => queries.queries.filter(({ ordinary }) => ordinary);

/** Why the host has no room for more workers, or does not tell; nothing where it has. */
export function noRoom(found: Slowness, settings: SiraSettings): string[] {
  const { resources, database, io } = found;
  const more = Math.max(0, wanted(found, settings) - (found.workers.workers ?? 0));
  const used = resources.containers.reduce((sum, { cpuPercent }) => sum + cpuPercent, 0) / 100;
  const keptMb = (resources.memoryAvailableMb * MEMORY_KEPT_PERCENT) / Math.max(1, resources.memoryFreePercent);
  const needMb = more * settings.workers.memoryMb + keptMb;
  const needed = more * settings.workers.connections + CONNECTIONS_KEPT;
  const busiest = Math.max(0, ...io.devices.map(({ utilPercent }) => utilPercent));
  return [
    ...(resources.load1 >= BUSY * resources.cpus || used >= BUSY * resources.cpus
      ? [`the processors are busy (load ${resources.load1} on ${resources.cpus})`]
      : []),
    ...(resources.dockerLive ? [] : ['Docker does not tell what containers use']),
    ...(resources.memoryAvailableMb < needMb
      ? [`${Math.round(resources.memoryAvailableMb)} MB of memory are too few for ${more} more workers`]
      : []),
    ...(io.source === 'unknown' ? ['how busy the disks are is not known'] : []),
    ...(busiest >= DISK_BUSY_PERCENT ? [`a disk is busy in ${Math.round(busiest)} % of the time`] : []),
    ...(database.connections === null || database.maxConnections === null
      ? ['how many connections the database has left is not known']
      : database.maxConnections - database.connections < needed
        ? [
            `${database.connections} of ${database.maxConnections} connections are taken: too few are left for ${more} more workers`,
          ]
        : []),
  ];
}

/** How many workers there are to be, in all. */
export function wanted({ workers }: Slowness, settings: SiraSettings): number {
  return Math.min(settings.workers.most, (workers.workers ?? 0) + settings.workers.step);
}

/** Why more workers would not help or must not be, or `undefined` where they are the remedy. */
export function againstWorkers(found: Slowness, parameters: SlownessParameters, settings: SiraSettings): string | undefined {
  const { workers, answers } = found;
  if (!isSlow(answers, parameters)) return `answers take ${answers.p95Ms} ms from here`;
  const [outside] = theirs(found, parameters);
  if (outside) return `${outside}: that is theirs, and more workers would only wait with it`;
  const [query] = found.queries.queries;
  if (query) return `queries run for ${query.seconds} s and longer: they come first`;
  if (!found.queries.readable) return 'which queries run is not known';
  const [short] = noRoom(found, settings);
  if (short) return short;
  if (workers.waiting === null) return 'whether requests wait for a worker is not known';
  if (workers.waiting === 0) return 'no request waits for a worker';
  if (workers.added) return 'workers were added before';
  if (workers.workers === null) return 'the command that runs does not say how many workers there are';
  if (workers.workers >= settings.workers.most) return `there are ${workers.workers} workers already`;
  return workers.asWritten ? undefined : `bringing the backend up would change more than its workers: ${workers.why}`;
}

/** Why cancelling would not help, or `undefined` where it is the remedy. */
export function againstCancelling(found: Slowness, parameters: SlownessParameters): string | undefined {
  if (!found.queries.readable) return 'which queries run is not known';
  if (found.queries.queries.length === 0) return `no query has run for over ${parameters.overSeconds} s`;
  if (cancellable(found).length > 0) return isSlow(found.answers, parameters) ? undefined : 'answers come in time all the same';
  return `what runs for long must be let finish: ${found.queries.queries.map(spokenQuery).join('; ')}`;
}

export const spokenQuery = ({ pid, seconds, role, application, kind, waitsFor, text }: Query) =>
  `pid ${pid} for ${seconds} s, ${role || kind}${application ? ` (${application})` : ''}${waitsFor ? `, waits for ${waitsFor}` : ''}: ${text}`;

/** Well is who answers in time, here and from outside. */
export function fastAgain(answers: Slowness['answers'], api: HttpFacts, { slowerThanMs }: SlownessParameters): Finding {
  if (!api.well) return `${api.url} answers ${api.status || `nothing (${api.error})`}`;
  if (answers.failed > 0) return `${answers.failed} of ${answers.samples} answers failed`;
  if (answers.p95Ms === null || answers.p95Ms > slowerThanMs)
    return `answers take ${answers.p95Ms ?? 'too many'} ms from the host`;
  return api.tookMs > slowerThanMs ? `${api.url} answers after ${api.tookMs} ms` : true;
}

/** What a person should look at first. */
export function tellSlowness(found: Slowness, parameters: SlownessParameters, settings: SiraSettings): string {
  const { answers, io, queries, workers } = found;
  const outside = theirs(found, parameters);
  const slow = queries.queries;
  const short = noRoom(found, settings);
  const cause =
    outside.length > 0
      ? `${outside.join(' and ')}: theirs`
      : slow.length > 0
        ? `${slow.length} slow queries`
        : (short[0] ?? againstWorkers(found, parameters, settings) ?? 'too few workers');
  return [
    `Likely cause: ${cause}.`,
    `Answers from the host: half of them within ${answers.medianMs ?? 'no'} ms, 95 % within ${answers.p95Ms ?? 'no'} ms, ${answers.failed} of ${answers.samples} failed.`,
    ...slow.slice(0, 5).map((query) => `Slow query: ${spokenQuery(query)}`),
    `Room: ${short.length > 0 ? short.join('; ') : 'processors, memory, disks and connections have some'}.`,
    `Disks: ${io.devices.map(({ name, utilPercent }) => `${name} ${utilPercent} %`).join(', ') || 'not known'}.`,
    `Workers: ${workers.workers ?? 'not told by its command'}, ${workers.waiting ?? 'an unknown number of'} requests wait, ${workers.processes ?? 'unknown'} processes${workers.asWritten ? '' : ` (${workers.why})`}.`,
  ].join('\n');
}
