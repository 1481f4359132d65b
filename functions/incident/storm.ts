import type { Duration } from '../../runbooks/language/duration.ts';
import type { ModeSetting } from './control.ts';
import type { Incident } from './incident.ts';

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
