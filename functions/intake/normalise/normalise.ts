import { alertmanager, Group } from './alertmanager.ts';
import { alertmanagerText } from './alertmanager-text.ts';
import { BusEvent, cloudwatchEvent } from './cloudwatch-event.ts';
import { cloudwatchSns } from './cloudwatch-sns.ts';
import { grafana, isGrafana } from './grafana.ts';
import { brokenManagedPrometheus, isManagedPrometheus } from './managed-prometheus.ts';
import { type Letter, opened, parsed } from './sns-envelope.ts';
import { looksLikeBlocks } from './text-blocks.ts';
import { type Arrival, ignored, notUnderstood, type Surroundings, together, type Understood } from './understood.ts';

const FORMATS = [
  'a CloudWatch alarm (event of EventBridge, or notification through SNS)',
  "Alertmanager's JSON (webhook version 4) or the default text of its SNS receiver",
  "Amazon Managed Prometheus' JSON template",
  "Grafana's alerting JSON",
].join('; ');

/**
 * Turns one message of the queue into signals. Pure, and never throws: what cannot be read is in `left`, with a reason.
 * @param body the message as SQS gives it: in SNS's envelope or, with raw delivery and from the bus, without
 * @param receivedAt when it reached the queue (SQS's `SentTimestamp`, which a redelivery does not change), ISO 8601 in UTC
 */
export function normalise(body: string, receivedAt: string, messageId: string, surroundings: Surroundings): Understood {
  return together(opened(body).map((letter) => read(letter, receivedAt, messageId, surroundings)));
}

function read(letter: Letter, receivedAt: string, messageId: string, around: Surroundings): Understood {
  if (letter.handshake) return ignored(`${letter.handshake} of SNS`);
  const json = parsed(letter.text);
  const event = BusEvent.safeParse(json);
  const { subject, truncated } = letter;
  // Only the bus puts events on the queue without an envelope; whatever else has none came with raw delivery.
  const published = letter.enveloped || !event.success;
  const arrival: Arrival = { messageId, receivedAt, published, subject, truncated };
  if (event.success) return cloudwatchEvent(event.data, json, arrival, around);
  return json === undefined ? fromText(letter.text, arrival, around) : fromJson(json, arrival, around);
}

/** By what a format must have, and no other format has. */
function fromJson(json: unknown, arrival: Arrival, around: Surroundings): Understood {
  if (typeof json === 'object' && json !== null && Object.hasOwn(json, 'AlarmName')) return cloudwatchSns(json, arrival, around);
  const group = Group.safeParse(json);
  if (!group.success) return unsupported(json, arrival);
  return isGrafana(json, group.data) ? grafana(group.data, arrival, around) : alertmanager(group.data, arrival, around);
}

function fromText(text: string, arrival: Arrival, around: Surroundings): Understood {
  if (isManagedPrometheus(text)) return brokenManagedPrometheus(text, arrival, around);
  if (looksLikeBlocks(text)) return alertmanagerText(text, arrival, around);
  return unsupported(text, arrival);
}

function unsupported(what: unknown, arrival: Arrival): Understood {
  return notUnderstood(`the message has no format that is supported: expected ${FORMATS}`, what, arrival);
}
