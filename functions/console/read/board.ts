import { climbingOf } from '../../escalate/standing.ts';
import { iso } from '../../incident/clock.ts';
import { type Incident, isLive } from '../../incident/incident.ts';
import { logUnreadable } from '../../log.ts';
import type { Surroundings } from '../../surroundings.ts';
import { type IncidentView, incidentView } from '../views/incident.ts';
import { type NextPage, nextPage } from '../views/paging.ts';

/** So many open incidents are on a page, each with the page that is due next: that is a query an incident. */
export const OPEN_SHOWN = 40;
/** So many of those that are over. */
export const PAST_SHOWN = 50;

/** An open incident, and whom it pages next. */
export interface OpenRow {
  incident: IncidentView;
  due: NextPage | null;
}

export interface Board {
  /** The time at which it was read, in UTC. */
  now: string;
  /** The worst and oldest first. */
  open: OpenRow[];
  /** How many are open in all, and how many of them come before those that are shown. */
  openCount: number;
  openFrom: number;
  /** The latest first. */
  past: IncidentView[];
  /** Whether there are more that were over before these. */
  pastGoesOn: boolean;
}

/**
 * The list of incidents as its page shows it: what is open in full, what is over a part at a time. Whatever the table holds, it takes
 * a query an open incident that is shown, and a few more; it reads no evidence and no timeline.
 * @param from how many open incidents are passed over
 * @param before the id of an incident that is over: the past that is shown begins after it
 */
export async function board(around: Surroundings, from: number, before: string | undefined): Promise<Board> {
  const { claims, incidents } = around.store;
  const [open, held, opening, start] = await Promise.all([
    incidents.open(logUnreadable),
    claims.held(logUnreadable),
    claims.opening(logUnreadable),
    before === undefined ? undefined : incidents.get(before),
  ]);
  const past = await incidents.latest(PAST_SHOWN + 1, start && !isLive(start) ? start : undefined);
  const claimOf = new Map([...held, ...opening].map((claim) => [claim.incidentId, claim]));
  const view = (incident: Incident) => incidentView(incident, claimOf.get(incident.id));
  const openFrom = from > 0 && from < open.length ? Math.trunc(from) : 0;
  const shown = open.slice(openFrom, openFrom + OPEN_SHOWN);
  return {
    now: iso(around.clock.now()),
    open: await Promise.all(shown.map(async (incident) => ({ incident: view(incident), due: await dueOf(around, incident) }))),
    openCount: open.length,
    openFrom,
    past: past.slice(0, PAST_SHOWN).map(view),
    pastGoesOn: past.length > PAST_SHOWN,
  };
}

/** What can't be told of one incident hides no other: it is listed all the same. */
async function dueOf(around: Surroundings, incident: Incident): Promise<NextPage | null> {
  const { id, ladder, severity } = incident;
  const system = around.systems.find((known) => known.id === incident.system);
  if (!ladder || ladder.over || !system?.ladders.some(({ severities }) => severities.includes(severity))) return null;
  const records = await around.store.steps.climbed(id, logUnreadable);
  return nextPage(climbingOf(around, incident, records), system.roles);
}
