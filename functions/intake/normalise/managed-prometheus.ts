import { inOrder, receivedSignal } from './received-alert.ts';
import { type Arrival, notUnderstood, type Surroundings, together, type Understood } from './understood.ts';

/**
 * The JSON template that Amazon Managed Prometheus documents
 * (https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-alertmanager-receiver-JSON.html) puts values between
 * quotes as they are. When they are harmless the result is JSON and `alertmanager.ts` reads it. A quote or a line break
 * in one of them breaks it: that is read here.
 */
const HEAD =
  /^\s*\{"receiver": "[^"\\\n]*",\s*"status": "(?:firing|resolved)",\s*"alerts": \[\{"status": "(firing|resolved)",\s*"labels": \{/;
const LABEL = /"([A-Za-z_][A-Za-z0-9_]*)": "([^"\\\n]*)"(, |\},\s*"(?:annotations|startsAt)")/y;

export function isManagedPrometheus(text: string): boolean {
  return HEAD.test(text);
}

/**
 * Believes the labels of the first alert, if it fires: they stand before any annotation, so nothing that broke the
 * message comes before them. Everything behind them, times included, could be forged. The message as a whole is not
 * understood, because there may be more alerts in it.
 */
export function brokenManagedPrometheus(text: string, arrival: Arrival, around: Surroundings): Understood {
  const why =
    "Amazon Managed Prometheus' JSON template was broken, by a quote or a line break in a value: expected JSON; use the template of docs/alertmanager, which escapes";
  const labels = firstLabels(text);
  const read = { status: 'firing', annotations: {}, value: undefined, url: undefined } as const;
  const first = labels ? [receivedSignal({ ...read, labels }, arrival, around, labels)] : [];
  return together([...first, notUnderstood(why, text, arrival)]);
}

function firstLabels(text: string): Record<string, string> | undefined {
  const head = HEAD.exec(text);
  if (head?.[1] !== 'firing') return undefined;
  const pairs: [string, string][] = [];
  LABEL.lastIndex = head[0].length;
  for (let match = LABEL.exec(text); match; match = LABEL.exec(text)) {
    pairs.push([match[1] ?? '', match[2] ?? '']);
    if (match[3] !== ', ') return inOrder(pairs.map(([name]) => name)) ? Object.fromEntries(pairs) : undefined;
  }
  return undefined;
}
