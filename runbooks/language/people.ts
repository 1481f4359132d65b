import * as z from 'zod';
import { BusinessHours } from './business-hours.ts';
import { namesakes, Staff } from './contact.ts';
import type { System } from './system.ts';

/** Who has the roles of a system, and when its team is at work. */
export interface People {
  /** For every role of the system; an empty list where nobody has it. */
  staff: Readonly<Record<string, Staff>>;
  businessHours: BusinessHours;
}

/** The two fields of a system's part of a deployment's file that are about people. */
export interface GivenPeople {
  contacts?: unknown;
  businessHours?: unknown;
}

const Given = z.strictObject({
  contacts: z.record(z.string(), Staff).default({}),
  businessHours: BusinessHours.prefault({}),
});

/** How the people of a system are read: `contacts` by role, and `businessHours`. */
export function peopleOf({ roles }: Pick<System, 'roles'>): z.ZodType<People> {
  const known = roles.map(({ name }) => name);
  return Given.superRefine(({ contacts }, { addIssue }) => {
    for (const role of Object.keys(contacts).filter((name) => !known.includes(name)))
      addIssue({
        code: 'custom',
        path: ['contacts', role],
        message: `there is no such role; expected ${known.join(', ')}`,
      });
    for (const { role, name } of namesakes(contacts))
      addIssue({
        code: 'custom',
        path: ['contacts', role],
        message: `expected another name than ${name}: that of another contact of this system, who has other addresses`,
      });
  }).transform(({ contacts, businessHours }) => ({
    staff: Object.fromEntries(known.map((role) => [role, contacts[role] ?? []])),
    businessHours,
  }));
}

/** The people as the same schema reads them again. */
export const givenPeople = ({ staff, businessHours }: People): Required<GivenPeople> => ({ contacts: staff, businessHours });

/** Who has the roles where nobody is given: a contact for each, called as the role is, with the placeholder that it has for an address. */
export function placeholders({ roles }: Pick<System, 'roles'>): People['staff'] {
  return Object.fromEntries(roles.map(({ name, title, email }) => [name, [{ name: title, email }]]));
}
