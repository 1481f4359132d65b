import * as z from 'zod';
import { person } from '../../incident/actor.ts';
import { iso } from '../../incident/clock.ts';
import { idFrom } from '../../incident/ids.ts';
import type { TimelineEvent } from '../../incident/timeline.ts';
import type { Surroundings } from '../../surroundings.ts';
import { checked } from '../rejected.ts';
import { By, words } from './given.ts';
import { knownIncident } from './known.ts';

const Note = z.strictObject({ by: By, text: words(4_000).pipe(z.string().min(1)) });

/**
 * Writes a person's own words into the timeline, also of an incident that is over.
 * @param request tells one note from another that is the same word for word
 */
export const note = (around: Surroundings) => async (id: string, given: unknown, request: string) => {
  const { by, text } = checked(Note, given);
  const incident = await knownIncident(around, id);
  const at = iso(around.clock.now());
  const event: TimelineEvent = { v: 1, type: 'note', at, key: `note-${idFrom(request)}`, by: person(by), text };
  await around.store.incidents.tell(incident.id, event);
  return event;
};
