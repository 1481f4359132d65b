import { acknowledge } from '../../../functions/console/commands/acknowledge.ts';
import { declare } from '../../../functions/console/commands/declare.ts';
import { resolve } from '../../../functions/console/commands/resolve.ts';
import { after, between, iso } from '../../../functions/incident/clock.ts';
import { type Whole, whole } from '../../local/whole.ts';

const MINUTE = 60_000;

/** What a person does, so many minutes after the incident was opened. */
export interface Deed {
  at: number;
  does: 'acknowledge' | 'resolve';
}

/** An incident that a person declares, and what people do about it. */
export interface Case {
  severity: string;
  deeds?: readonly Deed[];
}

/**
 * Declares incidents one after the other, each a case of its own, and lets time pass. Apart, because nobody is sent two mails in one second.
 * @param minutes how long, from the first
 * @param apart minutes between one and the next
 * @returns every page of each case, in their order, as `<minutes> <name>`; a ticket and a gap are said
 */
export async function replay(
  system: Whole,
  of: string,
  cases: readonly Case[],
  minutes: number,
  title = 'It is broken',
  apart = 0.1,
): Promise<string[][]> {
  const opened = [];
  for (const [n, { severity }] of cases.entries()) {
    if (n > 0 && apart > 0) await passed(system, apart);
    const given = { by: 'Ada', system: of, severity, title: `${title} ${n}` };
    opened.push(await system.clock.during(declare(system.around)(given, `replay-${of}-${n}-${iso(system.clock.now())}`)));
  }
  for (const [n, { deeds = [] }] of cases.entries())
    for (const deed of deeds) {
      const incident = opened[n];
      if (incident) plan(system, incident.id, incident.openedAt, deed);
    }
  await passed(system, minutes - (cases.length - 1) * apart);
  return Promise.all(opened.map(({ id, openedAt }) => pagesOf(system, id, openedAt)));
}

/** Lets so many minutes pass. */
export async function passed(system: Whole, minutes: number): Promise<void> {
  const end = after(iso(system.clock.now()), minutes * MINUTE);
  void system.clock.sleep(minutes * MINUTE);
  await system.until(() => iso(system.clock.now()) >= end, minutes * MINUTE);
}

function plan(system: Whole, id: string, openedAt: string, { at, does }: Deed): void {
  const command = does === 'acknowledge' ? acknowledge : resolve;
  const wait = between(iso(system.clock.now()), after(openedAt, at * MINUTE));
  void system.clock.sleep(wait).then(() => system.clock.during(command(system.around)(id, { by: 'Grace' })));
}

/** Every page of an incident's ladder that went out, by the time since it was opened. Notices are no pages. */
export async function pagesOf(system: Whole, id: string, openedAt: string): Promise<string[]> {
  const pages = await system.around.store.people.pages(id);
  return (
    pages
      // Who has nothing to do for it is not paged: they hear that it began, and that it is over.
      .filter(({ by }) => by !== 'notice')
      .flatMap((page) => (page.sentAt ? [{ ...page, sentAt: page.sentAt }] : []))
      .toSorted(
        (a, b) =>
          a.sentAt.localeCompare(b.sentAt) ||
          a.generation - b.generation ||
          Number(a.role === 'operators') - Number(b.role === 'operators') ||
          a.round - b.round ||
          a.rung - b.rung,
      )
      .map(({ sentAt, contact, role, by }) => {
        const whom = by === 'nobody' ? `nobody (${role})` : by === 'ticket' ? `ticket (${role})` : (contact?.name ?? role);
        return `${between(openedAt, sentAt) / MINUTE} ${whom}`;
      })
  );
}

/** Everybody by the name of their role, so that a page's name says whose rung it was. */
export const people = Object.fromEntries(
  [
    ['sira', ['oncall', 'lead', 'cto', 'dba', 'security', 'ciso', 'devops']] as const,
    ['saveit', ['oncall', 'lead', 'manager', 'vp', 'dba', 'infrastructure', 'security']] as const,
  ].map(([system, roles]) => [
    system,
    { contacts: Object.fromEntries(roles.map((role) => [role, { name: role, email: `${role}@example.com` }])) },
  ]),
);

export const stage = (options: Parameters<typeof whole>[0] = {}) => whole({ monitoring: false, people, ...options });
