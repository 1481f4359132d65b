import { type Contact, peopleIn, personId, type Staff } from '../../runbooks/language/contact.ts';
import { names } from '../../runbooks/language/names.ts';
import type { System } from '../../runbooks/language/system.ts';
import { type Subscriber, subscribers, topicArns } from '../aws/account/topics.ts';
import type { Clients } from '../aws/clients.ts';
import { Topics } from '../aws/topics.ts';
import type { Enqueued, PagerdutyEvent } from '../pagerduty/enqueue.ts';
import { reason } from '../run-step/executors/probe.ts';
import { rehearsalOf, testPage } from './test-text.ts';

/** What a test page says of a system. */
type Tests = Pick<System, 'id' | 'title' | 'severities' | 'roles'>;

/** A system, and who has its roles. */
export interface Staffed {
  system: Tests;
  staff: Readonly<Record<string, Staff>>;
}

export interface TestDeps {
  clients: Pick<Clients, 'topics'>;
  staffed: readonly Staffed[];
  prefix: string;
  /** Tells a service of PagerDuty, by the parameter that holds its key. */
  pagerduty(parameter: string, event: PagerdutyEvent): Promise<Enqueued>;
  /** Who sends them, as the page says it. */
  by: string;
  /** ISO 8601 in UTC. */
  now: string;
}

/** What became of one person's test page. */
export interface Tested {
  system: string;
  name: string;
  roles: readonly string[];
  /** By which ways they were reached: addresses, and PagerDuty. */
  reached: readonly string[];
  /** What kept a way from reaching them, each with what to do. */
  missing: readonly string[];
}

/** There is nobody to send one to: why, for the person who asked. */
export class NobodyToTest extends Error {
  override name = 'NobodyToTest';
}

/**
 * Sends a test page to each person, one after the other, by every way that a page takes: their own topic, and their service of
 * PagerDuty, which rings and is resolved at once.
 *
 * @param role only to whoever has it, in any turn
 * @throws {NobodyToTest}
 */
export async function sendTestPages(deps: TestDeps, role?: string): Promise<Tested[]> {
  const people = deps.staffed.flatMap(({ system, staff }) =>
    peopleIn(staff)
      .filter(({ roles }) => role === undefined || roles.includes(role))
      .map((one) => ({ ...one, system })),
  );
  if (people.length === 0) throw new NobodyToTest(nobody(deps, role));
  const arns = await topicArns(deps.clients.topics);
  const tested = [];
  for (const { system, contact, roles } of people)
    tested.push(
      await test(deps, system, contact, roles, arns.get(names(deps.prefix).contactTopic(system.id, personId(contact.name)))),
    );
  return tested;
}

function nobody({ staffed }: TestDeps, role: string | undefined): string {
  if (role === undefined) return 'Nobody is given: see "contacts" in firebreak.json.';
  const known = [...new Set(staffed.flatMap(({ system }) => system.roles.map(({ name }) => name)))];
  return known.includes(role)
    ? `Nobody has the role ${role}: see "contacts" in firebreak.json.`
    : `There is no role ${role}: expected one of ${known.join(', ')}.`;
}

async function test(
  deps: TestDeps,
  system: Tests,
  contact: Contact,
  roles: readonly string[],
  arn: string | undefined,
): Promise<Tested> {
  const titles = system.roles.filter(({ name }) => roles.includes(name)).map(({ title }) => title);
  const text = testPage({ system, name: contact.name, titles, by: deps.by, now: deps.now });
  const ways = [await byTopic(deps, contact, arn, text), await byPagerduty(deps, system, contact, text)];
  return {
    system: system.id,
    name: contact.name,
    roles,
    reached: ways.flatMap(({ reached }) => reached),
    missing: ways.flatMap(({ missing }) => missing),
  };
}

type Way = Pick<Tested, 'reached' | 'missing'>;

async function byTopic({ clients }: TestDeps, { email, sms }: Contact, arn: string | undefined, text: TestText): Promise<Way> {
  const wanted = [email, sms].filter((address) => address !== undefined);
  if (wanted.length === 0) return { reached: [], missing: [] };
  if (arn === undefined) return { reached: [], missing: [`${wanted.join(', ')}: there is no topic for them yet: deploy first`] };
  try {
    const subscribed = await subscribers(clients.topics, arn);
    const confirmed = subscribed.flatMap(({ arn: is, endpoint }) => (is === undefined ? [] : [endpoint]));
    const [, , , region = '', account = '', topic = ''] = arn.split(':');
    await new Topics(clients.topics, { region, account }).publish(topic, text.subject, text.message, text.short);
    return {
      reached: confirmed,
      missing: wanted.filter((one) => !confirmed.includes(one)).map((one) => silent(one, subscribed)),
    };
  } catch (error) {
    return { reached: [], missing: [`${wanted.join(', ')}: ${reason(error)}`] };
  }
}

type TestText = ReturnType<typeof testPage>;

const silent = (address: string, subscribed: readonly Subscriber[]) =>
  subscribed.some(({ endpoint }) => endpoint === address)
    ? `${address} has not confirmed: npm run confirm -- '<the link of its mail>'`
    : `${address} is not subscribed: deploy again`;

async function byPagerduty(deps: TestDeps, system: Tests, { name, pagerduty }: Contact, text: TestText): Promise<Way> {
  if (pagerduty === undefined) return { reached: [], missing: [] };
  const [ring, end] = rehearsalOf(system, personId(name), deps.now, text);
  const rang = await deps.pagerduty(pagerduty, ring);
  if (!rang.ok) return { reached: [], missing: [`PagerDuty: ${rang.why}`] };
  const ended = await deps.pagerduty(pagerduty, end);
  const missing = ended.ok ? [] : [`PagerDuty rang, and was not told that it was a test (${ended.why}): please resolve it there`];
  return { reached: ['PagerDuty'], missing };
}
