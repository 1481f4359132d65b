import { SubscribeCommand } from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { sendTestPages, type TestDeps } from '../../../functions/contacts/test-page.ts';
import { testPage } from '../../../functions/contacts/test-text.ts';
import type { PagerdutyEvent } from '../../../functions/pagerduty/enqueue.ts';
import { TELEPHONE_FILTER } from '../../../runbooks/language/quiet.ts';
import { saveit } from '../../../runbooks/saveit/system.ts';
import { sira } from '../../../runbooks/sira/system.ts';
import { localAws } from '../../local/aws/local-aws.ts';

const topic = (name: string, ...subscriptions: { protocol: string; endpoint: string }[]) => ({ name, subscriptions });
const ada = { name: 'Ada', email: 'ada@example.com', sms: '+10000000000' };
const grace = { name: 'Grace', email: 'grace@example.com' };
const mary = { name: 'Mary', pagerduty: '/firebreak/mary' };
const NOW = '2026-11-27T03:14:00.000Z';

/** Ada is reached by both of her ways, Grace has not confirmed, and Mary has PagerDuty alone. */
async function place() {
  const { aws, sns } = await localAws({
    topics: [
      topic(
        'firebreak-sira-ada',
        { protocol: 'email', endpoint: ada.email },
        { protocol: 'sms', endpoint: ada.sms, ...{ filter: TELEPHONE_FILTER } },
      ),
      topic('firebreak-sira-grace'),
    ],
  });
  const TopicArn = 'arn:aws:sns:us-east-1:000000000000:firebreak-sira-grace';
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: grace.email }));
  const events: PagerdutyEvent[] = [];
  const deps: TestDeps = {
    clients: { topics: sns },
    staffed: [{ system: sira, staff: { oncall: [ada], lead: [grace], cto: [mary] } }],
    prefix: 'firebreak',
    pagerduty: async (_parameter, event) => {
      events.push(event);
      return { ok: true };
    },
    by: 'Katherine',
    now: NOW,
  };
  const pages = () => aws.inbox().filter(({ subject }) => subject.startsWith('TEST'));
  return { deps, events, pages };
}

test('each is sent a test by every way that they have, and who is not reached is named with what to do', async () => {
  const { deps, events, pages } = await place();
  expect(await sendTestPages(deps)).toEqual([
    { system: 'sira', name: 'Ada', roles: ['oncall'], reached: [ada.email, ada.sms], missing: [] },
    {
      system: 'sira',
      name: 'Grace',
      roles: ['lead'],
      reached: [],
      missing: ["grace@example.com has not confirmed: npm run confirm -- '<the link of its mail>'"],
    },
    { system: 'sira', name: 'Mary', roles: ['cto'], reached: ['PagerDuty'], missing: [] },
  ]);
  expect(pages().map(({ contact }) => contact)).toEqual([ada.email, ada.sms]);
  expect(pages()[0]?.message).toContain('Sent by Katherine at 2026-11-27 03:14');
  expect(pages()[1]?.message.split('\n')).toHaveLength(3);
  expect(events).toMatchObject([
    { event_action: 'trigger', payload: { severity: 'info' } },
    { event_action: 'resolve', dedup_key: events[0]?.dedup_key },
  ]);
});

test('one role alone is tested; one that nobody has, or that there is not, is said', async () => {
  const { deps, pages } = await place();
  expect((await sendTestPages(deps, 'oncall')).map(({ name }) => name)).toEqual(['Ada']);
  expect(pages()).toHaveLength(2);
  await expect(sendTestPages(deps, 'ciso')).rejects.toThrow('Nobody has the role ciso');
  await expect(sendTestPages(deps, 'astronaut')).rejects.toThrow('There is no role astronaut: expected one of oncall');
  expect(pages()).toHaveLength(2);
});

test('whose topic is not there yet, and whose PagerDuty takes nothing, is not reached', async () => {
  const { deps } = await place();
  const staffed = [{ system: saveit, staff: { oncall: [{ ...mary, email: 'mary@example.com' }] } }];
  const [tested] = await sendTestPages({
    ...deps,
    staffed,
    pagerduty: async () => ({ ok: false, why: 'PagerDuty answered 403' }),
  });
  expect(tested).toMatchObject({
    reached: [],
    missing: ['mary@example.com: there is no topic for them yet: deploy first', 'PagerDuty: PagerDuty answered 403'],
  });
});

test.each([sira, saveit])('the first lines of a test of $id say that it is one, in a telephone’s room', (system) => {
  const titles = system.roles.map(({ title }) => title);
  const { message, short, subject } = testPage({ system, name: 'Ada Lovelace'.repeat(5), titles, by: 'a\nb', now: NOW });
  const [first = '', ask = ''] = message.split('\n');
  expect(first.startsWith('TEST, nothing is wrong')).toBe(true);
  expect(`${first}\n${ask}`.length).toBeLessThanOrEqual(140);
  expect(short.startsWith(first)).toBe(true);
  expect(subject.length).toBeLessThan(100);
  expect(message).toContain('Sent by a b at');
});
