import { automation } from './actor.ts';
import type { Incident } from './incident.ts';
import type { TimelineEvent } from './timeline.ts';

type Teller = { tell(id: string, ...events: TimelineEvent[]): Promise<void> };

/** The incidents that a timeline links to, each once: the one that explains it before those that only came with it. */
export function relatedTo(
  events: readonly TimelineEvent[],
): { incident: string; severity: string; title: string; why: string }[] {
  const told = events.filter((event) => event.type === 'related');
  const explaining = told.filter(({ key }) => key.startsWith('related-explains'));
  return [...new Map([...told, ...explaining].map((event) => [event.incident, event])).values()];
}

/** Links incidents of one system that are open at the same time, in both timelines. */
export async function tellRelated(incidents: Teller, incident: Incident, others: readonly Incident[]): Promise<void> {
  if (others.length === 0) return;
  const why = 'open at the same time';
  await incidents.tell(incident.id, ...others.map((other) => relatedEvent(incident.openedAt, other, 'together', why)));
  for (const other of others) await incidents.tell(other.id, relatedEvent(incident.openedAt, incident, 'together', why));
}

/**
 * @param at a time that is written down, so that telling it again is telling it once
 * @param how what the other has to do with it
 */
export function relatedEvent(
  at: string,
  { id, title, severity }: Pick<Incident, 'id' | 'title' | 'severity'>,
  how: 'together' | 'explains',
  why: string,
): TimelineEvent {
  return { v: 1, type: 'related', at, key: `related-${how}-${id}`, by: automation, incident: id, title, severity, why };
}
