import { type Role, titleOf } from '../../../runbooks/language/system.ts';
import { type Climbing, nextOf } from '../../escalate/standing.ts';
import { type Incident, isLive } from '../../incident/incident.ts';
import { acknowledgementEnds } from '../../incident/ladder/next-rung.ts';
import { moment } from './moment.ts';

/** The page that goes out next if nothing changes. */
export interface NextPage {
  /** ISO 8601 in UTC. */
  at: string;
  /** The title of the role that it is for; `everybody` where an acknowledgement runs out. */
  who: string;
  by: 'page' | 'ticket';
}

/** What comes next, until an acknowledgement runs out: what comes after that is another generation's. */
function ahead(climbing: Climbing) {
  const ends = acknowledgementEnds(climbing.ladder, climbing.standing);
  const due = nextOf(climbing);
  return { ends, due, next: due && (ends === null || due.at < ends) ? due : null };
}

/** @param climbing as `climbingOf` finds it @returns `null` where no page is to come */
export function nextPage(climbing: Climbing | undefined, roles: readonly Role[]): NextPage | null {
  if (!climbing) return null;
  const { ends, next } = ahead(climbing);
  if (next) return { at: next.at, who: titleOf(roles, next.role), by: next.rung.by === 'ticket' ? 'ticket' : 'page' };
  return ends === null ? null : { at: ends, who: 'everybody', by: 'page' };
}

/**
 * Whom the ladder pages next, and when, if nothing changes; and until when an acknowledgement holds.
 *
 * @param climbing as `climbingOf` finds it: nothing where nobody is to be paged
 * @returns a sentence or two; empty where nobody is paged, and nobody need be told so
 */
export function pagingNext(incident: Incident, climbing: Climbing | undefined, roles: readonly Role[]): string {
  if (!isLive(incident) || !incident.ladder) return '';
  if (!climbing) return incident.ladder.over ? `Nobody is paged for it any more: ${incident.ladder.over.why}.` : '';
  const { due, ends, next } = ahead(climbing);
  const how = next?.rung.by === 'ticket' ? 'gets a ticket' : 'is paged';
  const comesBack = ends !== null && `Everybody is asked again at ${moment(ends)} unless it is resolved by then.`;
  const said = next && `${titleOf(roles, next.role)} ${how} at ${moment(next.at)} unless it is ${next.rung.unless} by then.`;
  if (!due && !comesBack) return 'Everybody has been paged as often as the ladder says, and nobody has it.';
  return [said, comesBack].filter((part) => typeof part === 'string').join(' ');
}
