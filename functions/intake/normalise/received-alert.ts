import { fingerprint } from './fingerprint.ts';
import { type LabelledAlert, labelledSignal } from './labelled-alert.ts';
import type { Arrival, Surroundings, Understood } from './understood.ts';

/**
 * An alert from a format that gives no time that can be trusted: receipt orders its events. Its source has a name of
 * its own, because the events of one source are ordered by one clock.
 */
export function receivedSignal(
  alert: Pick<LabelledAlert, 'status' | 'labels' | 'annotations' | 'value' | 'url'>,
  arrival: Arrival,
  around: Surroundings,
  original: unknown,
): Understood {
  const id = `alertmanager-received:${fingerprint(alert.labels)}`;
  const read: LabelledAlert = { ...alert, eventAt: arrival.receivedAt, source: { kind: 'alertmanager', id } };
  return labelledSignal(read, arrival, around, original);
}

/**
 * Whether names stand in the order in which Alertmanager's templates list them (`SortedPairs`: `alertname` first, the
 * rest sorted), none twice. A line break in a value can forge a further line, but seldom one in its place.
 */
export function inOrder(names: readonly string[]): boolean {
  const place = (name: string) => (name === 'alertname' ? '' : name);
  return names.every((name, index) => index === 0 || place(names[index - 1] ?? '') < place(name));
}
