import { between } from '../incident/clock.ts';
import type { Incident } from '../incident/incident.ts';
import type { Answers } from '../incident/review.ts';
import type { TimelineEvent } from '../incident/timeline.ts';

/** The moments that both pages ask for. ISO 8601 in UTC; `null` for what has not happened, or nobody knows. */
export interface Moments {
  /** When the first alarm said it, by its own clock; when a person did, where none has. */
  detectedAt: string;
  detectedBy: string;
  /** When Firebreak opened the incident. */
  openedAt: string;
  /** When something or somebody began to work on it, whichever was first. */
  startedAt: string | null;
  startedBy: string;
  acknowledgedAt: string | null;
  acknowledgedBy: string;
  /** When the automation ended at a person. */
  handedOverAt: string | null;
  /** The first of the good looks after which nothing was seen ill any more. */
  wellAt: string | null;
  resolvedAt: string | null;
  resolvedBy: string;
  /** Since when, and until when, users felt it: as people say, or else from detection to resolution. */
  downFrom: string;
  downUntil: string | null;
  /** Whole minutes; `null` while it goes on. */
  downMinutes: number | null;
}

type Told = Pick<Answers, 'feltFrom' | 'feltUntil'>;
type EventOf<T extends TimelineEvent['type']> = Extract<TimelineEvent, { type: T }>;

/** @param events in the order of their times */
export function momentsOf(incident: Incident, events: readonly TimelineEvent[], { feltFrom, feltUntil }: Told): Moments {
  const all = <T extends TimelineEvent['type']>(type: T) => events.filter((event): event is EventOf<T> => event.type === type);
  // An incident can be over before whoever wrote its signal down came to it: its own signal counts as well.
  const fired = all('signal').filter(({ status }) => status === 'firing');
  const { signal, openedAt, openedBy } = incident;
  const detectedAt = earliest([openedAt, signal?.eventAt, ...fired.map(({ at }) => at)]);
  const [run] = all('run-started');
  const [acknowledged] = all('acknowledged');
  const [taken] = all('taken-over');
  const first = [run, acknowledged, taken].filter((event) => event !== undefined).toSorted((a, b) => a.at.localeCompare(b.at))[0];
  const over = 'resolvedBy' in incident ? incident : undefined;
  const downFrom = feltFrom ?? detectedAt;
  const downUntil = feltUntil ?? over?.resolvedAt ?? null;
  return {
    detectedAt,
    detectedBy: signal ? (signal.source.alarmName ?? signal.alert) : openedBy.name,
    openedAt,
    startedAt: first?.at ?? null,
    startedBy: first === undefined ? '' : first === run ? `the runbook ${run?.runbook ?? ''}` : first.by.name,
    acknowledgedAt: acknowledged?.at ?? null,
    acknowledgedBy: acknowledged?.by.name ?? '',
    handedOverAt: all('escalated')[0]?.at ?? null,
    wellAt: wellSince(all('checked')),
    resolvedAt: over?.resolvedAt ?? null,
    resolvedBy: over === undefined ? '' : over.resolvedBy.kind === 'automation' ? 'the automation' : over.resolvedBy.name,
    downFrom,
    downUntil,
    downMinutes: downUntil === null ? null : Math.max(0, Math.round(between(downFrom, downUntil) / 60_000)),
  };
}

const earliest = (times: readonly (string | undefined)[]) => times.filter((time) => time !== undefined).toSorted()[0] ?? '';

/** The beginning of the last row of good checks, where it was long enough to be believed. */
function wellSince(checks: readonly EventOf<'checked'>[]): string | null {
  const last = checks.at(-1);
  if (!last || last.good < last.of) return null;
  return checks.at(-last.good)?.at ?? last.at;
}
