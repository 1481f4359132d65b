import { describe, expect, test } from 'vitest';
import { readLink } from '../../../functions/contacts/link.ts';

const TOKEN =
  '2336412f37fb687f5d51e6e241d09c805a5a57b30d712f794cc5f6a988666d92768dd60a747ba6f3beb71854e285d6ad02428b09ceece29417f1f02d609c582a';
const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:firebreak-sira-oncall';
const LINK = `https://sns.eu-central-1.amazonaws.com/confirmation.html?TopicArn=${TOPIC}&Token=${TOKEN}&Endpoint=oncall@example.com`;

describe('what is copied out of the mail', () => {
  test.each([
    ['the link', LINK],
    ['with what a mail program puts around it', ` <${LINK}> \n`],
    [
      'with its parameters encoded',
      `https://sns.eu-central-1.amazonaws.com/confirmation.html?${new URLSearchParams({ TopicArn: TOPIC, Token: TOKEN })}`,
    ],
    [
      'the link of a message to a URL',
      `https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=${TOKEN}`,
    ],
    [
      'as a mail filter wrote it',
      `https://eur01.safelinks.protection.outlook.com/?url=${encodeURIComponent(LINK)}&data=05%7C02&reserved=0`,
    ],
  ])('%s', (_, given) => {
    expect(readLink(given)).toEqual({ token: TOKEN, topicArn: TOPIC });
  });

  test('the token alone', () => {
    expect(readLink(` ${TOKEN}\n`)).toEqual({ token: TOKEN });
  });
});

describe('what is no confirmation says what was expected', () => {
  test.each([
    ['this link ends before its token', LINK.split('&')[0]],
    [
      'this link unsubscribes',
      `https://sns.eu-central-1.amazonaws.com/unsubscribe.html?SubscriptionArn=${TOPIC}:1&Endpoint=a@example.com`,
    ],
    ['this link unsubscribes', `https://sns.eu-central-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${TOPIC}:1`],
    ['no topic and token', 'https://example.com/'],
    ['no topic and token', `https://sns.eu-central-1.amazonaws.com/confirmation.html?Token=${TOKEN}`],
    ['characters that no token has', `https://x.example.com/?TopicArn=${TOPIC}&Token=%24%28touch%20x%29aaaaaaaaaaaaaaa`],
    ['neither a link nor a token', 'oncall@example.com'],
    ['neither a link nor a token', ''],
  ])('%s', (says, given = '') => {
    expect(() => readLink(given)).toThrow(says);
    expect(() => readLink(given)).toThrow('Subscription Confirmation');
  });
});
