import type { BusinessHours } from '../../../runbooks/language/business-hours.ts';
import { counts, isPage, type OnlyLooks, recurs, secondsToAcknowledge, secondsToResolve, withoutPerson } from '../counting.ts';
import type { Incident } from '../incident.ts';
import { isNight } from '../night.ts';
import type { Page } from '../records.ts';

/** An incident as the figures count it. */
export interface Tally {
  id: string;
  title: string;
  system: string;
  severity: string;
  /** `null` where none answers to it. */
  runbook: string | null;
  openedAt: string;
  /** When it was over, for the last time; `null` while it is not. */
  resolvedAt: string | null;
  /** It was over and has come back within 24 hours: as itself, or as another incident. */
  recurred: boolean;
  /** Automation resolved it, nobody had to do anything, and it has not come back. */
  withoutPerson: boolean;
  /** Minutes until a person first had it, and until it was over; `null` where that has not been. */
  minutesToAcknowledge: number | null;
  minutesToResolve: number | null;
}

/** A page that went out, as the figures count it. */
export interface PageTally {
  incident: Tally;
  at: string;
  subject: string;
  /** Whose it was: the id of their name, and the name. */
  person: string;
  name: string;
  atNight: boolean;
}

/** Who has no name: a page that went to whoever runs Firebreak, because nobody had the role. */
export const OPERATORS = { id: 'operators', name: 'Operators' };

/**
 * Each incident that counts, as it is counted. What came of one is looked for among all that are given, whatever is shown of them
 * later: a recurrence may be of another severity.
 */
export function tallies(incidents: readonly Incident[], onlyLooks: OnlyLooks): Tally[] {
  const counted = incidents.filter((incident) => counts(incident, onlyLooks));
  const byKey = Map.groupBy(counted, ({ dedupKey }) => dedupKey);
  return counted.map((incident) => {
    const same = incident.dedupKey === null ? [] : (byKey.get(incident.dedupKey) ?? []);
    const recurred = incident.reopened !== null || same.some((next) => recurs(incident, next));
    const { id, title, system, severity, runbook, openedAt, resolvedAt } = incident;
    return {
      id,
      title,
      system,
      severity,
      runbook,
      openedAt,
      resolvedAt,
      recurred,
      withoutPerson: withoutPerson(incident) && !recurred,
      minutesToAcknowledge: minutes(secondsToAcknowledge(incident)),
      minutesToResolve: minutes(secondsToResolve(incident)),
    };
  });
}

/**
 * Pages to people about the incidents that are given. What reached nobody, because no address is confirmed, woke nobody.
 */
export function pageTallies(
  pages: readonly (Page & { incidentId: string; sentAt: string })[],
  incidents: readonly Tally[],
  hoursOf: (system: string) => Pick<BusinessHours, 'timeZone'>,
): PageTally[] {
  const byId = new Map(incidents.map((incident) => [incident.id, incident]));
  return pages.flatMap((page) => {
    const { incidentId, contact, sentAt, subject, undelivered } = page;
    const incident = byId.get(incidentId);
    if (!incident || !isPage(page) || undelivered) return [];
    const { id, name } = contact ?? OPERATORS;
    return [{ incident, at: sentAt, subject, person: id, name, atNight: isNight(sentAt, hoursOf(incident.system)) }];
  });
}

const minutes = (seconds: number | null) => (seconds === null ? null : seconds / 60);
