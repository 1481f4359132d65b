import type { BusinessHours } from '../../runbooks/language/business-hours.ts';
import {
  type Dimension,
  INCIDENT_GROUPS,
  INCIDENT_METRICS,
  type IncidentMetric,
  type MetricName,
  PAGE_GROUPS,
  PAGE_METRICS,
} from '../../runbooks/language/metrics.ts';
import { counts, isPage, type OnlyLooks, recurs, secondsToAcknowledge, secondsToResolve, withoutPerson } from './counting.ts';
import type { Incident } from './incident.ts';
import { isNight } from './night.ts';
import type { Page } from './records.ts';

/** What is counted at one moment of one incident, as CloudWatch is told of it. */
export interface Counted {
  /** ISO: when it happened. */
  at: string;
  metrics: readonly (MetricName & { value: number })[];
  /** Every dimension but the deployment, which whoever prints it knows. */
  of: Readonly<Partial<Record<Dimension, string>>>;
  groups: readonly (readonly Dimension[])[];
}

/** Takes what is counted. It is told once of each transition that took effect, after it did. */
export type Count = (counted: Counted) => void;

/**
 * What a write to an incident changes in the numbers. It looks at both records alone, so that a write that took effect is counted
 * once, whoever wrote it, and one that changed nothing is not.
 *
 * @param before `null` where it is new
 * @returns nothing for most writes
 */
export function countedOf(before: Incident | null, after: Incident, onlyLooks: OnlyLooks): Counted[] {
  if (!counts(after, onlyLooks)) return [];
  const was = before && counts(before, onlyLooks) ? before : null;
  const again = was !== null && (after.reopened?.times ?? 0) > (was.reopened?.times ?? 0);
  return [
    ...(was ? [] : [of(after, after.openedAt, { opened: 1 })]),
    ...acknowledged(was, after),
    ...(again ? returned(was, after.reopened?.at ?? after.openedAt) : []),
    ...resolved(was, after),
  ];
}

function acknowledged(before: Incident | null, after: Incident): Counted[] {
  const seconds = secondsToAcknowledge(after);
  if (before?.firstAcknowledged || !after.firstAcknowledged || seconds === null) return [];
  return [of(after, after.firstAcknowledged.at, { timeToAcknowledge: seconds })];
}

function resolved(before: Incident | null, after: Incident): Counted[] {
  const { resolvedAt: at } = after;
  const timeToResolve = secondsToResolve(after);
  if (at === null || timeToResolve === null || (before && before.resolvedAt !== null)) return [];
  return [of(after, at, { resolved: 1, withoutPerson: withoutPerson(after) ? 1 : 0, timeToResolve })];
}

/** That an incident has come back as another one, which was just opened. */
export function countedReturn(before: Incident, next: Incident, onlyLooks: OnlyLooks): Counted[] {
  return counts(before, onlyLooks) && recurs(before, next) ? returned(before, next.openedAt) : [];
}

/** @param before as it was when it was over */
function returned(before: Incident, at: string): Counted[] {
  return [of(before, at, { recurred: 1, ...(withoutPerson(before) && { automationFailed: 1 }) })];
}

/** That a page has gone out: to a person, or to the operators where nobody has the role. */
export function countedPage({ system }: Incident, page: Page, at: string, hours: Pick<BusinessHours, 'timeZone'>): Counted[] {
  if (!isPage(page)) return [];
  const metrics = [PAGE_METRICS.sent, ...(isNight(at, hours) ? [PAGE_METRICS.atNight] : [])];
  return [{ at, metrics: metrics.map((metric) => ({ ...metric, value: 1 })), of: { system }, groups: PAGE_GROUPS }];
}

function of({ system, severity, runbook }: Incident, at: string, values: Partial<Record<IncidentMetric, number>>): Counted {
  const metrics = Object.entries(INCIDENT_METRICS).flatMap(([key, metric]) => {
    const value = values[key as IncidentMetric];
    return value === undefined ? [] : [{ ...metric, value }];
  });
  const groups = INCIDENT_GROUPS.filter((group) => runbook !== null || !(group as readonly Dimension[]).includes('runbook'));
  return { at, metrics, of: { system, severity, ...(runbook !== null && { runbook }) }, groups };
}
