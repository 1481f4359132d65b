import type { Actor } from '../incident/actor.ts';
import type { TimelineEvent } from '../incident/timeline.ts';
import type { Surroundings } from '../surroundings.ts';
import type { IncidentAction } from './event.ts';

/** What the timeline tells of each. */
const TOLD: Record<Exclude<IncidentAction, 'run-again' | 'note'>, readonly TimelineEvent['type'][]> = {
  acknowledge: ['acknowledged'],
  'take-over': ['taken-over'],
  stop: ['stop-asked'],
  'escalate-now': ['hurried'],
  'hand-over': ['handed-over'],
  snooze: ['snoozed'],
  severity: ['severity-raised', 'severity-lowered'],
  undo: ['undo-asked'],
  resolve: ['resolved'],
  close: ['closed'],
};

/**
 * When this person did this to this incident, if that was after the button was drawn: then it is the same press delivered again, or a
 * button that tells no longer how it stands. Most commands say themselves what was said twice; a page to the next of the ladder, or a run
 * more, would else be a second one.
 *
 * @param shown when the button was drawn, ISO 8601 in UTC
 */
export async function doneSince(
  { store }: Surroundings,
  id: string,
  action: Exclude<IncidentAction, 'note'>,
  by: Actor,
  shown: string,
): Promise<string | undefined> {
  const [incident, timeline] = await Promise.all([store.incidents.get(id), store.incidents.timeline(id)]);
  const mine = (one: { by: Actor; at: string }) => one.by.name === by.name && one.by.via === by.via && one.at >= shown;
  if (action === 'run-again')
    return Object.values(incident?.runs ?? {}).find((run) => mine({ by: run.by, at: run.startedAt }))?.startedAt;
  if (
    action === 'escalate-now' &&
    incident?.ladder &&
    incident.ladder.since >= shown &&
    incident.ladder.why.startsWith(`${by.name} asked`)
  )
    return incident.ladder.since;
  return timeline.findLast((event) => TOLD[action].includes(event.type) && mine(event))?.at;
}
