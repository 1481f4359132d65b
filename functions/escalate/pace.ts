import type { Waiting } from '../aws/table/pacing.ts';
import { after, iso } from '../incident/clock.ts';
import { type Incident, isLive } from '../incident/incident.ts';
import { type Page, pageKey } from '../incident/records.ts';
import type { Surroundings } from '../surroundings.ts';
import { personOf } from './reach.ts';

/** Between two mails to one person. */
const SECOND_MS = 1_000;
/** Then a page goes out all the same: it is never lost to politeness. */
const MOST_TRIES = 5;
/** For so long whoever has taken a page may be about to send it. */
export const SENDING_MS = 60_000;

/** A page with its incident, as it is now. */
export interface Wanted extends Waiting {
  incident: Incident;
}

/**
 * Waits for a person's second: at most one mail a second goes to each. What waits meanwhile is found by whoever has the next one, and
 * goes out in one mail with theirs.
 *
 * @param again whether it may be a repeat
 * @returns what to send together: the page alone, or a digest of several; nothing where another sends it, or nobody is to any more
 */
export async function takeTurn(around: Surroundings, incident: Incident, page: Page, again: boolean): Promise<Wanted[]> {
  const mine: Wanted = { incident, incidentId: incident.id, page, again };
  const topic = topicFor(around, incident, page);
  if (topic === undefined) return [mine];
  const { pacing } = around.store;
  const by = [incident.id, ...pageKey(page)].join(' ');
  const take = () => {
    const now = iso(around.clock.now());
    return pacing.take(topic, by, now, after(now, -SECOND_MS));
  };
  if (await take()) return [mine];
  if (!(await pacing.wait(mine, topic))) return [];
  for (let tries = 1; ; tries += 1) {
    await around.clock.sleep(SECOND_MS);
    if ((await take()) || tries === MOST_TRIES) break;
  }
  const own = await claimed(around, mine);
  if (!own) return [];
  const found = [own];
  for (const one of await pacing.waiting(topic)) {
    const other =
      one.incidentId === incident.id && pageKey(one.page).join() === pageKey(page).join()
        ? undefined
        : await claimed(around, one);
    if (other) found.push(other);
  }
  return found;
}

/** Nothing for whom no mail is sent: nobody in particular, a notice, and whoever PagerDuty alone reaches. */
function topicFor({ config, names }: Surroundings, { system }: Incident, { by, contact }: Page): string | undefined {
  if (by !== 'page' || !contact) return undefined;
  const person = personOf(config, system, contact.id);
  if (person && person.email === undefined && person.sms === undefined) return undefined;
  return names.contactTopic(system, contact.id);
}

/** Takes a page that waits; an acknowledgement in that second keeps it from going out. */
async function claimed({ store, clock }: Surroundings, waiting: Waiting): Promise<Wanted | undefined> {
  const { incidentId, page } = waiting;
  const owner = page.sending?.owner ?? '';
  if (!(await store.pacing.claim(incidentId, page, { owner, until: after(iso(clock.now()), SENDING_MS) }))) return undefined;
  const incident = await store.incidents.get(incidentId);
  if (incident && isStillWanted(page, incident)) return { ...waiting, incident };
  await store.people.letGo(incidentId, page);
  return undefined;
}

function isStillWanted({ rungs, dueAt, generation }: Page, incident: Incident): boolean {
  if (rungs.length === 0) return true;
  const { acknowledgedAt, ladder } = incident;
  return isLive(incident) && ladder?.generation === generation && (acknowledgedAt === null || acknowledgedAt < dueAt);
}

/**
 * What is worth a person's reading: of several rungs of one climb the last page alone, because it says all that the earlier ones say,
 * and more. A question is no rung, and stays.
 */
export function worthReading(wanted: readonly Wanted[]): Wanted[] {
  const isRung = ({ page }: Wanted) => page.rungs.length > 0;
  const later = (one: Wanted, other: Wanted) =>
    one.page.dueAt === other.page.dueAt ? one.page.rung > other.page.rung : one.page.dueAt > other.page.dueAt;
  return wanted.filter(
    (one) =>
      !isRung(one) ||
      !wanted.some(
        (other) =>
          isRung(other) &&
          other.incidentId === one.incidentId &&
          other.page.generation === one.page.generation &&
          later(other, one),
      ),
  );
}
