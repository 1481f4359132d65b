import { spoken } from '../../runbooks/language/duration.ts';
import { type Role, titleOf } from '../../runbooks/language/system.ts';
import { soon, took } from '../console/views/moment.ts';
import type { Incident } from '../incident/incident.ts';
import type { Approval, LookRecord, Page } from '../incident/records.ts';
import type { TimelineEvent } from '../incident/timeline.ts';
import type { Moments } from './moments.ts';
import { QUICK_MS, sentence } from './words.ts';

interface Seen {
  incident: Incident;
  /** In the order of their times. */
  events: readonly TimelineEvent[];
  looks: readonly LookRecord[];
  approvals: readonly Approval[];
  pages: readonly Page[];
  moments: Moments;
}

/** What the records know of what kept it from being over sooner, a sentence each: waits, refusals, what failed, whom nobody reached. */
export function slowedBy(seen: Seen, roles: readonly Role[]): string[] {
  return [
    ...waitsForPeople(seen, roles),
    ...heldByTheGate(seen.events),
    ...seen.approvals.toSorted((a, b) => a.askedAt.localeCompare(b.askedAt)).map(waitForApproval),
    ...whatFailed(seen),
    ...turns(seen),
  ].map(sentence);
}

/** From the first page until somebody had it, and who was asked in vain before them. */
function waitsForPeople({ pages, moments }: Seen, roles: readonly Role[]): string[] {
  const climbed = pages
    .filter(({ rungs, sentAt, by }) => rungs.length > 0 && sentAt !== null && by !== 'ticket')
    .toSorted((a, b) => (a.sentAt ?? '').localeCompare(b.sentAt ?? ''));
  const [first] = climbed;
  if (!first?.sentAt) return [];
  const { acknowledgedAt, acknowledgedBy, resolvedAt } = moments;
  const until = acknowledgedAt ?? resolvedAt;
  const before = climbed.filter(({ sentAt }) => until === null || (sentAt ?? '') <= until);
  const whom = [...new Set(before.map(({ role, contact }) => `${titleOf(roles, role)}${contact ? ` (${contact.name})` : ''}`))];
  const nobody = before
    .filter(({ by }) => by === 'nobody')
    .map(({ role }) => `${titleOf(roles, role)} was nobody's role at that time`);
  const unheard = before
    .filter(({ undelivered }) => undelivered)
    .map(({ role }) => `The page for ${titleOf(roles, role)} reached nobody`);
  const answered = acknowledgedAt
    ? `${acknowledgedBy} had it ${took(first.sentAt, acknowledgedAt)} after the first page`
    : resolvedAt
      ? 'Nobody acknowledged it before it was over'
      : 'Nobody has acknowledged it yet';
  return [`${answered}; paged until then: ${whom.join(', ')}`, ...nobody, ...unheard];
}

function waitForApproval({ title, askedAt, decision, decidedAt, decidedBy, reason, until }: Approval): string {
  if (decision === null || decidedAt === null)
    return `"${title}" waits for an approval since ${soon(askedAt)}, until ${soon(until)}`;
  if (decision === 'expired') return `"${title}" waited ${took(askedAt, decidedAt)} for an approval that nobody gave`;
  const why = reason ? `: ${reason}` : '';
  return `"${title}" waited ${took(askedAt, decidedAt)} for ${decidedBy?.name ?? 'somebody'}, who ${decision} it${why}`;
}

/** Why an act was not carried out when its turn came. The same reason is told once. */
function heldByTheGate(events: readonly TimelineEvent[]): string[] {
  const held: Record<string, string> = {
    refused: 'was refused',
    running: 'waited for another run',
    ask: 'needed an approval first',
  };
  const told = events.flatMap((event) => {
    const how = event.type === 'gate' ? held[event.answer] : undefined;
    return event.type === 'gate' && how ? [`"${event.title}" ${how}: ${event.reasons.join('; ')}`] : [];
  });
  const only = events
    .filter((event) => event.type === 'act-skipped')
    .filter(({ wouldHave }) => wouldHave !== null)
    .map(({ title, why }) => `"${title}" was held back: ${why}`);
  return [...new Set([...told, ...only])];
}

/** What was tried or looked at in vain: the time that it took was lost. */
function whatFailed({ events, looks }: Seen): string[] {
  const acts = events
    .filter((event) => event.type === 'act-finished')
    .filter(({ ok }) => !ok)
    .map(({ title, says, tookMs }) => `"${title}" failed${tookMs < QUICK_MS ? '' : ` after ${spoken(tookMs)}`}: ${says}`);
  const blind = looks
    .filter((look) => look.status === 'failed')
    .map(({ title, error }) => `"${title}" could not be seen: ${error}`);
  return [...new Set([...acts, ...blind])];
}

/** Where it went to somebody else, or back to the beginning. */
function turns({ events, incident }: Seen): string[] {
  return events.flatMap((event) => {
    switch (event.type) {
      case 'nobody-answered':
        return [`Everybody was asked ${event.times} times, and nobody answered`];
      case 'acknowledgement-ended':
        return [`At ${soon(event.at)} nobody had it any more: ${event.why}`];
      case 'handed-over':
        return [
          `At ${soon(event.at)} ${event.by.name} handed it over to ${event.title}${event.reason ? `: ${event.reason}` : ''}`,
        ];
      case 'snoozed':
        return [`${event.by.name} asked for quiet until ${soon(event.until)}${event.reason ? `: ${event.reason}` : ''}`];
      case 'stop-asked':
        return [`At ${soon(event.at)} ${event.by.name} stopped the automation${event.reason ? `: ${event.reason}` : ''}`];
      case 'reopened':
        return [`At ${soon(event.at)} it was open again: ${event.why}`];
      case 'run-ended':
        return event.ended === 'interrupted' ? [`Run ${event.run} was interrupted: ${event.why}`] : [];
      case 'opened':
        return incident.storm === null ? [] : ['It came together with many others: in a storm the automation only looks'];
      default:
        return [];
    }
  });
}
