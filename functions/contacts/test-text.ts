import type { System } from '../../runbooks/language/system.ts';
import { moment } from '../console/views/moment.ts';
import { block, firstLines, firstOf, oneLine } from '../escalate/wording.ts';
import type { PagerdutyEvent } from '../pagerduty/enqueue.ts';

export interface TestMaterial {
  system: Pick<System, 'id' | 'title' | 'severities' | 'roles'>;
  name: string;
  /** Of the roles for which they are paged. */
  titles: readonly string[];
  by: string;
  now: string;
}

/** A page that says that it is a test, who has sent it, and how one looks that is none. */
export function testPage({ system, name, titles, by, now }: TestMaterial): { subject: string; message: string; short: string } {
  const roles = titles.join(', ');
  const head = `TEST, nothing is wrong: ${oneLine(name)} is reached for ${system.title}`;
  const [first, ask] = firstLines(head, 'How a real page looks is below', 'You have nothing to do.');
  const severity = system.severities[0]?.name ?? '';
  const [broken, take] = firstLines(
    `${severity} ${system.title}: Application down on a host`,
    'why the automation stopped',
    'Please take it: <a link to the incident>',
  );
  const message = [
    first,
    ask,
    `Sent by ${oneLine(by)} at ${moment(now)}. Did they not tell you? Then ask them.`,
    '',
    block('Why you', [`You are paged for ${system.title} as ${roles}.`]),
    block('How a real page begins', [
      broken,
      take,
      'Acknowledge by 03:29 UTC, then whoever comes after you is paged.',
      'Acknowledge: <a link of your own>',
    ]),
    block('Then it tells', ['what was found, what was done, what comes next, and the commands to do the same by hand']),
  ].join('\n');
  return { subject: `TEST, nothing is wrong: a page of ${system.title}`, message: message.trimEnd(), short: firstOf(message) };
}

/** A test for a service of PagerDuty: it rings, and is over. A dedup key that is no incident's: what comes back of it is heard by nobody. */
export function rehearsalOf(
  { id }: Pick<System, 'id'>,
  contact: string,
  now: string,
  { subject, message }: { subject: string; message: string },
): [PagerdutyEvent, PagerdutyEvent] {
  const dedup_key = `test.${contact}.${now}`;
  const payload = {
    summary: subject,
    source: id,
    severity: 'info' as const,
    timestamp: now,
    group: id,
    custom_details: { page: message },
  };
  return [
    { event_action: 'trigger', dedup_key, client: 'Firebreak', payload },
    { event_action: 'resolve', dedup_key },
  ];
}
