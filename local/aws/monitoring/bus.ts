import type { Clock } from '../../../functions/incident/clock.ts';
import { LOCAL_ACCOUNT } from '../../../runbooks/language/names.ts';

/** An event as EventBridge hands it on. */
export interface BusEvent {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  /** ISO 8601 in UTC, whole seconds. */
  time: string;
  region: string;
  resources: string[];
  detail: unknown;
}

export type NewEvent = Pick<BusEvent, 'detail-type' | 'source' | 'resources' | 'detail'> & { time?: Date };

export interface Bus {
  emit(event: NewEvent): BusEvent;
  /** The latest events, the oldest first. In memory only: on AWS a bus keeps nothing either. */
  events(): BusEvent[];
}

const KEPT = 1_000;

/** An event bus with one rule: the default one, or that of the domain events, which no rule here takes. @param deliver takes each event to whoever the rules name */
export function createBus(clock: Clock, region: string, ids: () => string, deliver: (event: BusEvent) => void): Bus {
  const kept: BusEvent[] = [];
  return {
    emit: ({ time = clock.now(), ...told }) => {
      const event: BusEvent = {
        version: '0',
        id: ids(),
        'detail-type': told['detail-type'],
        source: told.source,
        account: LOCAL_ACCOUNT,
        time: time.toISOString().replace(/\.\d{3}Z$/, 'Z'),
        region,
        resources: told.resources,
        detail: told.detail,
      };
      kept.push(event);
      if (kept.length > KEPT) kept.shift();
      deliver(event);
      return event;
    },
    events: () => [...kept],
  };
}
