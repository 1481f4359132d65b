import {
  ConfirmSubscriptionCommand,
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { confirm } from '../../../functions/contacts/confirm.ts';
import { readLink } from '../../../functions/contacts/link.ts';
import { registry } from '../../../runbooks/registry.ts';
import { localAws } from '../../local/aws/local-aws.ts';

const topicArn = (name: string) => `arn:aws:sns:us-east-1:000000000000:${name}`;
const [ONCALL, LEAD, OTHER] = ['firebreak-sira-oncall', 'firebreak-sira-lead', 'payroll'];
const TOPICS = [ONCALL, LEAD, OTHER, 'firebreak-operators'].map((name) => ({ name, subscriptions: [] }));

/** A deployment whose contacts have just been sent the mail that asks them to confirm. */
async function place(...waiting: [topic: string, address: string][]) {
  const { aws, sns, clock, endpoint } = await localAws({ topics: TOPICS });
  for (const [name, address] of waiting)
    await sns.send(new SubscribeCommand({ TopicArn: topicArn(name), Protocol: 'email', Endpoint: address }));
  const deps = { clients: { topics: sns }, registry, prefix: 'firebreak' };
  const linkTo = (address: string) =>
    aws
      .inbox()
      .findLast(({ contact }) => contact === address)
      ?.message.split('\n')
      .at(-1) ?? '';
  const subscription = async (name: string) => {
    const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn(name) }));
    return Subscriptions?.[0]?.SubscriptionArn ?? '';
  };
  return { deps, sns, clock, endpoint, linkTo, subscription };
}

test('the link of the mail confirms so that only the account can unsubscribe', async () => {
  const { deps, sns, linkTo, endpoint, subscription } = await place([ONCALL, 'ada@example.com'], [LEAD, 'bob@example.com']);
  const { subscriber, contact, waiting } = await confirm(deps, readLink(linkTo('ada@example.com')));
  expect(subscriber).toMatchObject({ endpoint: 'ada@example.com', authenticated: true });
  expect(contact).toMatchObject({
    topic: ONCALL,
    subscribers: [{ endpoint: 'ada@example.com', arn: await subscription(ONCALL) }],
  });
  expect(waiting.map(({ topic }) => topic)).toEqual([LEAD]);
  // What a mail scanner does with the link at the foot of a page.
  const SubscriptionArn = await subscription(ONCALL);
  const opened = await fetch(`${endpoint}/?${new URLSearchParams({ Action: 'Unsubscribe', SubscriptionArn })}`);
  expect(opened.status).toBe(403);
  const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  expect(Attributes?.PendingConfirmation).toBe('false');
});

test('a token alone is of the one topic that waits', async () => {
  const { deps, linkTo } = await place([LEAD, 'bob@example.com']);
  const { token } = readLink(linkTo('bob@example.com'));
  expect((await confirm(deps, { token })).contact.topic).toBe(LEAD);
  await expect(confirm(deps, { token })).rejects.toThrow('No subscription of this deployment waits');
});

test('where several wait, the token needs its topic, by name or by ARN', async () => {
  const { deps, linkTo } = await place([ONCALL, 'ada@example.com'], [LEAD, 'bob@example.com']);
  const { token } = readLink(linkTo('bob@example.com'));
  await expect(confirm(deps, { token })).rejects.toThrow(`--topic with one of ${LEAD}, ${ONCALL}`);
  expect((await confirm(deps, { token, topicArn: LEAD })).contact.topic).toBe(LEAD);
});

test('a topic of somebody else is refused before anything is confirmed', async () => {
  const { deps, linkTo, subscription } = await place([OTHER, 'ada@example.com']);
  await expect(confirm(deps, readLink(linkTo('ada@example.com')))).rejects.toThrow(
    `${topicArn(OTHER)} is no topic of this deployment`,
  );
  const elsewhere = { token: 'a'.repeat(20), topicArn: topicArn(ONCALL).replace('000000000000', '999999999999') };
  await expect(confirm(deps, elsewhere)).rejects.toThrow('set AWS_PROFILE and AWS_REGION');
  expect(await subscription(OTHER)).toBe('PendingConfirmation');
});

test('a token that is wrong or too old says how to get another', async () => {
  const { deps, linkTo, clock } = await place([ONCALL, 'ada@example.com']);
  await expect(confirm(deps, { token: 'b'.repeat(20), topicArn: ONCALL })).rejects.toThrow('does not take this token');
  clock.leap(3 * 86_400_000);
  const late = confirm(deps, readLink(linkTo('ada@example.com')));
  await expect(late).rejects.toThrow(
    `aws sns subscribe --topic-arn ${topicArn(ONCALL)} --protocol email --notification-endpoint ada@example.com`,
  );
});

test('a link that somebody has opened before does not pass for confirmed', async () => {
  const { deps, sns, linkTo } = await place([ONCALL, 'ada@example.com']);
  const { token, topicArn: TopicArn } = readLink(linkTo('ada@example.com'));
  await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token: token }));
  await expect(confirm(deps, { token, topicArn: ONCALL })).rejects.toThrow('somebody opened the link of the confirmation first');
});

test('where there is no deployment, or nothing answers, that is what is said', async () => {
  const { deps, sns } = await place();
  await expect(confirm({ ...deps, prefix: 'other' }, { token: 'a'.repeat(20) })).rejects.toThrow(
    'no deployment with the prefix other',
  );
  sns.middlewareStack.add(
    () => async () => Promise.reject(Object.assign(new Error('not authorized'), { name: 'AuthorizationErrorException' })),
    { step: 'initialize' },
  );
  await expect(confirm(deps, { token: 'a'.repeat(20) })).rejects.toThrow('allow sns:ListTopics (not authorized)');
});
