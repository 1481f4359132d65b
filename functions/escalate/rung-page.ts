import { personId } from '../../runbooks/language/contact.ts';
import { type Duration, milliseconds } from '../../runbooks/language/duration.ts';
import { type System, titleOf } from '../../runbooks/language/system.ts';
import { after } from '../incident/clock.ts';
import { type Incident, isAtWork } from '../incident/incident.ts';
import { type Due, nextRung } from '../incident/ladder/next-rung.ts';
import type { Page } from '../incident/records.ts';
import { type Surroundings, systemOf } from '../surroundings.ts';
import { type Everything, materialOf } from './material.ts';
import { composePage, type PageMaterial } from './page.ts';
import { linksFor } from './page-links.ts';
import { whoHas } from './people.ts';
import type { Climbing } from './standing.ts';

/**
 * The pages of rungs that are due together, one for each person who has the role now; the ticket, where it is one; and where nobody
 * has the role, the record of that.
 *
 * @param dues at least one, all of one role
 */
export async function pagesOf(
  around: Surroundings,
  incident: Incident,
  dues: readonly Due[],
  climbing: Climbing,
  records: Everything,
): Promise<Page[]> {
  const [due] = dues;
  if (!due) return [];
  const { contacts } = whoHas(around, incident.system, due.role);
  const page: Page = {
    v: 1,
    generation: incident.ladder?.generation ?? 1,
    rung: due.place,
    role: due.role,
    about: due.name,
    rungs: dues.map(({ name }) => name),
    round: due.round,
    by: due.rung.by,
    contact: null,
    dueAt: due.at,
    sentAt: null,
    sending: null,
    subject: '',
    message: '',
    short: '',
    ticket: null,
  };
  if (due.rung.by === 'page' && contacts.length === 0)
    return [{ ...page, by: 'nobody', subject: `Nobody is on call as ${due.role}` }];
  const material: PageMaterial = {
    ...(await materialOf(around, incident, records)),
    ...asked(around, incident, dues, climbing),
  };
  const why = whyPaged(systemOf(around, incident.system), incident, due, climbing, material);
  if (due.rung.by === 'ticket') return [{ ...page, ...composePage({ ...material, why }) }];
  const written = [];
  for (const { name } of contacts) {
    const links = linksFor(around, material.atWork.length > 0);
    const text = composePage({ ...material, why, links });
    written.push({ ...page, contact: { id: personId(name), name }, ...text });
  }
  return alsoBegun(written, page, records.pages);
}

/** Whom an earlier attempt wrote down is paged as well, though another person has the role by now: their page may have gone out. */
function alsoBegun(pages: Page[], { generation, rung, about }: Page, stored: readonly Page[]): Page[] {
  const before = stored.filter((one) => one.generation === generation && one.rung === rung && one.about === about);
  const others = before.filter(({ contact, sentAt }) => !sentAt && !pages.some((page) => page.contact?.id === contact?.id));
  return [...pages, ...others];
}

/** What is asked of whoever is paged, and who comes after them. @param dues what they are paged for: it is behind them */
export function asked(
  around: Surroundings,
  incident: Incident,
  dues: readonly Due[],
  { ladder, standing, ground }: Climbing,
): Pick<PageMaterial, 'answerBy' | 'nextRung'> {
  const { severities, roles } = systemOf(around, incident.system);
  const response = severities.find(({ name }) => name === incident.severity)?.response ?? 'next-business-day';
  const behind = dues.map(({ round, name }) => ({ round, rung: name }));
  const next = nextRung(ladder, { ...standing, climbed: [...standing.climbed, ...behind], hurriedAt: null }, ground);
  return {
    answerBy: response === 'next-business-day' ? null : after(standing.since, milliseconds(response as Duration)),
    nextRung: next && {
      who: titleOf(roles, next.role),
      at: next.at,
      unless: next.rung.unless,
      withFindings: isAtWork(incident) && next.rung.from === 'handed-over',
    },
  };
}

/** Why this person, in a sentence or a few: what the rung is for, and what has been in vain. */
function whyPaged(system: System, incident: Incident, due: Due, { ladder, standing }: Climbing, material: PageMaterial): string {
  const { round, rung } = due;
  const times = `(${round + 1} of ${ladder.again.times + 1}). `;
  const again =
    round === 0
      ? ''
      : incident.acknowledgedBy
        ? `It is not resolved, and ${incident.acknowledgedBy.name} has it: you hear of it again ${times}`
        : `Nobody has answered so far: everybody is asked again ${times}`;
  const many = incident.storm?.listed ? 'It stands for many that came at once. ' : '';
  const generation = (incident.ladder?.generation ?? 1) > 1 && incident.ladder ? `${incident.ladder.why}. ` : '';
  const waited = Math.round((Date.parse(due.at) - Date.parse(standing.since)) / 60_000);
  const late = rung.from === 'opened' && rung.after !== '0s';
  const first = titleOf(system.roles, standing.responder);
  const has = incident.acknowledgedBy ? `${incident.acknowledgedBy.name} has it` : `${first} was paged`;
  const reason =
    late && rung.unless === 'acknowledged'
      ? `Nobody has acknowledged it in ${waited} min. `
      : late
        ? `It is not resolved after ${waited} min; ${has}. `
        : '';
  return `${again}${many}${generation}${reason}${material.why}`;
}
