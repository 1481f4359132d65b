import * as z from 'zod';
import { WEEKDAYS } from './business-hours.ts';
import { TimeZone, WallClock } from './time-zone.ts';

/** A person, or a mailbox that a team reads, with the ways to reach them. */
export const Contact = z
  .strictObject({
    name: z.string().min(1).max(60),
    email: z.email('expected an email address').optional(),
    /** For SMS, with the country's code. */
    sms: z
      .string()
      .regex(/^\+[1-9]\d{6,14}$/, 'expected a number such as +4915112345678')
      .optional(),
    /** The integration key of a service of PagerDuty, for Events API v2. */
    pagerduty: z
      .string()
      .regex(/^[0-9a-zA-Z]{32}$/, 'expected the 32 letters and digits of an integration key')
      .optional(),
  })
  .refine(({ email, sms, pagerduty }) => email ?? sms ?? pagerduty, 'expected an email, an sms or a pagerduty, or several');
export type Contact = z.output<typeof Contact>;

/** Several people who have a role in turn. */
export const Rotation = z.strictObject({
  timeZone: TimeZone,
  /** When one hands over to the next: each day at that time, or each week on that day. */
  handover: z.union([
    z.strictObject({ every: z.literal('day'), at: WallClock }),
    z.strictObject({ every: z.literal('week'), on: z.enum(WEEKDAYS), at: WallClock }),
  ]),
  /** The date of a handover at which the first of the members began. */
  since: z.iso.date('expected a date such as 2026-11-02'),
  /** In their order; `null` for a turn in which nobody is on call. */
  members: z.array(Contact.nullable()).min(1, 'expected one member at least'),
});
export type Rotation = z.output<typeof Rotation>;

/** Who has a role: always the same, or in turn. */
export const Staff = z.union([Contact, Rotation]);
export type Staff = z.output<typeof Staff>;
