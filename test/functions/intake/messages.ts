import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Message } from '../../../functions/intake/intake.ts';
import { Group } from '../../../functions/intake/normalise/alertmanager.ts';

/** What a test says of an alert; times are seconds after {@link BEGINNING}. */
interface Said {
  /** `sira` if not said. */
  system?: string;
  value?: number;
  status?: 'firing' | 'resolved';
  startsAt?: number;
  endsAt?: number;
  receivedAt?: number;
  instance?: string;
  summary?: string;
  /** The queue's id of the message: the same one is a redelivery. */
  id?: string;
}

const BEGINNING = Date.parse('2026-10-04T03:14:00Z');
const time = (seconds: number) => new Date(BEGINNING + seconds * 1_000).toISOString();
let last = 0;

/** One alert, as Alertmanager's webhook JSON arrives on the queue. */
export function alertmanagerMessage(alert: string, said: Said = {}): Message {
  const {
    value,
    status = 'firing',
    startsAt = 0,
    endsAt = startsAt,
    instance,
    system = 'sira',
    summary = `${alert} says the test`,
  } = said;
  last += 1;
  const labels = { alertname: alert, system, ...(instance && { instance }) };
  const one = {
    status,
    labels,
    annotations: { summary, ...(value !== undefined && { value: String(value) }) },
    startsAt: time(startsAt),
    endsAt: status === 'resolved' ? time(endsAt) : '0001-01-01T00:00:00Z',
    generatorURL: 'http://localhost:9090/graph',
    fingerprint: `${alert}-${instance ?? ''}`,
  };
  const body = JSON.stringify({
    version: '4',
    groupKey: '{}',
    truncatedAlerts: 0,
    status,
    receiver: 'firebreak',
    groupLabels: {},
    commonLabels: labels,
    commonAnnotations: {},
    externalURL: 'http://localhost:9093',
    alerts: [one],
  });
  return { id: said.id ?? `message-${last}`, body, receivedAt: time(said.receivedAt ?? Math.max(startsAt, endsAt)) };
}

/** One of the project's own payloads, as it came from the bus or a topic. */
export function payloadMessage(path: string, receivedAt: string): Message {
  last += 1;
  return { id: `message-${last}`, body: readFileSync(join(import.meta.dirname, '../../signals', path), 'utf8'), receivedAt };
}

/** The alerts of several messages in one, as Alertmanager groups them. */
export function together(first: Message, ...more: readonly Message[]): Message {
  const alerts = [first, ...more].flatMap(({ body }) => Group.parse(JSON.parse(body)).alerts);
  return { ...first, body: JSON.stringify({ ...JSON.parse(first.body), alerts }) };
}
