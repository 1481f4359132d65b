import { type Contact, personId } from '../../runbooks/language/contact.ts';
import { iso } from '../incident/clock.ts';
import { type OnCall, onCall } from '../incident/ladder/on-call.ts';
import type { Surroundings } from '../surroundings.ts';

/**
 * Who has a role at this moment, and until when.
 * @throws {Error} naming the role that the system does not have
 */
export function whoHas(around: Pick<Surroundings, 'config' | 'clock'>, system: string, role: string): OnCall {
  const staff = around.config.staffOf(system)[role];
  if (!staff) throw new Error(`there is no role ${role} in ${system}`);
  return onCall(staff, iso(around.clock.now()));
}

/** The name of a contact's own topic, which nobody else is subscribed to. */
export const topicOf = (around: Pick<Surroundings, 'names'>, system: string, { name }: Pick<Contact, 'name'>) =>
  around.names.contactTopic(system, personId(name));
