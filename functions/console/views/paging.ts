import type { Role } from '../../../runbooks/language/system.ts';
import { type Climbing, nextOf } from '../../escalate/standing.ts';
import { type Incident, isLive } from '../../incident/incident.ts';
import { acknowledgementEnds } from '../../incident/ladder/next-rung.ts';
import { moment } from './moment.ts';

/**
 * Whom the ladder pages next, and when, if nothing changes; and until when an acknowledgement holds.
 *
 * @param climbing as `climbingOf` finds it: nothing where nobody is to be paged
 * @returns a sentence or two; empty where nobody is paged, and nobody need be told so
 */
export function pagingNext(incident: Incident, climbing: Climbing | undefined, roles: readonly Role[]): string {
  if (!isLive(incident) || !incident.ladder) return '';
  if (!climbing) return incident.ladder.over ? `Nobody is paged for it any more: ${incident.ladder.over.why}.` : '';
  const due = nextOf(climbing);
  const ends = acknowledgementEnds(climbing.ladder, climbing.standing);
  const title = roles.find(({ name }) => name === due?.role)?.title ?? due?.role;
  const how = due?.rung.by === 'ticket' ? 'gets a ticket' : 'is paged';
  const comesBack = ends !== null && `Everybody is asked again at ${moment(ends)} unless it is resolved by then.`;
  // What comes after the acknowledgement has run out is another generation's.
  const next =
    due && (ends === null || due.at < ends) && `${title} ${how} at ${moment(due.at)} unless it is ${due.rung.unless} by then.`;
  if (!due && !comesBack) return 'Everybody has been paged as often as the ladder says, and nobody has it.';
  return [next, comesBack].filter((part) => typeof part === 'string').join(' ');
}
