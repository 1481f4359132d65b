import { type System, titleOf } from '../../runbooks/language/system.ts';
import { type ImpactView, impactView } from '../console/views/impact.ts';
import { inOrder, type Line, timelineLines } from '../console/views/timeline.ts';
import type { Incident } from '../incident/incident.ts';
import type { ActRecord, Approval, LookRecord, Page } from '../incident/records.ts';
import { relatedTo } from '../incident/related.ts';
import type { Answers } from '../incident/review.ts';
import type { TimelineEvent } from '../incident/timeline.ts';
import { type Moments, momentsOf } from './moments.ts';
import { slowedBy } from './slowed.ts';
import { notSooner } from './sooner.ts';
import { type Tried, triedOn } from './tried.ts';

/** All that is stored of an incident. */
export interface Recorded {
  incident: Incident;
  events: readonly TimelineEvent[];
  looks: readonly LookRecord[];
  acts: readonly ActRecord[];
  approvals: readonly Approval[];
  pages: readonly Page[];
  /** Earlier incidents like it, a sentence each. */
  earlier: readonly string[];
}

/** What the records tell by themselves: the part of a review that nobody has to write. */
export interface ReviewFacts {
  moments: Moments;
  story: Line[];
  /** What the severity stands for, and what the alarm said. */
  severity: { name: string; means: string };
  alarm: string | null;
  /** What users felt: when it began, and when it was measured for the last time. */
  impact: { first: ImpactView; last: ImpactView } | null;
  tried: Tried[];
  /** What was seen before anything was changed, and why something was: what a cause can be told from. */
  evidence: { at: string; title: string; host: string; says: string }[];
  notSooner: string[];
  slowed: string[];
  reopened: number;
  earlier: readonly string[];
  beside: { incident: string; severity: string; title: string; why: string }[];
}

/**
 * Pure: the same records tell the same.
 * @param answers what people say of the times, which no record can know better
 */
export function factsOf(
  { incident, events, looks, acts, approvals, pages, earlier }: Recorded,
  system: Pick<System, 'severities' | 'alerts' | 'roles'>,
  answers: Pick<Answers, 'feltFrom' | 'feltUntil'>,
): ReviewFacts {
  const timeline = inOrder(events);
  const moments = momentsOf(incident, timeline, answers);
  const severity = system.severities.find(({ name }) => name === incident.severity);
  return {
    moments,
    story: timelineLines(worthTelling(timeline, system.roles), incident.seen),
    severity: { name: incident.severity, means: severity?.means ?? '' },
    alarm: alarmOf(incident, system.alerts),
    impact: impactOf(looks),
    tried: triedOn(timeline, acts),
    evidence: evidenceOf(looks),
    notSooner: notSooner(incident, timeline, moments, system.roles),
    slowed: slowedBy({ incident, events: timeline, looks, approvals, pages, moments }, system.roles),
    reopened: incident.reopened?.times ?? 0,
    earlier,
    beside: relatedTo(timeline),
  };
}

/** What stands elsewhere in the review, or tells a reader nothing who was not there. */
const UNTOLD: readonly TimelineEvent['type'][] = [
  'looked',
  'act-skipped',
  'related',
  'review-begun',
  'review-finished',
  'closed',
];

/** The story in short: of the gate only what held something up, of those who were only told nothing, and roles as people call them. */
function worthTelling(events: readonly TimelineEvent[], roles: System['roles']): TimelineEvent[] {
  return events.flatMap((event): TimelineEvent[] => {
    if (UNTOLD.includes(event.type)) return [];
    switch (event.type) {
      case 'gate':
        return event.answer === 'refused' ? [event] : [];
      case 'page-sent':
        return event.notice ? [] : [{ ...event, role: titleOf(roles, event.role) }];
      case 'signal':
        // A clear repeats what the alarm said when it fired.
        return [event.status === 'firing' ? event : { ...event, says: '' }];
      case 'approval-asked':
        // The command stands in the question; the act tells what came of it.
        return [{ ...event, question: event.question.replace(/ It would run: [\s\S]*$/, '') }];
      default:
        return [event];
    }
  });
}

function alarmOf({ signal, alert }: Incident, alerts: System['alerts']): string | null {
  if (!signal) return null;
  const unit = alerts.find(({ name }) => name === alert)?.unit;
  const value = signal.value === undefined ? '' : ` (${unit ?? 'value'}: ${Number(signal.value.toFixed(2))})`;
  return `${signal.source.alarmName ?? alert}${value}`;
}

function impactOf(looks: readonly LookRecord[]): ReviewFacts['impact'] {
  const ended = looks.filter((look) => look.status === 'done').toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
  const measured = ended.flatMap((look) => impactView([look]) ?? []);
  const [first] = measured;
  const last = measured.at(-1);
  return first && last ? { first, last } : null;
}

/** The first look at each thing of each run: later ones see what was changed meanwhile. The impact stands elsewhere. */
function evidenceOf(looks: readonly LookRecord[]): ReviewFacts['evidence'] {
  const seen = new Map<string, LookRecord>();
  for (const look of looks.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt))) {
    const place = `${look.run} ${look.step} ${look.host}`;
    if (look.status !== 'started' && !look.step.startsWith('verify.') && !seen.has(place)) seen.set(place, look);
  }
  return [...seen.values()]
    .filter((look) => impactView([look]) === null)
    .flatMap((look) =>
      look.status === 'started' ? [] : [{ at: look.startedAt, title: look.title, host: hostOf(look), says: saidBy(look) }],
    );
}

const hostOf = ({ host }: Pick<LookRecord, 'host'>) => (host === '-' ? '' : host);
const saidBy = (look: Exclude<LookRecord, { status: 'started' }>) =>
  look.status === 'failed' ? `could not be seen: ${look.error}` : look.says;
