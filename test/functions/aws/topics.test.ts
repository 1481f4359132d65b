import { SubscribeCommand } from '@aws-sdk/client-sns';
import { expect, test, vi } from 'vitest';
import { makeTopics, messageOf, Topics } from '../../../functions/aws/topics.ts';
import { TELEPHONE_FILTER } from '../../../runbooks/language/quiet.ts';
import { localAws } from '../../local/aws/local-aws.ts';

const place = { region: 'us-east-1', account: '000000000000' };
const subscriptions = [
  { protocol: 'email', endpoint: 'ada@example.com' },
  { protocol: 'sms', endpoint: '+10000000000', filter: TELEPHONE_FILTER },
];

/** What arrived, by whom it was for. */
async function sent(message: string, short?: string | null) {
  const { aws, endpoint } = await localAws({ topics: [{ name: 'ada', subscriptions }] });
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'local');
  vi.stubEnv('AWS_REGION', place.region);
  await makeTopics(place).publish('ada', 'P0 SIRA', message, short);
  return Object.fromEntries(aws.inbox().map(({ contact, message }) => [contact, message]));
}

test('a telephone gets the short text, where there is one', async () => {
  const page = 'P0 SIRA: API down\nTake it\n\n"What was found"';
  expect(await sent(page, 'P0 SIRA: API down\nTake it')).toEqual({
    'ada@example.com': page,
    '+10000000000': 'P0 SIRA: API down\nTake it',
  });
  expect(await sent(page)).toEqual({ 'ada@example.com': page, '+10000000000': page });
});

test('what has nothing to ask of anybody goes to no telephone', async () => {
  expect(await sent('SIRA has a problem', null)).toEqual({ 'ada@example.com': 'SIRA has a problem' });
});

test('what is too long for SNS is cut, in a structure as well, where a line break counts twice', async () => {
  const { 'ada@example.com': mail = '' } = await sent('ü\n'.repeat(200_000), 'short');
  expect(mail.length).toBeGreaterThan(100_000);
  expect(mail.startsWith('ü\nü')).toBe(true);
  expect(Buffer.byteLength(messageOf('ü'.repeat(200_000)))).toBeLessThan(262_144);
});

test('a topic reaches somebody when one has confirmed, and nobody while they have not or where there is none', async () => {
  const { sns } = await localAws({ topics: [{ name: 'ada', subscriptions: [] }] });
  const topics = new Topics(sns, place);
  expect(await topics.reaches('ada')).toBe(false);
  expect(await topics.reaches('grace'), 'a topic that is gone').toBe(false);
  const TopicArn = 'arn:aws:sns:us-east-1:000000000000:ada';
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'ada@example.com' }));
  expect(await topics.reaches('ada'), 'it waits to be confirmed').toBe(false);
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sms', Endpoint: '+10000000000' }));
  expect(await topics.reaches('ada')).toBe(true);
});
