import { expect, test } from 'vitest';
import { deployment } from '../../../../runbooks/language/deployment.ts';
import { found, provoked } from '../provoked.ts';
import { GIVEN, registry, topic, topicArn, well } from '../well.ts';

const ONCALL = 'firebreak-sira-oncall';
const otherTopics = (name: string) => (well().topics ?? []).filter((one) => one.name !== name);
const given = (sira: object) => deployment({ ...GIVEN, systems: { sira: { ...GIVEN.systems.sira, ...sira } } }, registry.systems);
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
    'SIRA, On-call engineer reaches no one',
    'systems.sira.contacts.oncall',
    { ...subscribed(ONCALL, { subscribers: [] }), given: given({ contacts: { ...GIVEN.systems.sira.contacts, oncall: [] } }) },
  ],
  [
    'subscription-pending',
    'error',
    'oncall@example.com has not confirmed',
    "npm run confirm -- '<the link>'",
    subscribed(ONCALL, { subscribers: [{ protocol: 'email', endpoint: 'oncall@example.com' }] }),
  ],
  [
    'subscription-gone',
    'warning',
    'oncall@example.com stands in firebreak.json and is not subscribed',
    'sns subscribe',
    { topics: [...otherTopics(ONCALL), topic(ONCALL, 'other@example.com')] },
  ],
  [
    'subscription-open',
    'warning',
    'mail scanners open links',
    'sns unsubscribe --subscription-arn a',
    subscribed(ONCALL, { subscribers: [{ protocol: 'email', endpoint: 'oncall@example.com', arn: 'a', authenticated: false }] }),
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
  const both = [...(topic(ONCALL, 'oncall@example.com').subscribers ?? []), { protocol: 'email', endpoint: 'new@example.com' }];
  expect(found(subscribed(ONCALL, { subscribers: both }))).toMatchObject([
    { check: 'subscription-pending', severity: 'warning' },
  ]);
});

test('a role that no page goes to at first may be silent with a warning', () => {
  const silent = found({ ...subscribed('firebreak-sira-security', { subscribers: [] }), given: given({ contacts: {} }) });
  expect(silent).toMatchObject([
    { check: 'nobody-subscribed', severity: 'warning', where: expect.stringContaining('Security team') },
  ]);
});

test('whether a link can unsubscribe is asked only of what is confirmed by a link', () => {
  const sms = [
    ...(topic(ONCALL, 'oncall@example.com').subscribers ?? []),
    { protocol: 'sms', endpoint: '+10000000000', arn: 'a' },
  ];
  expect(found(subscribed(ONCALL, { subscribers: sms }))).toEqual([]);
});
