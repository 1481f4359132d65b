import { personId } from '../../runbooks/language/contact.ts';
import type { Update } from '../../runbooks/language/system.ts';
import { deliver } from '../escalate/deliver.ts';
import { whoHas } from '../escalate/people.ts';
import { iso } from '../incident/clock.ts';
import type { Incident } from '../incident/incident.ts';
import type { Page } from '../incident/records.ts';
import { NOTICE } from '../incident/rungs.ts';
import { asError, log } from '../log.ts';
import { type Surroundings, systemOf } from '../surroundings.ts';
import { impactSentence, type NoticeKind, noticeText } from './text.ts';

/**
 * Tells those who have nothing to do for an incident that it has begun, or that it is over: the roles of `system.ts` (`updates`), each
 * once. That it is over hears whoever heard that it began, whatever the severity is by then; what opens again afterwards is told again.
 *
 * Each notice is written down like a page before it is sent, so that what was sent is known and the auditor sends what was not. It
 * never throws: whoever opens or resolves an incident has more to do than this. Runs by hand and by a schedule, rehearsals, and
 * incidents that a storm's page lists send none.
 *
 * @returns the roles that had not been told before
 */
export async function notify(around: Surroundings, given: Incident, kind: NoticeKind): Promise<string[]> {
  try {
    if (!mayTell(around, given, kind)) return [];
    // A storm may have begun with it: that stands in the record alone.
    const incident = kind === 'opened' ? await around.store.incidents.get(given.id) : given;
    return incident && mayTell(around, incident, kind) ? await send(around, incident, kind) : [];
  } catch (error) {
    log.error('a notice was not sent', { incident: given.id, kind, error: asError(error) });
    return [];
  }
}

/** Asks nothing of the table where nobody would be told. */
function mayTell(around: Surroundings, { system, origin, storm, severity }: Incident, kind: NoticeKind): boolean {
  const isReal = origin === 'signal' || origin === 'declared';
  const { updates = [] } = systemOf(around, system);
  if (kind === 'resolved') return isReal && updates.length > 0;
  return isReal && storm === null && updates.some(({ severities }) => severities.includes(severity));
}

async function send(around: Surroundings, incident: Incident, kind: NoticeKind): Promise<string[]> {
  const { updates = [], ...system } = systemOf(around, incident.system);
  const told: string[] = [];
  const { pages, looks } = await around.store.steps.everything(incident.id);
  for (const update of updates) {
    const next = nextNotice(pages, incident, update, kind);
    if (next === undefined) continue;
    const { contacts } = whoHas(around, incident.system, update.to);
    if (contacts.length === 0) log.warn('nobody is there to be told', { incident: incident.id, role: update.to, kind });
    const { subject, message } = noticeText(kind, {
      incident,
      system,
      impact: impactSentence(kind, looks),
      withDraft: update.withDraft === true,
      again: next > 0,
    });
    const about = `${kind}-${next}`;
    const common = {
      v: 1 as const,
      generation: 0,
      rung: NOTICE,
      role: update.to,
      about,
      rungs: [],
      round: 0,
      by: 'notice' as const,
    };
    const now = iso(around.clock.now());
    const due = { ...common, dueAt: now, sentAt: null, sending: null, subject, message, short: '', ticket: null };
    const notices = contacts.map(({ name }): Page => ({ ...due, contact: { id: personId(name), name } }));
    // One that can't be sent must not keep the other role from being told.
    await deliver(around, incident, notices, `${incident.id}-${about}`).catch((error: unknown) =>
      log.error('a notice was not sent', { incident: incident.id, role: update.to, kind, error: asError(error) }),
    );
    told.push(update.to);
  }
  return told;
}

/**
 * Which notice of its kind comes next for a role, from 0: beginnings and ends take turns, a beginning first. One that was written down
 * and not sent is the auditor's to send, so that a repeated attempt tells nothing twice.
 * @returns nothing where the role is not to be told, or was
 */
export function nextNotice(
  pages: readonly Pick<Page, 'rung' | 'role' | 'about'>[],
  { severity }: Pick<Incident, 'severity'>,
  { to, severities }: Update,
  kind: NoticeKind,
): number | undefined {
  const own = pages.filter(({ rung, role }) => rung === NOTICE && role === to);
  const written = (of: NoticeKind) => new Set(own.flatMap(({ about }) => (about?.startsWith(`${of}-`) ? [about] : []))).size;
  const [begun, ended] = [written('opened'), written('resolved')];
  if (kind === 'resolved') return begun > ended ? ended : undefined;
  return begun === ended && severities.includes(severity) ? begun : undefined;
}
