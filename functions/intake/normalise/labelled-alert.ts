import { dedupKey, type Signal } from '../../../runbooks/language/signal.ts';
import { type Alert, canonicalTarget } from '../../../runbooks/language/system.ts';
import { boundedLabels, boundedName, boundedSourceId, summary, webAddress } from './bounds.ts';
import { quoted } from './complaint.ts';
import { orderedAt } from './source-time.ts';
import { type Arrival, type KnownSystem, notUnderstood, type Surroundings, type Understood, understood } from './understood.ts';

/** One alert with labels, as Prometheus and Grafana know them, read from whatever format it came in. */
export interface LabelledAlert {
  status: 'firing' | 'resolved';
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  /** ISO 8601 in UTC. */
  eventAt: string;
  value: number | undefined;
  url: string | undefined;
  source: { kind: 'alertmanager' | 'grafana'; id: string };
}

/** The labels under which exporters and Kubernetes name a host, the surest first. */
const HOST_LABELS = ['instance_id', 'host', 'hostname', 'node', 'instance'];
/** The annotations that people read, the shortest first. */
const SUMMARIES = ['summary', 'title', 'message', 'description', 'details'];

/**
 * The label `system` says whose alert it is, and must be declared. An alert's name need not be: the system is known,
 * so an incident opens and a person is paged, as for every alert without a runbook.
 */
export function labelledSignal(alert: LabelledAlert, arrival: Arrival, around: Surroundings, original: unknown): Understood {
  const system = around.systems.find(({ id }) => id === alert.labels.system);
  if (!system) return notUnderstood(unowned(alert.labels.system, around.systems), original, arrival);
  const given = alert.labels.alertname;
  if (!given) return notUnderstood('the label "alertname" is missing: expected the name of the alert', original, arrival);
  const name = boundedName(given);
  if (name === '') return notUnderstood(`the label "alertname" is ${quoted(given)}: expected letters`, original, arrival);
  const declared = system.alerts.find((one) => one.name === given);
  const target = boundedName(targetOf(system, declared, alert.labels));
  const url = webAddress(alert.url);
  return understood({
    v: 1,
    system: system.id,
    alert: name,
    target,
    status: alert.status === 'firing' ? 'firing' : 'cleared',
    ...(alert.labels.severity ? { severity: boundedName(alert.labels.severity) } : {}),
    ...(alert.value === undefined ? {} : { value: alert.value }),
    labels: boundedLabels(alert.labels),
    summary: summary(SUMMARIES.map((one) => alert.annotations[one]).find(Boolean) ?? ''),
    eventAt: orderedAt(alert.eventAt, arrival.receivedAt),
    receivedAt: arrival.receivedAt,
    source: { kind: alert.source.kind, id: boundedSourceId(alert.source.id), ...(url ? { url } : {}) },
    dedupKey: dedupKey(system.id, name, target),
  } satisfies Signal);
}

function unowned(given: string | undefined, systems: readonly KnownSystem[]): string {
  const expected = systems.map(({ id }) => id).join(' or ') || 'a declared system, and there is none';
  const is = given ? `is ${quoted(given)}` : 'is missing';
  return `the label "system" ${is}: expected ${expected}`;
}

/** An alert that nobody declared may be about a host: better two incidents than one that hides the second host. */
function targetOf(system: KnownSystem, declared: Alert | undefined, labels: Readonly<Record<string, string>>): string {
  const given = HOST_LABELS.flatMap((name) => labels[name] ?? []).filter(Boolean);
  const withoutPort = given.map((name) => name.replace(/:\d{1,5}$/, ''));
  return canonicalTarget(system.settings, declared?.about ?? 'host', [...given, ...withoutPort]);
}

/** `6.3`, `6.3%` or `6.3 %`; nothing for anything else, because a wrong number would start a wrong runbook. */
export function measured(text: string | undefined): number | undefined {
  const match = /^\s*([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*%?\s*$/.exec(text ?? '');
  const value = Number(match?.[1]);
  return Number.isFinite(value) ? value : undefined;
}

/** A number that the rule's author named `value`, as an annotation or as a label. */
export function statedValue(alert: Pick<LabelledAlert, 'labels' | 'annotations'>): number | undefined {
  return measured(alert.annotations.value) ?? measured(alert.labels.value);
}
