import * as z from 'zod';
import type { Clock } from '../../../functions/incident/clock.ts';
import type { Arns } from '../arns.ts';
import type { Store } from '../store.ts';
import type { Bus } from './bus.ts';

export const AlarmState = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']);
export type AlarmState = z.infer<typeof AlarmState>;

const Spec = z.object({
  name: z.string(),
  description: z.string().optional(),
  namespace: z.string(),
  metric: z.string(),
  dimensions: z.record(z.string(), z.string()),
  statistic: z.string().default('Average'),
  /** In seconds. */
  period: z.number().default(60),
  evaluationPeriods: z.number().int().default(1),
  threshold: z.number(),
  comparison: z.string().default('GreaterThanThreshold'),
  /** Nothing is done here when an alarm fires, but who asks is told what would be. */
  actionsEnabled: z.boolean().default(true),
  actions: z.array(z.string()).default([]),
});
/** A metric alarm as it is configured. */
export type AlarmSpec = z.input<typeof Spec>;

const Standing = z.object({
  value: AlarmState,
  reason: z.string(),
  /** JSON, or empty. */
  reasonData: z.string(),
  /** ISO 8601 in UTC: when the state was last said, and when it last changed. */
  updatedAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
});
const Alarm = Spec.extend({ state: Standing });
export type Alarm = z.infer<typeof Alarm>;

export interface Alarms {
  all(): Alarm[];
  get(name: string): Alarm | undefined;
  /** Makes the alarm, or gives it another configuration and keeps its state. */
  put(spec: AlarmSpec, initial?: AlarmState): void;
  remove(name: string): void;
  /** Says the alarm's state; a change of it goes onto the bus. @returns whether the alarm is known */
  setState(name: string, value: AlarmState, reason: string, reasonData?: string): boolean;
}

interface AlarmDependencies {
  store: Store;
  clock: Clock;
  arns: Arns;
  bus: Pick<Bus, 'emit'>;
}

/**
 * The alarms of the systems. Nothing evaluates them here: the simulated monitoring, or a person with
 * `aws cloudwatch set-alarm-state`, says what state they are in. Alarm actions are not carried out; the bus tells of every change.
 *
 * @param specs begin as `OK`, unless an earlier process left a state
 */
export function createAlarms(deps: AlarmDependencies, specs: readonly AlarmSpec[]): Alarms {
  const { clock, arns, bus } = deps;
  const folder = deps.store.folder('alarms', Alarm);
  const put: Alarms['put'] = (input, initial = 'INSUFFICIENT_DATA') => {
    const spec = Spec.parse(input);
    const at = clock.now().toISOString();
    const unchecked = {
      value: initial,
      reason: 'Unchecked: Initial alarm creation',
      reasonData: '',
      updatedAt: at,
      changedAt: at,
    };
    folder.put(spec.name, { ...spec, state: folder.get(spec.name)?.state ?? unchecked });
  };
  for (const spec of specs) put(spec, 'OK');

  return {
    all: () => folder.all().sort((a, b) => a.name.localeCompare(b.name)),
    get: (name) => folder.get(name),
    put,
    remove: (name) => folder.remove(name),
    setState: (name, value, reason, reasonData = '') => {
      const alarm = folder.get(name);
      if (!alarm) return false;
      const updatedAt = clock.now().toISOString();
      const changed = value !== alarm.state.value;
      const state = { value, reason, reasonData, updatedAt, changedAt: changed ? updatedAt : alarm.state.changedAt };
      // Told first: a process that dies between the two tells it again, and one that had kept the state would never tell it.
      if (changed) bus.emit(stateChange({ ...alarm, state }, alarm.state, arns));
      folder.put(name, { ...alarm, state });
      return true;
    },
  };
}

/** `CloudWatch Alarm State Change`, as the CloudWatch user guide shows it for an alarm on one metric. */
function stateChange(alarm: Alarm, previous: Alarm['state'], arns: Arns): Parameters<Bus['emit']>[0] {
  const { name, description, namespace, metric, dimensions, period, statistic, state } = alarm;
  const metricStat = { metric: { dimensions, name: metric, namespace }, period, stat: statistic };
  return {
    source: 'aws.cloudwatch',
    'detail-type': 'CloudWatch Alarm State Change',
    resources: [arns.alarm(name)],
    time: new Date(state.updatedAt),
    detail: {
      alarmName: name,
      configuration: { ...(description ? { description } : {}), metrics: [{ id: 'm1', metricStat, returnData: true }] },
      previousState: standing(previous, previous.changedAt),
      state: standing(state, state.updatedAt),
    },
  };
}

/** EventBridge's own form of these times has an offset without a colon. */
function standing({ value, reason, reasonData }: Alarm['state'], at: string) {
  return { value, reason, ...(reasonData ? { reasonData } : {}), timestamp: at.replace('Z', '+0000') };
}
