import { deliver } from '../escalate/deliver.ts';
import { closeElsewhere } from '../escalate/over.ts';
import { between, iso } from '../incident/clock.ts';
import { type Incident, isLive } from '../incident/incident.ts';
import { ABANDONED_MS } from '../intake/abandoned.ts';
import { NOTICE, notify } from '../notices/notify.ts';
import type { Round } from './round.ts';

/** So many that are over are looked at, and so long after their end: some rounds, of which one does it. */
const LOOKED_AT = 50;
const LATE_MS = 15 * 60_000;

/**
 * Whoever was to be told that an incident began, or that it is over, has been, and its tickets and alerts elsewhere are closed: whoever
 * was about to do that may have died over it, and of an incident that is over nothing else is looked at any more.
 */
export async function notices(round: Round): Promise<void> {
  const { store, clock } = round.around;
  const now = iso(clock.now());
  const [open, past] = await Promise.all([store.incidents.open(round.unreadable), store.incidents.latest(LOOKED_AT)]);
  const over = past.filter(({ resolvedAt }) => resolvedAt !== null && between(resolvedAt, now) < LATE_MS);
  await round.each(
    [...open, ...over].filter((incident) => settled(incident, now)),
    ({ id }) => `notices of ${id}`,
    (incident) => provenNotices(round, incident, now),
  );
}

/** Whether nobody can be at it any more who began or ended it. */
function settled({ openedAt, resolvedAt, reopened, rated }: Incident, now: string): boolean {
  const [last = openedAt] = [openedAt, resolvedAt, reopened?.at, rated?.at]
    .filter((at) => typeof at === 'string')
    .sort()
    .toReversed();
  return between(last, now) >= ABANDONED_MS;
}

async function provenNotices({ around, mended }: Round, incident: Incident, now: string): Promise<void> {
  const told = await notify(around, incident, isLive(incident) ? 'opened' : 'resolved');
  if (told.length > 0) mended.push(`told ${told.join(' and ')} of ${incident.id}, of which they had not been told`);
  // Of one that is open, what was written down and not sent is sent with its pages.
  if (isLive(incident)) return;
  const pages = await around.store.people.pages(incident.id);
  for (const page of pages)
    if (page.rung === NOTICE && !page.sentAt && between(page.dueAt, now) >= ABANDONED_MS)
      if ((await deliver(around, incident, [page], `watch-${now}`)).includes('sent'))
        mended.push(`sent "${page.subject}", which was due`);
  await closeElsewhere(around, incident, pages);
}
