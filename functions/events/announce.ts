import { EVENTS_LOST } from '../../runbooks/language/names.ts';
import { NotTaken } from '../aws/events.ts';
import { domainEventOf, SOURCE } from '../incident/domain-event.ts';
import type { Incident } from '../incident/incident.ts';
import type { TimelineEvent } from '../incident/timeline.ts';
import { asError, log } from '../log.ts';
import type { Surroundings } from '../surroundings.ts';

type Announcing = Pick<Surroundings, 'clock' | 'config' | 'names' | 'events'>;

/**
 * Puts what the timeline was just told onto the event bus, in one call for up to ten. It comes after the write that it tells of and
 * after everything that somebody waits for, and it never fails: a bus that takes nothing must not keep a page from going out.
 *
 * What is not taken is logged and counted, and that count has an alarm. An attempt that is repeated tells it again, under the same
 * id. A crash just before it is the one way in which an event is missing: the timeline in the table is what counts.
 *
 * @param incident as it is after these events
 */
export async function announce(around: Announcing, incident: Incident, ...told: readonly TimelineEvent[]): Promise<void> {
  try {
    const { config, names } = around;
    const urlOf = (id: string) => (config.consoleUrl ? `${config.consoleUrl}/incidents/${id}` : null);
    const events = told.flatMap((event) => domainEventOf(names.prefix, incident, event, urlOf) ?? []);
    if (events.length > 0)
      await around.events.put(
        names.eventBus,
        events.map((event) => ({ source: SOURCE, ...event })),
      );
  } catch (error) {
    const lost = error instanceof NotTaken ? error.lost : told.length;
    log.error('the event bus did not take what was told', { error: asError(error), ...counted(around, lost) });
  }
}

/** Writes it into the timeline, then puts it onto the bus: so the two can't differ. */
export async function tellAll(around: Surroundings, incident: Incident, ...told: readonly TimelineEvent[]): Promise<void> {
  await around.store.incidents.tell(incident.id, ...told);
  await announce(around, incident, ...told);
}

/** What makes a metric of a line of a log, without a call and a right of its own: CloudWatch's embedded metric format. */
function counted({ clock, names }: Announcing, lost: number) {
  const { namespace, metric, dimension } = EVENTS_LOST;
  return {
    _aws: {
      Timestamp: clock.now().getTime(),
      CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [[dimension]], Metrics: [{ Name: metric, Unit: 'Count' }] }],
    },
    [dimension]: names.prefix,
    [metric]: lost,
  };
}
