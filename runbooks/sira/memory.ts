import type * as z from 'zod';
import type { memorySamples } from '../commands/memory-samples.ts';
import type { memoryUsage } from '../commands/memory-usage.ts';
import type { Finding } from '../language/reason.ts';
import type { SiraSettings } from './system.ts';

export type Usage = z.output<typeof memoryUsage.facts>;
export type Growth = z.output<typeof memorySamples.facts>;
type Container = Usage['containers'][number];
export interface MemoryParameters {
  freeAtLeast: number;
  atLimit: number;
}
export interface Proof {
  service: string;
  name: string;
  why: string;
}

/** One that was started just now is still filling up: what it holds says nothing yet. */
const SETTLED_SECONDS = 10 * 60;
/** To be the cause, it must hold so much of the host's memory, and so many times what the next largest holds. */
const HOG_SHARE = 0.4;
const HOG_TIMES = 2;
/** What would reach its limit within so many minutes is not well, however much room there is now. */
const SOON_MINUTES = 60;
/** Less than this comes and goes. */
const GROWS_MB_PER_MINUTE = 1;

const availablePercent = ({ availableMb, totalMb }: Usage) => (totalMb > 0 ? (100 * availableMb) / totalMb : 0);

/** Whether the host itself runs short: of what programs can still have. A cache that fills the rest is no shortage. */
export const hostIsShort = (usage: Usage, { freeAtLeast }: MemoryParameters) => availablePercent(usage) < freeAtLeast;

export const megabytes = (mb: number) => (mb >= 1_024 ? `${(mb / 1_024).toFixed(1)} GB` : `${Math.round(mb)} MB`);

export function spokenUsage(usage: Usage): string {
  const { availableMb, totalMb, swapTotalMb, swapFreeMb } = usage;
  const swap = swapTotalMb > 0 ? `, swap ${megabytes(swapTotalMb - swapFreeMb)} of ${megabytes(swapTotalMb)} used` : '';
  return `${megabytes(availableMb)} of ${megabytes(totalMb)} can still be had (${availablePercent(usage).toFixed(1)} %)${swap}`;
}

/** The containers that facts prove to be ill for want of memory, each with the proof; the database among them. */
export function proofs(usage: Usage, parameters: MemoryParameters): Proof[] {
  return usage.containers.flatMap((container) => {
    const why = wasKilled(container) ?? atItsLimit(container, parameters) ?? isTheHog(container, usage, parameters);
    return why === undefined ? [] : [{ service: container.service, name: container.name, why }];
  });
}

/** Only where it stays down: what runs again, or what Docker is restarting, is on its way. */
function wasKilled({ service, state, oomKilled, exitCode }: Container): string | undefined {
  return oomKilled && (state === 'exited' || state === 'dead')
    ? `${service} was killed for want of memory and stayed down (exit code ${exitCode})`
    : undefined;
}

function atItsLimit(container: Container, { atLimit }: MemoryParameters): string | undefined {
  const { service, usedMb, limitMb } = container;
  if (!settled(container) || limitMb === 0 || usedMb < (atLimit / 100) * limitMb) return undefined;
  return `${service} holds ${megabytes(usedMb)}, ${Math.round((100 * usedMb) / limitMb)} % of its limit`;
}

function isTheHog(container: Container, usage: Usage, parameters: MemoryParameters): string | undefined {
  if (!hostIsShort(usage, parameters) || !settled(container) || container.usedMb < HOG_SHARE * usage.totalMb) return undefined;
  const next = Math.max(
    0,
    ...holders(usage)
      .filter(({ name }) => name !== container.name)
      .map(({ usedMb }) => usedMb),
  );
  if (container.usedMb < HOG_TIMES * next) return undefined;
  return `${container.service} holds ${megabytes(container.usedMb)}, by far the most, and the host has ${availablePercent(usage).toFixed(1)} % left`;
}

const settled = ({ state, startedSecondsAgo }: Container) =>
  state === 'running' && startedSecondsAgo !== null && startedSecondsAgo > SETTLED_SECONDS;

/** Who holds memory, the largest first: containers, and the host's own programs, all of one name together. */
export function holders(usage: Usage): { name: string; usedMb: number; what: 'container' | 'program' }[] {
  const contained = [...usage.containers, ...usage.others].map(({ name, usedMb }) => ({
    name,
    usedMb,
    what: 'container' as const,
  }));
  const programs = new Map<string, number>();
  for (const { name, rssMb, container } of usage.processes)
    if (container === null) programs.set(name, (programs.get(name) ?? 0) + rssMb);
  const own = [...programs].map(([name, usedMb]) => ({ name, usedMb, what: 'program' as const }));
  return [...contained, ...own].sort((a, b) => b.usedMb - a.usedMb);
}

/** What must be let finish, in a sentence: a dump or a migration that a restart would cut off. */
function atWorkIn({ busy }: Usage, name: string): string | undefined {
  const [first] = busy.filter(({ container }) => container === name);
  return first && `${first.name} (pid ${first.pid}) is at work in it and must be let finish`;
}

/** What may be restarted without a question: proven ill, from the list, and with nothing in it that must finish. */
export function restartable(usage: Usage, parameters: MemoryParameters, { memory, services }: SiraSettings): Proof[] {
  return proofs(usage, parameters).filter(
    ({ service, name }) => memory.restart.includes(service) && service !== services.db && atWorkIn(usage, name) === undefined,
  );
}

export function databaseProof(usage: Usage, parameters: MemoryParameters, { services }: SiraSettings): Proof | undefined {
  return proofs(usage, parameters).find(({ service, name }) => service === services.db && atWorkIn(usage, name) === undefined);
}

/** Why nothing is restarted, for the person who wonders. */
export function whyNot(usage: Usage, parameters: MemoryParameters, { services }: SiraSettings): string {
  if (!usage.dockerLive) return 'Docker does not answer on this host';
  const [proof] = proofs(usage, parameters).filter(({ service }) => service !== services.db);
  if (proof) return `${proof.why}, but ${atWorkIn(usage, proof.name) ?? 'it is not among those that may be restarted'}`;
  const young = usage.containers.find(
    (one) => !settled(one) && one.state === 'running' && one.limitMb > 0 && one.usedMb > 0.9 * one.limitMb,
  );
  if (young)
    return `${young.service} was started less than ten minutes ago and is near its limit already: a restart would not last`;
  if (!hostIsShort(usage, parameters)) return spokenUsage(usage);
  const [largest] = holders(usage);
  return largest?.what === 'program'
    ? `${spokenUsage(usage)}, and the most is held by ${largest.name}, which is no service of ours: ${megabytes(largest.usedMb)}`
    : `${spokenUsage(usage)}, and no service is proven to be the cause`;
}

/** Containers that grow, each with how long it has until it is full; `null` where nothing limits it. */
export function growing(
  usage: Usage,
  { containers }: Growth,
): { name: string; mbPerMinute: number; minutesLeft: number | null }[] {
  return containers.flatMap(({ name, lastMb, mbPerMinute }) => {
    if (mbPerMinute === null || mbPerMinute < GROWS_MB_PER_MINUTE) return [];
    const found = usage.containers.find((container) => container.name === name);
    const room = found && found.limitMb > 0 ? found.limitMb - lastMb : usage.availableMb;
    return [{ name, mbPerMinute, minutesLeft: Math.max(0, room / mbPerMinute) }];
  });
}

export function spokenGrowth({ seconds, containers }: Growth): string {
  return containers
    .map(({ name, samples, mbPerMinute, lastMb }) => {
      if (samples === 0) return `${name} does not run`;
      if (mbPerMinute === null) return `${name} ran in ${samples} samples only`;
      const slope = mbPerMinute >= 0 ? `+${mbPerMinute.toFixed(1)}` : mbPerMinute.toFixed(1);
      return `${name} ${megabytes(lastMb)}, ${slope} MB a minute over ${seconds} s`;
    })
    .join('; ');
}

/** Whether all is well again: there is room, nobody is at his limit or killed, and nobody will be soon. */
export function wellAgain(usage: Usage, growth: Growth, parameters: MemoryParameters): Finding {
  if (!usage.dockerLive) return 'Docker does not answer';
  const [proof] = proofs(usage, parameters);
  if (proof) return proof.why;
  const near = usage.containers.find(({ usedMb, limitMb }) => limitMb > 0 && usedMb >= (parameters.atLimit / 100) * limitMb);
  if (near) return `${near.service} holds ${megabytes(near.usedMb)} of ${megabytes(near.limitMb)} again`;
  if (hostIsShort(usage, parameters)) return spokenUsage(usage);
  const leak = growing(usage, growth).find(({ minutesLeft }) => minutesLeft !== null && minutesLeft < SOON_MINUTES);
  return leak
    ? `${leak.name} grows by ${leak.mbPerMinute.toFixed(1)} MB a minute and is full in ${Math.round(leak.minutesLeft ?? 0)} minutes: a restart does not last`
    : true;
}

/** What a person must be told. */
export function tellMemory(usage: Usage, growth: Growth, parameters: MemoryParameters, settings: SiraSettings): string {
  const found = proofs(usage, parameters).map(({ why }) => why);
  const list = (lines: string[]) => (lines.length > 0 ? lines.join(', ') : 'none');
  return [
    `${found.length > 0 ? `${found.join('; ')}. ` : ''}${whyNot(usage, parameters, settings)}.`,
    `Containers: ${list(
      usage.containers.map(
        ({ service, state, usedMb, limitMb }) =>
          `${service} ${state === 'running' ? `${megabytes(usedMb)}${limitMb > 0 ? ` of ${megabytes(limitMb)}` : ''}` : state}`,
      ),
    )}.`,
    `Largest processes: ${list(usage.processes.slice(0, 5).map(({ name, pid, rssMb, container }) => `${name} (pid ${pid}, ${container ?? 'host'}) ${megabytes(rssMb)}`))}.`,
    `Killed by the kernel: ${usage.killed.length > 0 ? usage.killed.map(({ name, pid, secondsAgo }) => `${name} (pid ${pid})${secondsAgo === null ? '' : ` ${Math.round(secondsAgo / 60)} min ago`}`).join(', ') : usage.kernelKills === null ? 'not known' : `${usage.kernelKills} since the host was started`}.`,
    `Watched: ${spokenGrowth(growth)}.`,
  ].join('\n');
}
