import type { Signal } from '../../runbooks/language/signal.ts';
import { monitoring } from '../incident/actor.ts';
import type { TimelineEvent } from '../incident/timeline.ts';

/** What the timeline says of a signal. */
export function signalEvent(signal: Signal): TimelineEvent {
  return {
    v: 1,
    type: 'signal',
    at: signal.receivedAt,
    key: `signal-${signal.source.id}-${signal.status}`.slice(0, 300),
    by: monitoring(signal.source.kind),
    status: signal.suppressed ? `${signal.status}, suppressed: ${signal.suppressed}` : signal.status,
    source: signal.source.alarmName ?? signal.source.kind,
    says: signal.summary,
    ...(signal.value !== undefined && { value: signal.value }),
  };
}
