import { between } from './clock.ts';
import type { Incident } from './incident.ts';
import type { Page } from './records.ts';
import { REVIEW } from './rungs.ts';

/** An incident that comes back so soon after its end was not mended. */
export const RECURS_WITHIN_MS = 24 * 60 * 60 * 1_000;

/** Whether a runbook changes nothing, by its id. */
export type OnlyLooks = (runbook: string) => boolean;

/**
 * Whether an incident is one of those that are counted. What counts once counts for ever.
 *
 * - by an alarm, or declared by a person: always. An alarm that was put aside for a maintenance has opened none;
 * - by hand: once a run of it has ended and did more than look. A runbook that only looks never counts, nor does a rehearsal;
 * - by a schedule: once it was handed to a person. One that found all well, or did its work, was no incident.
 */
export function counts({ origin, runbook, runs, handedOverAt }: Incident, onlyLooks: OnlyLooks): boolean {
  switch (origin) {
    case 'signal':
    case 'declared':
      return true;
    case 'rehearsal':
      return false;
    case 'manual':
      return (
        !(runbook !== null && onlyLooks(runbook)) &&
        Object.values(runs).some(({ ended }) => ended !== undefined && ended !== 'looked' && ended !== 'rehearsed')
      );
    case 'scheduled':
      return handedOverAt !== null;
  }
}

/**
 * Whether automation has resolved it and no person had to do anything: nobody had it, nobody was asked, nothing was handed over, no
 * run was a person's, and it has not been opened again. Somebody may have been paged all the same: that is counted as a page.
 * Whether it has come back as another incident is not known here (`recurs`).
 */
export function withoutPerson(incident: Incident): boolean {
  return (
    (incident.status === 'resolved' || incident.status === 'closed') &&
    incident.origin === 'signal' &&
    incident.resolvedBy.kind === 'automation' &&
    incident.handedOverAt === null &&
    incident.firstAcknowledged === null &&
    incident.askedAt === null &&
    incident.rated === null &&
    incident.reopened === null &&
    !incident.ladder?.handed &&
    Object.values(incident.runs).every(({ by }) => by.kind !== 'person')
  );
}

/**
 * Whether what was sent is a page, which rings. A notice and a ticket ring nowhere; nor does a reminder of a review, which is a mail to
 * whoever runs Firebreak where nobody has the role: nobody is woken for a review.
 */
export const isPage = ({ by, rung }: Pick<Page, 'by' | 'rung'>): boolean => by === 'page' && rung !== REVIEW;

/** Whether an incident is another's return: the same alert on the same target, within 24 hours of its end. @param next opened later */
export function recurs(before: Incident, next: Incident): boolean {
  if (before.id === next.id || before.dedupKey === null || before.dedupKey !== next.dedupKey || before.resolvedAt === null)
    return false;
  const ms = between(before.resolvedAt, next.openedAt);
  return ms >= 0 && ms <= RECURS_WITHIN_MS;
}

/** Seconds until a person first had it; `null` where nobody has. Of one that was open again by then: from that moment on. */
export function secondsToAcknowledge({ firstAcknowledged: first }: Incident): number | null {
  return first && between(first.since, first.at) / 1_000;
}

/** Seconds from its opening until its end, the last one where it was opened again; `null` where it is not over. */
export function secondsToResolve({ openedAt, resolvedAt }: Incident): number | null {
  return resolvedAt === null ? null : between(openedAt, resolvedAt) / 1_000;
}
