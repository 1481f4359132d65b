import { dedupKey, type Signal } from '../../../runbooks/language/signal.ts';
import { type Alert, canonicalTarget } from '../../../runbooks/language/system.ts';
import { boundedLabels, boundedName, boundedSourceId, summary } from './bounds.ts';
import { quoted } from './complaint.ts';
import { orderedAt, utc } from './source-time.ts';
import {
  type Arrival,
  ignored,
  type KnownSystem,
  notUnderstood,
  type Surroundings,
  type Understood,
  understood,
} from './understood.ts';

/** A change of an alarm's state, the same whether EventBridge or SNS brought it. */
export interface AlarmChange {
  name: string;
  state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  at: string;
  reason: string;
  value: number | undefined;
  dimensions: Readonly<Record<string, string>>;
  /** Where it comes from: names that stand beside the dimensions, and give way to them. */
  origin: Readonly<Record<string, string>>;
  sourceId: string;
  suppressed: string | undefined;
}

/** INSUFFICIENT_DATA says that nobody measures any more. It is no recovery. */
const STATUS = { ALARM: 'firing', OK: 'cleared', INSUFFICIENT_DATA: 'unknown' } as const;
/** The dimensions under which EC2, the CloudWatch agent and exporters name a host, the surest first. */
export const HOST_DIMENSIONS = ['InstanceId', 'instance_id', 'instance', 'host', 'Host', 'hostname', 'node', 'NodeName'];

export function alarmSignal(change: AlarmChange, arrival: Arrival, around: Surroundings, original: unknown): Understood {
  if (change.name.startsWith(`${around.prefix}-`)) return ignored(`our own alarm ${quoted(change.name)}`);
  const owner = ownerOf(change.name, around.systems);
  if (!owner) return outOfScope(change.name, arrival, around, original);
  const eventAt = utc(change.at);
  if (!eventAt)
    return notUnderstood(`the alarm ${quoted(change.name)} changed at ${quoted(change.at)}: expected a time`, original, arrival);
  const { system, alert } = owner;
  const spoken = HOST_DIMENSIONS.flatMap((name) => change.dimensions[name] ?? []);
  const target = boundedName(canonicalTarget(system.settings, alert.about, spoken));
  const name = boundedName(alert.name);
  if (name === '')
    return notUnderstood(`the alarm's name ${quoted(change.name)} names no alert: expected letters`, original, arrival);
  return understood({
    v: 1,
    system: system.id,
    alert: name,
    target,
    status: STATUS[change.state],
    ...(change.suppressed === undefined ? {} : { suppressed: summary(change.suppressed) }),
    ...(change.value === undefined ? {} : { value: change.value }),
    labels: boundedLabels({ ...change.origin, ...change.dimensions }),
    summary: summary(change.reason),
    eventAt: orderedAt(eventAt, arrival.receivedAt),
    receivedAt: arrival.receivedAt,
    source: { kind: 'cloudwatch', id: boundedSourceId(change.sourceId), alarmName: change.name.toWellFormed().slice(0, 255) },
    dedupKey: dedupKey(system.id, name, target),
  } satisfies Signal);
}

interface Owner {
  system: KnownSystem;
  alert: Pick<Alert, 'name' | 'about'>;
}

/**
 * The system and alert that an alarm's name speaks of: `<system>-<Alert>`, with anything behind a further hyphen (one
 * alarm per host or mount). The longest declared name wins, so that `sira-eu` is not taken for a suffix of `sira`.
 * What begins with a system's id but names no alert of it is the system's all the same: a typing error must not
 * silence an alarm. Its whole rest is then the alert's name.
 */
export function ownerOf(name: string, systems: readonly KnownSystem[]): Owner | undefined {
  const declared = systems.flatMap((system) =>
    system.alerts.map((alert) => ({ system, alert, full: `${system.id}-${alert.name}` })),
  );
  const fitting = declared.filter(({ full }) => name === full || name.startsWith(`${full}-`));
  const [best] = fitting.sort((a, b) => b.full.length - a.full.length || b.system.id.length - a.system.id.length);
  if (best) return best;
  const [system] = systems
    .filter(({ id }) => name.startsWith(`${id}-`) && name.length > id.length + 1)
    .sort((a, b) => b.id.length - a.id.length);
  return system && { system, alert: { name: name.slice(system.id.length + 1), about: 'host' } };
}

function outOfScope(name: string, arrival: Arrival, around: Surroundings, original: unknown): Understood {
  if (!arrival.published) return ignored(`the alarm ${quoted(name)} is in no system's scope`);
  const expected = around.systems.map(({ id }) => `${id}-<Alert>`).join(' or ') || 'a declared system, and there is none';
  return notUnderstood(`the alarm's name ${quoted(name)} belongs to no system: expected ${expected}`, original, arrival);
}
