import * as z from 'zod';
import { type Actor, person } from '../../incident/actor.ts';
import { iso } from '../../incident/clock.ts';
import { idFrom } from '../../incident/ids.ts';
import type { TimelineEvent } from '../../incident/timeline.ts';
import type { Surroundings } from '../../surroundings.ts';
import { checked } from '../rejected.ts';
import { By, words } from './given.ts';
import { knownIncident } from './known.ts';

const Note = z.strictObject({ by: By, text: words(4_000).pipe(z.string().min(1)) });
/** The same from somebody whose name their way in says. */
const Theirs = Note.omit({ by: true });

/**
 * Writes a person's own words into the timeline, also of an incident that is over.
 * @param request tells one note from another that is the same word for word
 * @param from whoever their way in says they are, where it does; never from what was sent
 */
export const note = (around: Surroundings) => async (id: string, given: unknown, request: string, from?: Actor) => {
  const { by, text } = from ? { ...checked(Theirs, given), by: from } : written(given);
  const incident = await knownIncident(around, id);
  const at = iso(around.clock.now());
  const event: TimelineEvent = { v: 1, type: 'note', at, key: `note-${idFrom(request)}`, by, text };
  await around.store.incidents.tell(incident.id, event);
  return event;
};

function written(given: unknown): { by: Actor; text: string } {
  const { by, text } = checked(Note, given);
  return { by: person(by), text };
}
