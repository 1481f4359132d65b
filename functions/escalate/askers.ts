import { contactsOf, peopleIn, personId } from '../../runbooks/language/contact.ts';
import { NAMELESS, sameName } from '../incident/actor.ts';
import type { Incident } from '../incident/incident.ts';
import { type Surroundings, systemOf } from '../surroundings.ts';
import { whoHas } from './people.ts';
import type { Addressed } from './reach.ts';

/** A contact of the system whose name was given with a run, and the role that they have. */
export type Asker = Addressed;

type Around = Pick<Surroundings, 'config' | 'clock' | 'systems' | 'runbooks'>;

/**
 * Whom a name means: the contact of the system who is called so, or everybody who has the role now that is called so, by its name or
 * its title. Case and blanks make no difference. Nobody, where it means no contact.
 */
export function askersCalled(around: Around, system: string, name: string): Asker[] {
  const people = peopleIn(around.config.staffOf(system));
  const called = people.find(({ contact }) => sameName(contact.name, name));
  if (called) return [{ id: personId(called.contact.name), name: called.contact.name, role: called.roles[0] ?? '' }];
  const role = systemOf(around, system).roles.find((one) => sameName(one.name, name) || sameName(one.title, name));
  if (!role) return [];
  const { contacts } = whoHas(around, system, role.name);
  return contactsOf(contacts).map((contact) => ({ id: personId(contact.name), name: contact.name, role: role.name }));
}

/**
 * For whoever is paged about a run that a person asked for: who that was, why, and whether they have been told.
 * @returns nothing for a run that nobody asked for
 */
export function askedBySaid(around: Around, { system, run, runs }: Incident): string | null {
  const last = runs[String(run)];
  if (last?.by.kind !== 'person') return null;
  const { name } = last.by;
  const why = last.reason === '' ? '' : ` (${last.reason})`;
  if (name === NAMELESS) return `Somebody who gave no name asked for this run${why}`;
  const known = askersCalled(around, system, name).length > 0;
  return `${name} asked for this run${why}${known ? ', and is told of it' : '. No contact is called so: please tell them, if you know who that is'}`;
}
