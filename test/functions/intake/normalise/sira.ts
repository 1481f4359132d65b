import { normalise } from '../../../../functions/intake/normalise/normalise.ts';
import type { Surroundings, Understood } from '../../../../functions/intake/normalise/understood.ts';
import { SiraSettings, sira } from '../../../../runbooks/sira/system.ts';

/** SIRA with its placeholder host, sira-prod-1. */
export const SIRA: Surroundings = {
  systems: [{ id: sira.id, alerts: sira.alerts, settings: SiraSettings.parse({}) }],
  prefix: 'firebreak',
};
/** Later than every event of test/signals. */
export const RECEIVED = '2026-10-05T12:00:00.000Z';

export function read(body: string, around: Surroundings = SIRA, receivedAt: string = RECEIVED): Understood {
  return normalise(body, receivedAt, 'message-1', around);
}

/** The message in the envelope with which SNS puts it on a queue. */
export function enveloped(message: string, subject?: string, attributes: Record<string, unknown> = {}): string {
  return JSON.stringify({ Type: 'Notification', Message: message, Subject: subject, MessageAttributes: attributes });
}

/** One line a signal: what its incident would depend on. */
export function spoken({ signals, left, ignored }: Understood): string[] {
  return [
    ...signals.map(
      (one) =>
        `${one.status}${one.suppressed ? ' (held back)' : ''} ${one.dedupKey} ${one.value ?? 'no value'} at ${one.eventAt} from ${one.source.id}`,
    ),
    ...left.map((one) => `${one.published ? 'pages' : 'counted'}: ${one.why}`),
    ...ignored.map((why) => `ignored: ${why}`),
  ];
}
