import { expect, test } from 'vitest';
import { configuration } from '../../../functions/configuration.ts';
import { topicOf, whoHas } from '../../../functions/escalate/people.ts';
import { type Reaching, reachRole } from '../../../functions/escalate/reach.ts';
import { firstOf } from '../../../functions/escalate/wording.ts';
import type { Surroundings } from '../../../functions/surroundings.ts';
import { names } from '../../../runbooks/language/names.ts';
import { registry } from '../../../runbooks/registry.ts';

const [ada, grace] = [
  { name: 'Ada Lovelace', email: 'ada@example.com' },
  { name: 'Grace Hopper', sms: '+4915112345678' },
];
const PAGE = 'P0 SIRA: API down\nTake it\n\nWhat was found';
const SHORT = firstOf(PAGE);
const TEXT = { subject: 'P0 SIRA', message: PAGE, short: SHORT };

/** SIRA with these people; what was published to whom. */
function staffed(contacts: object, deaf: readonly string[] = []) {
  const FIREBREAK_CONFIG = JSON.stringify({ account: '000000000000', region: 'us-east-1', people: { sira: { contacts } } });
  const published: [topic: string, subject: string, message: string, short: string | null | undefined][] = [];
  const time = { now: '2026-11-27T03:14:00.000Z' };
  const around: Reaching & Pick<Surroundings, 'config' | 'clock'> = {
    config: configuration({ FIREBREAK_CONFIG }, registry.systems),
    clock: { now: () => new Date(time.now), sleep: async () => undefined },
    names: names(),
    topics: {
      publish: async (topic, subject, message, short) => {
        if (deaf.includes(topic)) throw new Error(`no topic ${topic}`);
        published.push([topic, subject, message, short]);
      },
    },
  };
  return { around, published, time };
}

test('a contact has a topic of their own', () => {
  const { around } = staffed({ lead: [ada, grace] });
  const { contacts, until } = whoHas(around, 'sira', 'lead');
  expect(until).toBeNull();
  expect(contacts.map((contact) => topicOf(around, 'sira', contact))).toEqual([
    'firebreak-sira-ada-lovelace',
    'firebreak-sira-grace-hopper',
  ]);
  expect(() => whoHas(around, 'sira', 'boss')).toThrow('there is no role boss in sira');
});

test('each contact of a role is paged by their own topic, a telephone by the first lines', async () => {
  const { around, published } = staffed({ oncall: [ada, grace] });
  await reachRole(around, 'sira', 'oncall', TEXT);
  expect(published).toEqual([
    ['firebreak-sira-ada-lovelace', 'P0 SIRA', PAGE, SHORT],
    ['firebreak-sira-grace-hopper', 'P0 SIRA', PAGE, SHORT],
  ]);
});

test('of a rotation, who has it now', async () => {
  const rotation = { timeZone: 'UTC', handover: { every: 'day', at: '09:00' }, since: '2020-01-01', members: [ada, grace] };
  const { around, published, time } = staffed({ oncall: rotation });
  await reachRole(around, 'sira', 'oncall', TEXT);
  time.now = '2026-11-27T09:00:00.000Z';
  await reachRole(around, 'sira', 'oncall', TEXT);
  expect(new Set(published.map(([topic]) => topic)).size).toBe(2);
});

test('where nobody has it, the operators hear of it', async () => {
  const { around, published } = staffed({ oncall: [] });
  await reachRole(around, 'sira', 'oncall', TEXT);
  expect(published).toMatchObject([
    ['firebreak-operators', 'P0 SIRA', expect.stringContaining('This was for oncall of sira: nobody has that role now.'), SHORT],
  ]);
});

test('a topic that takes nothing keeps nobody else from being paged', async () => {
  const { around, published } = staffed({ oncall: [ada, grace] }, ['firebreak-sira-ada-lovelace']);
  await reachRole(around, 'sira', 'oncall', TEXT);
  expect(published.map(([topic]) => topic)).toEqual(['firebreak-operators', 'firebreak-sira-grace-hopper']);
  expect(published[0]?.[2]).toContain('This was for Ada Lovelace, oncall of sira');
});
