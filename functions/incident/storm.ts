import type { Duration } from '../../runbooks/language/duration.ts';
import { type SeverityScheme, worse } from '../../runbooks/language/severity.ts';
import type { ModeSetting } from './control.ts';
import { type Incident, isLive } from './incident.ts';

/**
 * Many incidents of one system at once have one cause that no single runbook sees: a network, a disk below all of it, a deployment.
 * Then automation only looks, everywhere in the system, and one page lists them instead of one each.
 */
export const STORM = {
  /** More than so many incidents of a system within this time. */
  more: 5,
  within: '5m' satisfies Duration,
  /** How long automation only looks after the last that came. A person can end it before that. */
  lastsMs: 60 * 60_000,
  /** How the opening of incidents is counted: beside the acts, of which none has this verb. */
  counted: { verb: 'open', resource: 'incidents' },
} as const;

/** Where a storm of a system is set: beside the modes, so that a person sees it there and can lift it. */
export function stormScope(system: string): string {
  return `storm:${system}`;
}

/** The storm that a system is in, if it is in one. */
export function stormInForce(setting: ModeSetting | undefined, now: string): ModeSetting | undefined {
  return setting?.mode === 'observe' && (setting.until === null || setting.until > now) ? setting : undefined;
}

/** Whether a person has lifted it just now: then the same incidents raise no other. */
export function isLifted(setting: ModeSetting | undefined, now: string): boolean {
  return setting?.by.kind === 'person' && setting.mode !== 'observe' && Date.parse(now) - Date.parse(setting.at) < STORM.lastsMs;
}

/** Incidents that no page of their own told of, because a storm's page is to list them. */
export function unlisted(incidents: readonly Incident[]): Incident[] {
  return incidents.filter(({ storm }) => storm !== null && !storm.listed);
}

/** Why the ladder of an incident is over that a storm's page lists. */
export const LEFT_TO_STORM = 'a page that lists many incidents tells of it';

/**
 * Which of the incidents that a storm's page lists goes on with its ladder, so that the storm itself is never left to one page: the
 * worst, and of those the oldest.
 */
export function standsForAll(listed: readonly Incident[], severities: SeverityScheme): Incident | undefined {
  return listed.filter(({ ladder }) => !ladder?.over).toSorted(worstFirst(severities))[0];
}

/** By how bad they are, and then by their age. */
export const worstFirst = (severities: SeverityScheme) => (a: Incident, b: Incident) =>
  worse(severities, a.severity, b.severity) ? -1 : worse(severities, b.severity, a.severity) ? 1 : byAge(a, b);

/** Whether it came before the other. */
export const isOlder = (one: Incident, other: Incident) => byAge(one, other) < 0;

const byAge = (a: Incident, b: Incident) => a.openedAt.localeCompare(b.openedAt) || a.id.localeCompare(b.id);

/** An incident of a storm: it is listed as one of it, or it came in the midst of it and pages by itself. */
export function isOfStorm({ storm, openedAt }: Incident, since: string): boolean {
  return storm ? storm.listed && storm.since === since : openedAt >= since;
}

/**
 * The incident of a storm that nobody has and nobody is paged about any more: the one that stood for it is over, and it is not.
 *
 * @param open all of one system that came with the storm
 * @returns the worst, and of those the oldest; nothing where one that is at least as bad goes on with its ladder
 */
export function leftAlone(open: readonly Incident[], severities: SeverityScheme): Incident | undefined {
  const [first] = open
    .filter((one) => one.status === 'open' && one.storm?.listed && one.ladder?.over?.why === LEFT_TO_STORM)
    .toSorted(worstFirst(severities));
  const going = open.filter((one) => isLive(one) && !one.ladder?.over);
  return first && !going.some(({ severity }) => !worse(severities, first.severity, severity)) ? first : undefined;
}
