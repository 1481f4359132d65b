import { soon } from '../console/views/moment.ts';
import { sameName } from '../incident/actor.ts';
import { type Incident, isAtWork, isLive } from '../incident/incident.ts';
import { type Approval, IncidentAction, type LinkAction, type LinkRecord } from '../incident/records.ts';

/** A link, and what it is about as that stands now. */
export interface Standing {
  link: LinkRecord;
  incident: Incident;
  /** Where it answers a question: that question. */
  approval: Approval | undefined;
}

/** Why a link has nothing to do. */
export interface Moot {
  says: string;
  /** Whether that stays so: then the link is used up by whoever presses its button. */
  forGood: boolean;
}

/** What a link asks for: a step of an incident's way, or the answer to a question. */
export type Asked = { kind: IncidentAction; question: undefined } | { kind: 'approve' | 'deny'; question: string };

export function askedOf(action: LinkAction): Asked {
  const plain = IncidentAction.safeParse(action);
  if (plain.success) return { kind: plain.data, question: undefined };
  return { kind: action.startsWith('approve:') ? 'approve' : 'deny', question: action.slice(action.indexOf(':') + 1) };
}

/**
 * Whether what a link is for is done or answered already, by whom and since when.
 * @param now ISO time
 * @returns nothing where it has still to be done
 */
export function moot({ link, incident, approval }: Standing, now: string): Moot | undefined {
  if (!isLive(incident)) return { says: over(incident), forGood: true };
  const { kind, question } = askedOf(link.action);
  if (question !== undefined) return answered(approval, kind, link, now);
  if (kind === 'acknowledge' && incident.status === 'acknowledged') return { says: whoHasIt(incident, link), forGood: false };
  if (kind === 'take-over' && incident.automation === 'taken-over' && isMine(incident.stop?.by.name, link))
    return { says: 'You have taken it over already.', forGood: false };
  if (kind === 'stop' && incident.stop) return { says: `${incident.stop.by.name} has asked it to stop already.`, forGood: false };
  if (kind === 'stop' && !isAtWork(incident)) return { says: 'No run is under way: there is nothing to stop.', forGood: false };
  return undefined;
}

function answered(approval: Approval | undefined, kind: Asked['kind'], link: LinkRecord, now: string): Moot | undefined {
  if (!approval) return { says: 'There is no such question any more.', forGood: true };
  const { decision, decidedAt, decidedBy, until, notBy } = approval;
  if (decision === 'expired' || (!decision && until <= now))
    return { says: `Nobody answered by ${soon(until)}, and silence is a no. An answer changes nothing any more.`, forGood: true };
  if (decision) {
    const when = decidedAt ? ` at ${soon(decidedAt)}` : '';
    return {
      says: `This was ${decision}${when} by ${decidedBy?.name ?? 'nobody'}. Another answer changes nothing.`,
      forGood: true,
    };
  }
  if (kind === 'approve' && notBy !== null && isMine(notBy, link))
    return { says: 'You started this run, so somebody else must approve it. The question stays open.', forGood: true };
  return undefined;
}

/** Who has an incident, in a sentence to the person whose link it is. */
export function whoHasIt({ acknowledgedAt, acknowledgedBy }: Incident, link: LinkRecord): string {
  if (!acknowledgedAt || !acknowledgedBy) return 'Nobody yet.';
  return `${isMine(acknowledgedBy.name, link) ? 'You have' : `${acknowledgedBy.name} has`} it, since ${soon(acknowledgedAt)}.`;
}

function over(incident: Incident): string {
  return 'resolvedBy' in incident
    ? `It is over: resolved at ${soon(incident.resolvedAt)} by ${incident.resolvedBy.name}. Nothing was changed.`
    : 'It is over. Nothing was changed.';
}

export const isMine = (name: string | undefined, { contact }: LinkRecord) => name !== undefined && sameName(name, contact);
