import type * as z from 'zod';
import type { containerLogs } from '../commands/container-logs.ts';
import type { externalServices } from '../commands/external-services.ts';
import type { hostResources } from '../commands/host-resources.ts';
import type { serviceStatus } from '../commands/service-status.ts';
import { because, type Finding, notNeeded, notYet, type Reason } from '../language/reason.ts';
import type { SaveitSettings } from './system.ts';

/** Everything that is known of a host when it must be said why the application does not respond there. */
export interface OnHost {
  services: z.output<typeof serviceStatus.facts>;
  logs: z.output<typeof containerLogs.facts>;
  resources: z.output<typeof hostResources.facts>;
  ready: z.output<typeof externalServices.facts>;
}
type Settings = Pick<SaveitSettings, 'compose'>;
type Container = OnHost['services']['containers'][number];

/** What has just been started gets this long before it is called ill. */
const STARTING_SECONDS = 3 * 60;
/** What ends sooner than this after its start does so because of what it is, not of what befell it. */
const AT_ONCE_SECONDS = 30;
/** Fewer lines than these are no cause: a log speaks of a lost connection now and then. */
const MANY_LINES = 3;
/** Below this a disk explains anything. */
const DISK_FULL_PERCENT = 2;
/** Docker starts what has one of these policies again whenever it ends, but for one thing: somebody has stopped it. */
const ALWAYS = ['always', 'unless-stopped'];
/** It ended well, or as `docker stop` ends it. */
const STOPPED = [0, 143];
/** How curl says that nobody answered. Anything else, such as a missing curl, says nothing of the application. */
const SILENCE = /timed out|refused|reset by peer|empty reply/i;

/** Whether the backend says of itself that it is ready; `unknown` where it could not be asked, or something else answered. */
export function readiness({ ready }: Pick<OnHost, 'ready'>): { is: 'well' | 'ill' | 'unknown'; says: string } {
  const [answer] = ready.services;
  if (!answer) return { is: 'unknown', says: 'readiness was not asked' };
  const { status, error } = answer;
  if (status === 0) return { is: SILENCE.test(error) ? 'ill' : 'unknown', says: `readiness answers nothing (${error})` };
  const is = status >= 200 && status < 300 ? 'well' : status >= 500 ? 'ill' : 'unknown';
  return { is, says: `readiness answers ${status}` };
}

export const backends = ({ services }: Pick<OnHost, 'services'>, { compose }: Settings): Container[] =>
  services.containers.filter(({ service }) => service === compose.backend.service);

const running = ({ state }: Container) => state === 'running';
const isStarting = (container: Container) =>
  running(container) && (container.health === 'starting' || (container.startedSecondsAgo ?? 0) <= STARTING_SECONDS);
const ranSeconds = ({ startedSecondsAgo = 0, finishedSecondsAgo = 0 }: Container) => startedSecondsAgo - finishedSecondsAgo;
const lines = ({ logs: { logs } }: Pick<OnHost, 'logs'>, of: 'connectionRefused' | 'noSpaceLeft') =>
  logs.reduce((sum, log) => sum + log[of], 0);

/** A dependency that explains it: one that does not run, is unhealthy, or refuses the backend, by its log. */
export function composeDependency(host: Pick<OnHost, 'services' | 'logs'>, { compose }: Settings): string | undefined {
  const ill = host.services.containers.find(
    (one) => compose.dependencies.includes(one.service) && (!running(one) || one.health === 'unhealthy'),
  );
  const gone = compose.dependencies.find((service) => host.services.missing.includes(service));
  if (gone) return `${gone} has no container`;
  if (ill) return `${ill.service} is ${running(ill) ? 'unhealthy' : ill.state}`;
  const refused = lines(host, 'connectionRefused');
  return refused >= MANY_LINES
    ? `what the backend depends on refuses connections, in ${refused} lines of its log (${compose.dependencies.join(' or ')}, here or elsewhere)`
    : undefined;
}

/** What a container says for itself against a restart. */
function ofContainer(container: Container): string | undefined {
  const { service, state, exitCode, restartPolicy, restartCount } = container;
  if (state === 'paused') return `${service} is paused: somebody works at it`;
  if (state === 'restarting') return `Docker is restarting ${service} already, ${restartCount} times so far`;
  if (state === 'created') return `${service} was made and has never run: its image or its configuration does not let it`;
  if (state === 'dead' || state === 'removing') return `${service} is ${state}: Docker itself could not end it`;
  if (state !== 'exited') return undefined;
  if (STOPPED.includes(exitCode) || ALWAYS.includes(restartPolicy))
    return `${service} was stopped (exit code ${exitCode}${restartPolicy ? `, restart policy ${restartPolicy}` : ''}): somebody has switched it off`;
  return ranSeconds(container) < AT_ONCE_SECONDS
    ? `${service} ended ${ranSeconds(container)} s after its start (exit code ${exitCode}): its image or its configuration does not fit`
    : undefined;
}

/** What a restart would not mend, in a sentence; `undefined` when nothing speaks against one. */
export function composeLeftAlone(host: OnHost, settings: Settings): string | undefined {
  const { services, resources } = host;
  const { service } = settings.compose.backend;
  if (!services.dockerLive) return 'Docker does not answer on this host';
  const own = backends(host, settings);
  if (own.length === 0)
    return services.composeReadable
      ? `${service} has no container: a restart makes none`
      : `${service} has no container, and Compose can not read its file`;
  if (resources.rootFreePercent < DISK_FULL_PERCENT || lines(host, 'noSpaceLeft') > 0) return 'a disk is full';
  return own.flatMap((container) => ofContainer(container) ?? [])[0] ?? composeDependency(host, settings);
}

/** What is ill of the backend, in a sentence for each sign. */
function signs(host: OnHost, settings: Settings): string[] {
  const own = backends(host, settings);
  const ready = readiness(host);
  const found = own.flatMap(({ service, state, health, exitCode, oomKilled }) => {
    if (state !== 'running') return [`${service} is ${state} (exit code ${exitCode}${oomKilled ? ', out of memory' : ''})`];
    return health === 'unhealthy' ? [`${service} is unhealthy`] : [];
  });
  return [...found, ...(ready.is === 'ill' ? [ready.says] : [])];
}

/** Why the backend should be restarted, or why not. */
export function composeRestart(host: OnHost, settings: Settings): Reason {
  const said = signs(host, settings);
  const ready = readiness(host);
  const no = composeLeftAlone(host, settings);
  if (said.length === 0) return notNeeded(no ?? (ready.is === 'well' ? 'the application answers on this host' : ready.says));
  if (no) return notNeeded(`${said.join('; ')}, but ${no}: a restart would not help`);
  const own = backends(host, settings);
  if (ready.is === 'well') return notNeeded(`${said.join('; ')}, and it answers all the same: a restart would interrupt that`);
  if (own.some(isStarting)) return notNeeded(`${said.join('; ')}, and it has only just been started`);
  return because(said.join('; '));
}

/** Whether it answers, and has not ended again since it was started. */
export function composeIsWell(host: Pick<OnHost, 'services' | 'ready'>, settings: Settings): Finding {
  const own = backends(host, settings);
  if (own.length === 0) return `${settings.compose.backend.service} has no container`;
  for (const container of own) {
    const { service, state, health, restartCount } = container;
    if (!running(container)) return `${service} is ${state}`;
    if (health === 'unhealthy') return `${service} is unhealthy`;
    if (isStarting(container) && restartCount > 0) return `Docker has had to start ${service} again, ${restartCount} times`;
    if (health === 'starting') return notYet(`${service} is starting`);
  }
  const ready = readiness(host);
  return ready.is === 'well' || ready.says;
}

/** For the page: what is most likely, and the first stack trace of the log. */
export function composeCause(host: OnHost, settings: Settings): string {
  const no = composeLeftAlone(host, settings);
  const [trace] = host.logs.logs.flatMap(({ stackTraces }) => stackTraces);
  const said = no ?? signs(host, settings).join('; ');
  const cause = said || readiness(host).says;
  return `Likely cause: ${cause}.${trace ? `\nFirst stack trace: ${trace}` : ''}`;
}
