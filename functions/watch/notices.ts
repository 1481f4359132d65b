import { closeElsewhere } from '../escalate/over.ts';
import { between, iso } from '../incident/clock.ts';
import type { Incident } from '../incident/incident.ts';
import { NOTICE } from '../incident/rungs.ts';
import { ABANDONED_MS } from '../intake/abandoned.ts';
import { notify } from '../notices/notify.ts';
import { sendDue } from './due-pages.ts';
import type { Round } from './round.ts';

/** So many that are over are looked at, and so long after their end: some rounds, of which one does it. */
const LOOKED_AT = 50;
const LATE_MS = 15 * 60_000;

/** Whoever was to be told that an incident began has been: whoever was about to tell them may have died over it. */
export async function provenBegun({ around, mended }: Round, incident: Incident): Promise<void> {
  if (!isSettled(incident, iso(around.clock.now()))) return;
  const told = await notify(around, incident, 'opened');
  if (told.length > 0) mended.push(saidOf(incident, told));
}

/**
 * Whoever was to be told that an incident is over has been, and its tickets and alerts elsewhere are closed: of what is over nothing
 * else is looked at any more.
 */
export async function justOver(round: Round): Promise<void> {
  const { around, mended } = round;
  const now = iso(around.clock.now());
  const past = await around.store.incidents.latest(LOOKED_AT);
  const over = past.filter(({ resolvedAt }) => resolvedAt !== null && between(resolvedAt, now) < LATE_MS);
  await round.each(
    over.filter((incident) => isSettled(incident, now)),
    ({ id }) => `notices of ${id}`,
    async (incident) => {
      const pages = await around.store.people.pages(incident.id);
      await sendDue(
        round,
        incident,
        pages.filter(({ rung }) => rung === NOTICE),
      );
      const told = await closeElsewhere(around, incident, pages);
      if (told.length > 0) mended.push(saidOf(incident, told));
    },
  );
}

const saidOf = ({ id }: Incident, told: readonly string[]) =>
  `told ${told.join(' and ')} of ${id}, of which they had not been told`;

/** Whether nobody can be at it any more who began or ended it. */
function isSettled({ openedAt, resolvedAt, reopened, rated }: Incident, now: string): boolean {
  return [openedAt, resolvedAt, reopened?.at, rated?.at].every((at) => !at || between(at, now) >= ABANDONED_MS);
}
