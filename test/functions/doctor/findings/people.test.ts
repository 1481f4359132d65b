import { expect, test } from 'vitest';
import { deployment } from '../../../../runbooks/language/deployment.ts';
import { found, provoked } from '../provoked.ts';
import { GIVEN, registry, topic, topicArn, well } from '../well.ts';

const ONCALL = 'firebreak-sira-ada-lovelace';
const otherTopics = (name: string) => (well().topics ?? []).filter((one) => one.name !== name);
const given = (sira: object) => deployment({ ...GIVEN, systems: { sira: { ...GIVEN.systems.sira, ...sira } } }, registry.systems);
const staffed = (contacts: object) => given({ contacts: { ...GIVEN.systems.sira.contacts, ...contacts } });
const subscribed = (topicName: string, more: object) => ({
  topics: [...otherTopics(topicName), { ...topic(topicName, `${topicName.split('-').at(-1)}@example.com`), ...more }],
});

provoked([
  [
    'topic-missing',
    'error',
    'no such topic',
    'run deploy',
    { topics: [...otherTopics(ONCALL), { name: ONCALL, arn: null, subscribers: undefined }] },
  ],
  [
    'nobody-subscribed',
    'error',
    'a page to the operators reaches no one',
    'under operators',
    {
      ...subscribed('firebreak-operators', { subscribers: [] }),
      given: deployment({ ...GIVEN, operators: [] }, registry.systems),
    },
  ],
  [
    'subscription-pending',
    'error',
    'ada@example.com has not confirmed',
    "npm run confirm -- '<the link>'",
    subscribed(ONCALL, { subscribers: [{ protocol: 'email', endpoint: 'ada@example.com' }] }),
  ],
  [
    'subscription-gone',
    'warning',
    'ada@example.com stands in firebreak.json and is not subscribed',
    'sns subscribe',
    { topics: [...otherTopics(ONCALL), topic(ONCALL, 'other@example.com')] },
  ],
  [
    'subscription-open',
    'warning',
    'mail scanners open links',
    'sns unsubscribe --subscription-arn a',
    subscribed(ONCALL, { subscribers: [{ protocol: 'email', endpoint: 'ada@example.com', arn: 'a', authenticated: false }] }),
  ],
  [
    'signals-unheard',
    'error',
    'no signal arrives',
    'run deploy',
    {
      topics: [
        ...otherTopics('firebreak-signals'),
        { name: 'firebreak-signals', arn: topicArn('firebreak-signals'), subscribers: [] },
      ],
    },
  ],
]);

test('one who has not confirmed is a warning where another has', () => {
  const both = [...(topic(ONCALL, 'ada@example.com').subscribers ?? []), { protocol: 'email', endpoint: 'new@example.com' }];
  expect(found(subscribed(ONCALL, { subscribers: both }))).toMatchObject([
    { check: 'subscription-pending', severity: 'warning' },
  ]);
});

test('a person whose role no page goes to at first may be silent with a warning', () => {
  const silent = (topicName: string) => found(subscribed(topicName, { subscribers: [] }));
  expect(silent('firebreak-sira-security')).toMatchObject([
    { check: 'nobody-subscribed', severity: 'warning', where: 'firebreak-sira-security (SIRA, security: Security team)' },
    { check: 'subscription-gone', severity: 'warning' },
  ]);
  expect(silent(ONCALL).map(({ severity }) => severity)).toEqual(['error', 'error']);
});

test('a number that is not subscribed is named, with the command that subscribes it', () => {
  const oncall = { name: 'Ada Lovelace', email: 'ada@example.com', sms: '+4915112345678' };
  expect(found({ given: staffed({ oncall }) })).toMatchObject([
    { check: 'subscription-gone', commands: [expect.stringContaining('--protocol sms --notification-endpoint +4915112345678')] },
  ]);
});

test('who is reached by PagerDuty alone needs no topic', () => {
  expect(found({ given: staffed({ oncall: { name: 'Grace Hopper', pagerduty: '/firebreak/pagerduty/grace' } }) })).toEqual([]);
});

test('one person with two roles is one topic, and says both', () => {
  const ada = { name: 'Ada Lovelace', email: 'ada@example.com' };
  const both = found({ ...subscribed(ONCALL, { subscribers: [] }), given: staffed({ cto: ada }) });
  expect(both[0]?.where).toBe(`${ONCALL} (SIRA, Ada Lovelace: On-call engineer and CTO)`);
});

test('whether a link can unsubscribe is asked only of what is confirmed by a link', () => {
  const sms = [...(topic(ONCALL, 'ada@example.com').subscribers ?? []), { protocol: 'sms', endpoint: '+10000000000', arn: 'a' }];
  expect(found(subscribed(ONCALL, { subscribers: sms }))).toEqual([]);
});
