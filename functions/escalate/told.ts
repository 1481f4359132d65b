import { automation } from '../incident/actor.ts';
import type { Page } from '../incident/records.ts';
import type { TimelineEvent } from '../incident/timeline.ts';

/** Who was reached, as the timeline says it, and the OpsItem that was written. */
export interface Carried {
  role: string;
  ticket: string | null;
}

/**
 * What the timeline says of a page that went out: from the record alone, so that whoever tells it once more tells the same.
 * @param together how many pages went out in one mail
 */
export function told(page: Page, at: string, { role, ticket }: Carried, again: boolean, together = 1): TimelineEvent {
  const { generation, rung, contact, about, subject, by } = page;
  const key = [by, generation, rung, contact?.id ?? page.role, ...(about ? [about] : [])].join('-');
  const base = { v: 1 as const, at, key, by: automation, role };
  if (by === 'nobody') return { ...base, type: 'nobody-on-call' };
  if (by === 'ticket') return { ...base, type: 'ticket-written', ticket: ticket ?? '', subject };
  return {
    ...base,
    type: 'page-sent',
    ...(contact && { to: contact.name }),
    subject,
    again,
    ...(by === 'notice' && { notice: true }),
    ...(together > 1 && { together }),
  };
}
