import { personId } from '../../runbooks/language/contact.ts';
import { iso } from '../incident/clock.ts';
import type { Incident } from '../incident/incident.ts';
import type { Page } from '../incident/records.ts';
import type { Surroundings } from '../surroundings.ts';
import { deliver } from './deliver.ts';
import { whoHas } from './people.ts';
import { firstOf } from './wording.ts';

export interface PageText {
  subject: string;
  message: string;
}

/**
 * A page that is no rung of the ladder, to whoever has a role now; to the operators, where nobody does.
 *
 * @param place `generation` and `rung` tell pages of an incident apart, and `about` those of one rung, where there can be several
 * @returns false where it had been sent before
 */
export async function sendPage(
  around: Surroundings,
  incident: Incident,
  place: { generation: number; rung: number; role: string; about?: string | undefined },
  { subject, message }: PageText,
): Promise<boolean> {
  const { generation, rung, role, about } = place;
  const { contacts } = whoHas(around, incident.system, role);
  const now = iso(around.clock.now());
  const common = { v: 1 as const, generation, rung, role, ...(about && { about }), rungs: [], round: 0, by: 'page' as const };
  const due = { ...common, dueAt: now, sentAt: null, sending: null, subject, message, short: firstOf(message), ticket: null };
  const pages: Page[] =
    contacts.length > 0
      ? contacts.map(({ name }) => ({ ...due, contact: { id: personId(name), name } }))
      : [{ ...due, contact: null }];
  const delivered = await deliver(around, incident, pages, `${incident.id}-${rung}-${now}`);
  return delivered.includes('sent');
}
