import { type Contact, contactsOf, personId } from '../../runbooks/language/contact.ts';
import { automation } from '../incident/actor.ts';
import { iso } from '../incident/clock.ts';
import type { Incident } from '../incident/incident.ts';
import { asError, log } from '../log.ts';
import { type Surroundings, systemOf } from '../surroundings.ts';
import { type AlertText, dedupKeyOf, triggered } from './alert.ts';
import { type Enqueued, enqueue, type Timing } from './enqueue.ts';

/** PagerDuty as a way to a person. */
export interface Pagerduty {
  /**
   * Alerts a person's service. It is written down before it is sent, so that whoever acknowledges or resolves knows whom to tell.
   * @returns what became of it; it never throws, because the same page goes out by other ways, too
   */
  trigger(contact: Contact, incident: Pick<Incident, 'id'>, page: AlertText): Promise<Enqueued>;
}

export function pagerdutyFor(around: Surroundings, timing?: Timing): Pagerduty {
  return {
    trigger: async (contact, { id }, page) => {
      try {
        return await trigger(around, contact, id, page, timing);
      } catch (error) {
        log.error('PagerDuty was not told of a page', asError(error));
        return { ok: false, why: asError(error).message };
      }
    },
  };
}

async function trigger(around: Surroundings, contact: Contact, id: string, page: AlertText, timing?: Timing): Promise<Enqueued> {
  const { name, pagerduty: parameter } = contact;
  if (parameter === undefined) return { ok: false, why: `${name} has no service of PagerDuty` };
  const incident = await around.store.incidents.get(id);
  if (!incident) return { ok: false, why: `there is no incident ${id}` };
  const generation = incident.ladder?.generation ?? 1;
  const dedupKey = dedupKeyOf(id, generation, personId(name));
  const at = iso(around.clock.now());
  await around.store.people.alerted(id, { v: 1, generation, contact: personId(name), name, parameter, dedupKey, at });
  const url = around.config.consoleUrl && `${around.config.consoleUrl}/incidents/${id}`;
  const event = triggered(incident, systemOf(around, incident.system).severities, dedupKey, page, url);
  const came = await enqueue(around, parameter, event, timing);
  if (!came.ok) log.error('PagerDuty was not told of a page', { incident: id, contact: personId(name), why: came.why });
  return came;
}

/**
 * Acknowledges or resolves in PagerDuty what was acknowledged or resolved here, in every service that was alerted about it. Nothing
 * is asked of the table where nobody of the system has such a service. Told twice it is told once.
 *
 * It never throws: what happened here has happened. What PagerDuty was not told stands in the timeline, for there it still rings.
 */
export async function tellPagerduty(around: Surroundings, incident: Incident, timing?: Timing): Promise<void> {
  const action = incident.status === 'open' ? undefined : incident.status === 'acknowledged' ? 'acknowledge' : 'resolve';
  if (!action || !mayHaveAlerted(around, incident.system)) return;
  try {
    const alerts = await around.store.people.alerts(incident.id);
    const came = await Promise.all(
      alerts.map(async ({ parameter, dedupKey, name }) => ({
        name,
        ...(await enqueue(around, parameter, { event_action: action, dedup_key: dedupKey }, timing)),
      })),
    );
    const missed = came.flatMap((one) => (one.ok ? [] : [`${one.name}: ${one.why}`]));
    if (missed.length > 0) await say(around, incident, action, missed);
  } catch (error) {
    log.error('PagerDuty was not told', { incident: incident.id, action, error: asError(error) });
  }
}

/** Whether anybody of a system has a service of PagerDuty. */
export const mayHaveAlerted = ({ config }: Surroundings, system: string) =>
  contactsOf(...Object.values(config.staffOf(system))).some(({ pagerduty }) => pagerduty !== undefined);

async function say(around: Surroundings, { id }: Incident, action: string, missed: readonly string[]): Promise<void> {
  log.error('PagerDuty was not told', { incident: id, action, missed: [...missed] });
  const text = `PagerDuty was not told to ${action} it, and may still ring. ${missed.join('; ')}`;
  const at = iso(around.clock.now());
  await around.store.incidents.tell(id, { v: 1, type: 'note', at, key: `pagerduty-${action}`, by: automation, text });
}
