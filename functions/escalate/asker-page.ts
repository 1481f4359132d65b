import { personId } from '../../runbooks/language/contact.ts';
import { sameName } from '../incident/actor.ts';
import { iso } from '../incident/clock.ts';
import type { Incident, Run } from '../incident/incident.ts';
import type { Due } from '../incident/ladder/next-rung.ts';
import type { Page } from '../incident/records.ts';
import { ASKER } from '../incident/rungs.ts';
import { asError, log } from '../log.ts';
import type { Surroundings } from '../surroundings.ts';
import { type Asker, askersCalled } from './askers.ts';
import { deliver } from './deliver.ts';
import { type Everything, materialOf } from './material.ts';
import { composePage } from './page.ts';
import { linksFor } from './page-links.ts';
import { whoHas } from './people.ts';
import { asked } from './rung-page.ts';
import type { Climbing } from './standing.ts';

/**
 * Who asked for the run that has just ended at people and has not been told yet. A rehearsal tells nobody, nor does a run that has been
 * taken over; and whoever has had a page about it since, or has acknowledged it since, knows.
 */
function askersOwed(around: Surroundings, incident: Incident, pages: readonly Page[]): Asker[] {
  const run = failedByHand(incident);
  if (!run) return [];
  return askersCalled(around, incident.system, run.by.name).filter(
    ({ id, name }) => !hasIt(incident, run, name) && !pages.some((page) => tells(page, id, run.endedAt)),
  );
}

type EndedRun = Run & { endedAt: string };

/** The latest run, where a person asked for it and it did not end well. */
function failedByHand({ origin, automation, run, runs }: Incident): EndedRun | undefined {
  const last = runs[String(run)];
  if (!last?.endedAt || last.dryRun || last.by.kind !== 'person') return undefined;
  if (origin === 'rehearsal' || automation === 'taken-over') return undefined;
  return last.ended === 'escalated' || last.ended === 'interrupted' ? { ...last, endedAt: last.endedAt } : undefined;
}

function hasIt({ acknowledgedAt, acknowledgedBy }: Incident, { endedAt }: EndedRun, name: string): boolean {
  return acknowledgedBy !== null && acknowledgedAt !== null && acknowledgedAt >= endedAt && sameName(acknowledgedBy.name, name);
}

/** One that was written down and not sent is the auditor's. */
const tells = ({ by, contact, sentAt, dueAt }: Page, id: string, since: string) =>
  by === 'page' && contact?.id === id && (sentAt ?? dueAt) >= since;

/** What a look at a ladder knows. */
interface Look {
  climbing: Climbing;
  records: Everything;
  owner: string;
  /** The rung that is due in this very moment: whom it pages reads in that page what became of what they asked for. */
  paged?: Due;
}

/**
 * Pages whoever asked for a run that did not end well, before anybody whom the ladder pages for it. The ladder waits for nobody: a
 * topic that nobody has confirmed takes a page in silence. What keeps this page from going out keeps none of the ladder's from it.
 */
export async function tellAskers(around: Surroundings, incident: Incident, look: Look): Promise<void> {
  const askers = askersOwed(around, incident, look.records.pages).filter(({ id }) => !isPaged(around, incident, look, id));
  if (askers.length === 0) return;
  try {
    await deliver(around, incident, await pagesFor(around, incident, askers, look), look.owner);
  } catch (error) {
    log.error('whoever asked for the run was not told: the ladder goes on', { incident: incident.id, error: asError(error) });
  }
}

function isPaged(around: Surroundings, { system }: Incident, { paged }: Look, id: string): boolean {
  if (paged?.rung.by !== 'page') return false;
  return whoHas(around, system, paged.role).contacts.some(({ name }) => personId(name) === id);
}

async function pagesFor(
  around: Surroundings,
  incident: Incident,
  askers: readonly Asker[],
  { climbing, records }: Look,
): Promise<Page[]> {
  const material = await materialOf(around, incident, records);
  const text = composePage({
    ...material,
    ...asked(around, incident, [], climbing),
    why: `You asked for this run. ${material.why}`,
    links: linksFor(around, false),
  });
  const dueAt = iso(around.clock.now());
  return askers.map(({ id, name, role }) => ({
    v: 1,
    generation: 0,
    rung: ASKER,
    about: `run-${incident.run}`,
    rungs: [],
    round: 0,
    by: 'page',
    ...text,
    role,
    contact: { id, name },
    dueAt,
    sentAt: null,
    sending: null,
    ticket: null,
  }));
}
