import type { Promotion } from '../../incident/control.ts';
import type { Incident, Run } from '../../incident/incident.ts';
import { heldBack, type TimelineEvent } from '../../incident/timeline.ts';
import { logUnreadable } from '../../log.ts';
import type { Surroundings } from '../../surroundings.ts';

/** Among so many incidents that are over, and all that are not, the runs of a runbook are looked for. */
const LOOKED_AT = 500;
/** So many runs are told one by one: each is a query for its timeline. */
export const SHOWN = 20;

/** One run of a runbook, and what became of its incident. */
export interface Occasion {
  incident: string;
  title: string;
  severity: string;
  target: string;
  /** When the run began, in UTC. */
  at: string;
  rehearsal: boolean;
  /** How the run ended; `null` while it is under way. */
  ended: Run['ended'] | null;
  /** Each act that was carried out, with its host where there is one. */
  did: string[];
  /** Each act that only the mode held back, or that it was a rehearsal. */
  wouldHave: string[];
  /** Who ended the incident, and how; `null` while it is not over. */
  resolved: { by: string; at: string; how: string } | null;
}

/** What a runbook has done, and what it would have done, lately: whoever promotes it decides by that. */
export interface RunbookRecord extends Omit<Promotion, 'from'> {
  /** The latest, the newest first. */
  occasions: Occasion[];
}

/**
 * The last runs of a runbook. Incidents that have aged out of the table, or beyond the last 500 that are over, are not among them.
 * @param runbookId of any runbook, also one that is registered no more
 */
export async function recordOf({ store }: Pick<Surroundings, 'store'>, runbookId: string): Promise<RunbookRecord> {
  const [open, past] = await Promise.all([store.incidents.open(logUnreadable), store.incidents.latest(LOOKED_AT)]);
  const found = [...open, ...past]
    .flatMap((incident) => Object.values(incident.runs).map((run) => ({ incident, run })))
    .filter(({ run }) => run.runbook === runbookId)
    .sort((a, b) => b.run.startedAt.localeCompare(a.run.startedAt));
  const occasions = await Promise.all(
    found.slice(0, SHOWN).map(async ({ incident, run }) => occasion(incident, run, await store.incidents.timeline(incident.id))),
  );
  const ended = (how: Run['ended']) => found.filter(({ run }) => run.ended === how && !run.dryRun).length;
  return {
    runs: found.length,
    since: found.at(-1)?.run.startedAt ?? null,
    resolved: ended('resolved'),
    escalated: ended('escalated') + ended('interrupted'),
    heldBack: occasions.filter(({ wouldHave }) => wouldHave.length > 0).length,
    occasions,
  };
}

function occasion(incident: Incident, run: Run, events: readonly TimelineEvent[]): Occasion {
  const at = ({ title, host }: { title: string; host: string }) => (host === '-' ? title : `${title} (${host})`);
  const did = events.flatMap((event) =>
    event.type === 'act-finished' && event.run === run.number && event.ok ? [at(event)] : [],
  );
  return {
    incident: incident.id,
    title: incident.title,
    severity: incident.severity,
    target: incident.target,
    at: run.startedAt,
    rehearsal: run.dryRun,
    ended: run.ended ?? null,
    did: [...new Set(did)],
    wouldHave: heldBack(events, run.number).map(at),
    resolved:
      'resolvedBy' in incident ? { by: incident.resolvedBy.name, at: incident.resolvedAt, how: incident.resolution } : null,
  };
}
