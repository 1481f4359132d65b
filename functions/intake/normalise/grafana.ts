import * as z from 'zod';
import { AlertmanagerAlert, changedAt, type Group, untimed } from './alertmanager.ts';
import { complaint } from './complaint.ts';
import { fingerprint } from './fingerprint.ts';
import { type LabelledAlert, labelledSignal, measured, statedValue } from './labelled-alert.ts';
import { type Arrival, notUnderstood, type Surroundings, together, type Understood } from './understood.ts';

/** Grafana's unified alerting: Alertmanager's alert with links, and with the values of the rule's queries by letter. */
const GrafanaAlert = AlertmanagerAlert.extend({
  panelURL: z.string().optional(),
  /** `null` when the rule had no data. */
  values: z.record(z.string(), z.number().nullable()).nullish(),
  /** `[ var='B' labels={instance=web-1} value=44.2 ], [ var='C' … ]` */
  valueString: z.string().optional(),
});
type GrafanaAlert = z.output<typeof GrafanaAlert>;

/** What only Grafana sends, in the group or in its alerts. */
const OWN_GROUP_FIELDS = ['orgId', 'numFiring', 'numResolved', 'state', 'title'];
const OWN_ALERT_FIELDS = ['silenceURL', 'dashboardURL', 'panelURL', 'values', 'valueString'];

export function isGrafana(json: unknown, group: Group): boolean {
  const has = (what: unknown, fields: readonly string[]) =>
    typeof what === 'object' && what !== null && fields.some((field) => Object.hasOwn(what, field));
  return has(json, OWN_GROUP_FIELDS) || group.alerts.some((alert) => has(alert, OWN_ALERT_FIELDS));
}

export function grafana(group: Group, arrival: Arrival, around: Surroundings): Understood {
  if (group.alerts.length === 0) return notUnderstood('the list "alerts" is empty: expected at least one alert', group, arrival);
  return together(group.alerts.map((alert) => oneAlert(alert, arrival, around)));
}

function oneAlert(json: unknown, arrival: Arrival, around: Surroundings): Understood {
  const alert = GrafanaAlert.safeParse(json);
  if (!alert.success) return notUnderstood(complaint("Grafana's alert", alert.error), json, arrival);
  const eventAt = changedAt(alert.data);
  if (!eventAt) return notUnderstood(untimed(alert.data), json, arrival);
  const { status, labels, annotations, panelURL, generatorURL } = alert.data;
  const id = `grafana:${alert.data.fingerprint || fingerprint(labels)}`;
  const read: LabelledAlert = {
    status,
    labels,
    annotations,
    eventAt,
    value: statedValue(alert.data) ?? queriedValue(alert.data),
    url: panelURL || generatorURL,
    source: { kind: 'grafana', id },
  };
  return labelledSignal(read, arrival, around, json);
}

/**
 * The measured value among those of the rule's queries. A rule usually has a query, a reduction and a condition, and
 * Grafana does not say which letter is which; a condition is always exactly 0 or 1. So: the only value, or the only
 * one besides conditions. Otherwise none, because a wrong number would start a wrong runbook, and no number pages.
 */
function queriedValue(alert: GrafanaAlert): number | undefined {
  const all = numbers(alert).filter(Number.isFinite);
  if (all.length === 1) return all[0];
  const measurements = all.filter((value) => value !== 0 && value !== 1);
  return measurements.length === 1 ? measurements[0] : undefined;
}

function numbers({ values, valueString }: GrafanaAlert): number[] {
  if (values) return Object.values(values).flatMap((value) => value ?? []);
  const parts = (valueString ?? '').slice(0, 10_000).matchAll(/\[ var='[^']*' labels=\{[^{}]*\} value=([^\s\]]+) \]/g);
  return [...parts].flatMap(([, value]) => measured(value) ?? []);
}
