import { spoken } from '../../runbooks/language/duration.ts';
import { worse } from '../../runbooks/language/severity.ts';
import type { System } from '../../runbooks/language/system.ts';
import { between } from './clock.ts';
import { Incident, isLive } from './incident.ts';
import { beginGeneration } from './ladder/generation.ts';

/** When an incident was over, as far as its alarm goes: resolved, or left to a person who has only to close it. */
export function overSince(incident: Incident): string | null {
  if (incident.status === 'resolved') return incident.resolvedAt;
  return isLive(incident) ? (incident.ladder?.over?.at ?? null) : null;
}

/** Whether an alarm that fires at that time is this incident again. What a person has closed stays closed. @param withinMs the flap window */
export function isRecurrence(incident: Incident, at: string, withinMs: number): boolean {
  const over = overSince(incident);
  return over !== null && between(over, at) <= withinMs;
}

/**
 * The incident, open again with a new generation of its ladder. Nothing is started for it: what the automation did has not lasted, or
 * it has nothing that it may do; a person decides whether it runs again.
 *
 * @param claim what tells this firing from the others
 * @param severity of the signal: it can only make it worse
 */
export function reopened(
  incident: Incident,
  { severities }: Pick<System, 'severities'>,
  { claim, at, severity }: { claim: string; at: string; severity: string },
): Incident {
  const over = overSince(incident) ?? at;
  const times = (incident.reopened?.times ?? 0) + 1;
  // What only an incident has that is over is left behind.
  const open = Incident.parse({
    ...incident,
    status: 'open',
    severity: worse(severities, severity, incident.severity) ? severity : incident.severity,
    automation: 'escalated',
    stop: null,
    resolvedAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    handedOverAt: at,
    reopened: { times, at, claim },
  });
  return beginGeneration(open, at, `It fires again, ${spoken(between(over, at))} after it was over`);
}
