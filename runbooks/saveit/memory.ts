import type * as z from 'zod';
import type { podLogs } from '../cluster/pod-logs.ts';
import type { ContainerUsage, podUsage } from '../cluster/pod-usage.ts';
import { because, type Finding, notNeeded, notYet, type Reason } from '../language/reason.ts';
import { leftAlone, type Workload } from './left-alone.ts';
import { atLeast, type Bounds, type Counted, morePods, type Step } from './scaling.ts';
import type { SaveitSettings } from './system.ts';

export type Usage = z.output<typeof podUsage.facts>;
type Container = z.output<typeof ContainerUsage>;

/** Everything that is known when memory runs short. */
export interface Memory extends Workload, Counted {
  usage: Usage;
  logs: z.output<typeof podLogs.facts>;
}
export interface MemoryParameters {
  nearPercent: number;
}

/** What fills within this time of its start fills again after a restart. */
const SETTLED_SECONDS = 10 * 60;
/** One that was killed and holds so much of its limit again has not been helped by that. Percent. */
const AGAIN_PERCENT = 80;
/** What was killed less than this ago may be killed again before anybody looks. */
const JUST_SECONDS = 2 * 60;
/** Several pods that are killed are more than slow answers. */
const SEVERAL = 2;

const megabytes = (value: number) => `${value} Mi`;

export function spokenMemory({ pod, memoryMb, memoryLimitMb, memoryPercent }: Container): string {
  if (memoryMb === null) return `${pod} not measured`;
  return `${pod} ${megabytes(memoryMb)}${memoryLimitMb === null ? '' : ` of ${megabytes(memoryLimitMb)} (${memoryPercent} %)`}`;
}

/** For the timeline. */
export function sayMemory({ metrics, why, containers }: Usage): string {
  const killed = containers.filter(({ oomKilledSecondsAgo }) => oomKilledSecondsAgo !== null).length;
  return [
    metrics === 'read' ? containers.map(spokenMemory).join(', ') || 'there are no pods' : `usage is not known: ${why}`,
    ...(killed > 0 ? [`${killed} killed for want of memory within the hour`] : []),
  ].join('; ');
}

const isNear = ({ memoryPercent }: Container, { nearPercent }: MemoryParameters) =>
  memoryPercent !== null && memoryPercent >= nearPercent;
const wasKilled = ({ oomKilledSecondsAgo }: Container) => oomKilledSecondsAgo !== null;
const isSettled = ({ runsSeconds }: Container) => runsSeconds !== null && runsSeconds >= SETTLED_SECONDS;

/** What shows that memory is short, each in a sentence. What was killed is known without any metrics. */
export function shortness({ usage }: Pick<Memory, 'usage'>, parameters: MemoryParameters): string[] {
  return usage.containers.flatMap((one) => {
    if (wasKilled(one))
      return [`${one.pod} was killed for want of memory ${Math.round((one.oomKilledSecondsAgo ?? 0) / 60)} min ago`];
    return isNear(one, parameters) ? [`${spokenMemory(one)} holds nearly all that it may`] : [];
  });
}

/**
 * What holds its memory although it has had time: a leak, which a restart clears for a while. One that was killed began anew by
 * that: it is a leak only if it is as full again, or was killed again.
 */
export function leaks({ usage, pods }: Pick<Memory, 'usage' | 'pods'>, parameters: MemoryParameters): Container[] {
  return usage.containers.filter((one) => {
    if (!wasKilled(one)) return isSettled(one) && isNear(one, parameters);
    const pod = pods.pods.find(({ name }) => name === one.pod);
    // A new pod that is killed at once is killed again after a restart.
    if (!pod || pod.ageSeconds < SETTLED_SECONDS) return false;
    return (one.memoryPercent ?? 0) >= AGAIN_PERCENT || pod.restarts >= SEVERAL;
  });
}

/** Why more pods would not help or must not be; `undefined` where they are the remedy. */
function againstMore(facts: Memory, parameters: MemoryParameters): string | undefined {
  const found = shortness(facts, parameters);
  if (found.length === 0)
    return facts.usage.metrics === 'read' ? 'no pod is short of memory' : `what the pods use is not known: ${facts.usage.why}`;
  const alone = leftAlone(facts);
  return alone && `${found.join('; ')}, but ${alone}`;
}

/** The step is asked for only where more pods help: the database need not be heard to say that none are needed. */
function more<T>(facts: Memory, parameters: MemoryParameters, step: () => Step<T>, said: (to: T) => string): Reason {
  const against = againstMore(facts, parameters);
  if (against) return notNeeded(against);
  const found = step();
  return 'not' in found ? notNeeded(found.not) : because(`${shortness(facts, parameters).join('; ')}: ${said(found.to)}`);
}

export function scaleForMemory(facts: Memory, parameters: MemoryParameters, settings: SaveitSettings): Reason {
  const said = (to: number) => `${to} pods instead of ${facts.scaling.deployment.replicas} take it among them`;
  return more(facts, parameters, () => morePods(facts, settings), said);
}

/** The autoscaler goes by the processor: it is told how many there must be at least. */
export function raiseForMemory(facts: Memory, parameters: MemoryParameters, settings: SaveitSettings): Reason {
  const said = ({ min }: Bounds) => `at least ${min} pods take it among them`;
  return more(facts, parameters, () => atLeast(facts, settings), said);
}

/** Why the pods should be made new, or why not. */
export function clear(facts: Memory, parameters: MemoryParameters): Reason {
  const { usage } = facts;
  const found = leaks(facts, parameters);
  if (found.length === 0) {
    if (usage.metrics !== 'read') return notNeeded(`what the pods use is not known: ${usage.why}`);
    const young = usage.containers.find((one) => isNear(one, parameters));
    if (young) return notNeeded(`${spokenMemory(young)} was started less than ten minutes ago: a restart would not last`);
    return notNeeded('no pod holds memory that a restart would free');
  }
  const said = found
    .map((one) => (wasKilled(one) ? `${one.pod} was killed for want of memory, and is as full again` : spokenMemory(one)))
    .join('; ');
  const alone = leftAlone(facts);
  return alone ? notNeeded(`${said}, but ${alone}: a restart would not help`) : because(`${said}: it does not let go of it`);
}

/** Whether there is memory again, and every pod is there. */
export function memoryAgain({ usage, pods, deployment }: Workload & { usage: Usage }, parameters: MemoryParameters): Finding {
  if (usage.metrics === 'absent') return `what the pods use is not known: ${usage.why}`;
  const gone = missing({ pods, deployment });
  if (gone !== true) return gone;
  // A pod that has just begun is measured a minute later.
  if (usage.metrics === 'not-ready') return notYet(`what the pods use is not known yet: ${usage.why}`);
  const unknown = usage.containers.find(({ memoryPercent, memoryLimitMb }) => memoryPercent === null && memoryLimitMb !== null);
  if (unknown) return notYet(`${unknown.pod} is not measured yet`);
  const near = usage.containers.find((one) => isNear(one, parameters));
  if (near) return spokenMemory(near);
  const killed = usage.containers.find(({ oomKilledSecondsAgo: ago }) => ago !== null && ago < JUST_SECONDS);
  return killed ? notYet(`${killed.pod} was killed for want of memory a moment ago`) : true;
}

/** Whether all pods of a workload are ready and its newest template is what runs. */
export function missing({ pods, deployment }: Workload): Finding {
  if (deployment.gaveUp) return deployment.gaveUp;
  if (deployment.paused) return 'the deployment is paused';
  const ill = pods.pods.find(({ ready, standing }) => !ready && standing !== 'Terminating' && standing !== 'Completed');
  if (ill && ill.restarts > 0 && ill.standing !== 'Running') return `${ill.name} is ${ill.standing}`;
  if (deployment.underWay) return notYet(deployment.sign);
  if (ill) return notYet(`${ill.name} is ${ill.standing} and not ready`);
  if (deployment.available < deployment.replicas)
    return notYet(`${deployment.available} of ${deployment.replicas} pods are available`);
  return deployment.replicas > 0 || 'the deployment is scaled to nothing';
}

/** Several pods that are killed: a major part is not to be had. */
export const severalKilled = ({ usage }: Pick<Memory, 'usage'>) => usage.containers.filter(wasKilled).length >= SEVERAL;

/** What a person must be told. */
export function tellMemory(facts: Memory, parameters: MemoryParameters, settings: SaveitSettings): string {
  const scaled = scaleForMemory(facts, parameters, settings);
  const raised = raiseForMemory(facts, parameters, settings);
  const unlimited = facts.usage.containers.filter(({ memoryLimitMb }) => memoryLimitMb === null);
  return [
    `Memory: ${sayMemory(facts.usage)}.`,
    `More pods: ${(facts.scaling.autoscalers.length > 0 ? raised : scaled).why}.`,
    `A restart: ${clear(facts, parameters).why}.`,
    `Lines of the logs that speak of memory: ${facts.logs.speaksOf.memory}.`,
    ...(unlimited.length > 0
      ? [`Without a limit: ${[...new Set(unlimited.map(({ container }) => container))].join(', ')}.`]
      : []),
  ].join('\n');
}
