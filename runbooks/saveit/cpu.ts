import type * as z from 'zod';
import type { ContainerUsage } from '../cluster/pod-usage.ts';
import { because, type Finding, notNeeded, notYet, type Reason } from '../language/reason.ts';
import { leftAlone, type Workload } from './left-alone.ts';
import { missing, type Usage } from './memory.ts';
import { autoscalerOf, type Counted, higherMost, morePods, type Step, wantsMore } from './scaling.ts';
import type { SaveitSettings } from './system.ts';

/** Everything that is known when processors are busy. */
export interface Busy extends Workload, Counted {
  usage: Usage;
}
export interface CpuParameters {
  nearPercent: number;
}
type Container = z.output<typeof ContainerUsage>;

function spoken({ pod, cpuMillicores, cpuLimitMillicores, cpuPercent }: Container): string {
  if (cpuMillicores === null) return `${pod} not measured`;
  return `${pod} ${cpuMillicores}m${cpuLimitMillicores === null ? '' : ` of ${cpuLimitMillicores}m (${cpuPercent} %)`}`;
}

/** For the timeline. */
export function sayCpu({ metrics, why, containers }: Usage): string {
  return metrics === 'read' ? containers.map(spoken).join(', ') || 'there are no pods' : `usage is not known: ${why}`;
}

/** Containers whose use says something: they have a limit, and were measured. */
const measured = ({ containers }: Usage) => containers.filter(({ cpuPercent }) => cpuPercent !== null);
const atLimit = (usage: Usage, { nearPercent }: CpuParameters) =>
  measured(usage).filter(({ cpuPercent }) => (cpuPercent ?? 0) >= nearPercent);

/**
 * Why more pods would not help or must not be; `undefined` where they are the remedy. More pods take a share of what all are asked
 * for: where only some of many are busy, it is something else that keeps them so.
 */
export function againstMore(facts: Busy, parameters: CpuParameters): string | undefined {
  const { usage } = facts;
  const owner = autoscalerOf(facts.scaling);
  const alone = leftAlone(facts);
  if (alone) return alone;
  // An autoscaler that wants more than it may have has measured by itself.
  if (owner && wantsMore(owner)) return undefined;
  if (usage.metrics !== 'read') return `what the pods use is not known: ${usage.why}`;
  if (measured(usage).length === 0) return `no pod has a limit to measure its use by: ${sayCpu(usage)}`;
  const busy = atLimit(usage, parameters);
  if (busy.length === 0) return `no pod is at its limit: ${sayCpu(usage)}`;
  const pods = new Set(measured(usage).map(({ pod }) => pod)).size;
  const ill = new Set(busy.map(({ pod }) => pod)).size;
  if (ill * 2 <= pods)
    return `${ill} of ${pods} pods are at their limit (${busy.map(spoken).join(', ')}): it is not shared, and more pods would not take it`;
  return undefined;
}

function more<T>(facts: Busy, parameters: CpuParameters, step: () => Step<T>, said: (to: T) => string): Reason {
  const against = againstMore(facts, parameters);
  if (against) return notNeeded(against);
  const found = step();
  return 'not' in found ? notNeeded(found.not) : because(`${sayCpu(facts.usage)}: ${said(found.to)}`);
}

export function scaleForCpu(facts: Busy, parameters: CpuParameters, settings: SaveitSettings): Reason {
  const { replicas } = facts.scaling.deployment;
  return more(
    facts,
    parameters,
    () => morePods(facts, settings),
    (to) => `${to} pods instead of ${replicas} share it`,
  );
}

export function raiseForCpu(facts: Busy, parameters: CpuParameters, settings: SaveitSettings): Reason {
  return more(
    facts,
    parameters,
    () => higherMost(facts, settings),
    ({ min, max }) => `the autoscaler may make ${min} to ${max} pods`,
  );
}

/** Whether there are processors again, and every pod is there. An autoscaler that is at work gets its time. */
export function calmAgain({ usage, scaling, ...workload }: Omit<Busy, 'sessions'>, parameters: CpuParameters): Finding {
  const gone = missing(workload);
  if (gone !== true) return gone;
  if (usage.metrics === 'absent') return `what the pods use is not known: ${usage.why}`;
  if (usage.metrics === 'not-ready') return notYet(`what the pods use is not known yet: ${usage.why}`);
  const unknown = usage.containers.find(
    ({ cpuPercent, cpuLimitMillicores }) => cpuPercent === null && cpuLimitMillicores !== null,
  );
  if (unknown) return notYet(`${unknown.pod} is not measured yet`);
  const owner = autoscalerOf(scaling);
  // One that would have more is no alarm of its own: what users feel is a processor that is full.
  const busy = atLimit(usage, parameters);
  if (busy.length === 0) return measured(usage).length > 0 || owner !== undefined || 'no pod has a limit to measure its use by';
  const said = busy.map(spoken).join(', ');
  return owner && owner.blind === '' && owner.ownedBy === '' && !wantsMore(owner) && busy.length * 2 > measured(usage).length
    ? notYet(`${said}; ${owner.name} has room, and is at it`)
    : said;
}

/** What a person must be told. */
export function tellCpu(facts: Busy, parameters: CpuParameters, settings: SaveitSettings): string {
  const owner = autoscalerOf(facts.scaling);
  const reason = owner ? raiseForCpu(facts, parameters, settings) : scaleForCpu(facts, parameters, settings);
  return [
    `CPU: ${sayCpu(facts.usage)}.`,
    `More pods: ${reason.why}.`,
    ...(owner ? [`${owner.name}: ${owner.current} of ${owner.min} to ${owner.max} pods, wants ${owner.desired}.`] : []),
  ].join('\n');
}
