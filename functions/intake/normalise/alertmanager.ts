import * as z from 'zod';
import { complaint, quoted } from './complaint.ts';
import { fingerprint } from './fingerprint.ts';
import { type LabelledAlert, labelledSignal, statedValue } from './labelled-alert.ts';
import { utc } from './source-time.ts';
import { type Arrival, notUnderstood, type Surroundings, together, type Understood } from './understood.ts';

/**
 * One alert of Alertmanager's webhook version 4, of the JSON template that Amazon Managed Prometheus documents (which
 * leaves out what is empty) and of the one in docs/alertmanager.
 */
export const AlertmanagerAlert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
  startsAt: z.string().optional(),
  endsAt: z.string().optional(),
  generatorURL: z.string().optional(),
  fingerprint: z.string().optional(),
});
export type AlertmanagerAlert = z.output<typeof AlertmanagerAlert>;

/** A group; each of its alerts is read on its own, because one that is broken says nothing of the others. */
export const Group = z.object({ alerts: z.array(z.unknown()) });
export type Group = z.output<typeof Group>;

export function alertmanager(group: Group, arrival: Arrival, around: Surroundings): Understood {
  if (group.alerts.length === 0) return notUnderstood('the list "alerts" is empty: expected at least one alert', group, arrival);
  return together(group.alerts.map((alert) => oneAlert(alert, arrival, around)));
}

function oneAlert(json: unknown, arrival: Arrival, around: Surroundings): Understood {
  const alert = AlertmanagerAlert.safeParse(json);
  if (!alert.success) return notUnderstood(complaint("Alertmanager's alert", alert.error), json, arrival);
  const eventAt = changedAt(alert.data);
  if (!eventAt) return notUnderstood(untimed(alert.data), json, arrival);
  const { status, labels, annotations, generatorURL } = alert.data;
  const id = `alertmanager:${alert.data.fingerprint || fingerprint(labels)}`;
  const read: LabelledAlert = {
    status,
    labels,
    annotations,
    eventAt,
    value: statedValue(alert.data),
    url: generatorURL,
    source: { kind: 'alertmanager', id },
  };
  return labelledSignal(read, arrival, around, json);
}

type Timed = Pick<AlertmanagerAlert, 'status' | 'startsAt' | 'endsAt'>;

/** When it began to be what it is: while it fires its end is Go's zero time, or a guess about the future. */
export function changedAt({ status, startsAt, endsAt }: Timed): string | undefined {
  return utc(status === 'firing' ? startsAt : endsAt);
}

export function untimed({ status, startsAt, endsAt }: Timed): string {
  const [field, given] = status === 'firing' ? ['startsAt', startsAt] : ['endsAt', endsAt];
  return `the field "${field}" of a ${status} alert is ${given ? quoted(given) : 'missing'}: expected a time such as 2026-08-03T10:00:00Z`;
}
