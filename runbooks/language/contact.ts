import * as z from 'zod';
import { WEEKDAYS } from './business-hours.ts';
import { faultsIn } from './faults.ts';
import { ParameterName } from './pagerduty.ts';
import { TimeZone, WallClock } from './time-zone.ts';

/** A person, or a mailbox that a team reads, with the ways to reach them. */
export const Contact = z
  .strictObject({
    name: z.string().min(1, 'expected a name').max(100, 'expected 100 characters at most'),
    email: z.email('expected an email address').optional(),
    /** For SMS, with the country's code. */
    sms: z
      .string()
      .regex(/^\+[1-9]\d{6,14}$/, 'expected a number such as +4915112345678')
      .optional(),
    /**
     * The parameter of Parameter Store, a SecureString, that holds the integration key of a service of PagerDuty, for Events API v2.
     * Whoever has the key can close pages there: it lies in no file.
     */
    pagerduty: ParameterName.optional(),
  })
  .refine(({ email, sms, pagerduty }) => email ?? sms ?? pagerduty, 'expected an email, an sms or a pagerduty, or several');
export type Contact = z.output<typeof Contact>;

const Address = z.email('expected an email address').transform((email): Contact => ({ name: email, email }));

/** A contact, or an email address alone, which is their name then, too. */
const GivenContact = byForm((given) => (typeof given === 'string' ? Address : Contact));

/** Several people who have a role in turn. */
export const Rotation = z.strictObject({
  timeZone: TimeZone,
  /** When one hands over to the next: each day at that time, or each week on that day. */
  handover: z.discriminatedUnion(
    'every',
    [
      z.strictObject({ every: z.literal('day'), at: WallClock }),
      z.strictObject({ every: z.literal('week'), on: z.enum(WEEKDAYS), at: WallClock }),
    ],
    'expected every: "day" or "week"',
  ),
  /** The date of a handover at which the first of the members began. */
  since: z.iso.date('expected a date such as 2026-11-02'),
  /** In their order; `null` for a turn in which nobody is on call. */
  members: z.array(GivenContact.nullable()).min(1, 'expected one member at least'),
});
export type Rotation = z.output<typeof Rotation>;

/** Who has a role: all of these at any time, nobody where the list is empty, or several people in turn. */
export type Staff = readonly Contact[] | Rotation;

/** As a deployment's file says it: a contact, an address, a list of them, or a rotation. */
export const Staff: z.ZodType<Staff> = byForm((given): z.ZodType<Staff> => {
  if (Array.isArray(given)) return z.array(GivenContact);
  if (typeof given === 'object' && given !== null && 'members' in given) return Rotation;
  return GivenContact.transform((contact) => [contact]);
});

/** All contacts that a role may page now or later, each once. */
export function contactsOf(...staff: readonly Staff[]): Contact[] {
  const all = staff.flatMap((one) => ('members' in one ? one.members.flatMap((member) => member ?? []) : one));
  return [...new Map(all.map((contact) => [JSON.stringify(contact), contact])).values()];
}

/** Everybody who has a role, each once, with the roles that they have now or in some turn. */
export function peopleIn(staff: Readonly<Record<string, Staff>>): { contact: Contact; roles: string[] }[] {
  const roles = Object.entries(staff).map(([role, one]) => ({
    role,
    contacts: contactsOf(one).map(({ name }) => personId(name)),
  }));
  return contactsOf(...Object.values(staff)).map((contact) => ({
    contact,
    roles: roles.filter(({ contacts }) => contacts.includes(personId(contact.name))).map(({ role }) => role),
  }));
}

/** Those who have a topic of their own. Who is reached by PagerDuty alone needs none: a topic without subscribers takes pages in silence. */
export const reachedByTopic = (staff: Readonly<Record<string, Staff>>): Contact[] =>
  contactsOf(...Object.values(staff)).filter(({ email, sms }) => email !== undefined || sms !== undefined);

const LONGEST_SLUG = 40;

/**
 * A person, as a part of names (an SNS topic's, a key's): small letters, digits and hyphens, 49 at most. Two names that differ in
 * more than their case and blanks have two ids; where the letters alone do not tell them apart, a hash at the end does.
 */
export function personId(name: string): string {
  const known = canonical(name);
  const slug = known
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  // A name that ends as if it had a hash could be taken for another's id.
  const tells = /^[a-z0-9]+( [a-z0-9]+)*$/.test(known) && slug.length <= LONGEST_SLUG && !/\b[0-9a-f]{8}$/.test(known);
  if (tells) return slug;
  return [slug.slice(0, LONGEST_SLUG).replace(/-$/, '') || 'contact', checksum(known)].join('-');
}

/**
 * Contacts of one system who could be taken for one another: a page for one of them would be the other's.
 * @returns each with the role that has the second of the two
 */
export function namesakes(staff: Readonly<Record<string, Staff>>): { role: string; name: string }[] {
  const first = new Map<string, string>();
  return Object.entries(staff).flatMap(([role, one]) =>
    contactsOf(one).flatMap((contact) => {
      const said = JSON.stringify(contact);
      const id = personId(contact.name);
      const known = first.get(id) ?? said;
      first.set(id, known);
      return known === said ? [] : [{ role, name: contact.name }];
    }),
  );
}

/** FNV-1a: it tells names apart that share their letters, and two that it does not are found as namesakes. @returns 8 hexadecimal digits */
function checksum(text: string): string {
  const hash = new TextEncoder().encode(text).reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193), 0x811c9dc5);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

const canonical = (name: string) => name.trim().replace(/\s+/g, ' ').toLowerCase();

/** A schema that is chosen by what is given, so that a fault names the field of that form and not of all forms there are. */
function byForm<T>(schemaOf: (given: unknown) => z.ZodType<T>) {
  return z.unknown().transform((given, context): T => {
    const read = schemaOf(given).safeParse(given);
    if (read.success) return read.data;
    for (const { path, message } of faultsIn(read.error.issues)) context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  });
}
