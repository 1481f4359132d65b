import { ListSubscriptionsByTopicCommand, SNSClient, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import { expect, it } from 'vitest';
import { acknowledge } from '../../functions/console/commands/acknowledge.ts';
import { declare } from '../../functions/console/commands/declare.ts';
import { topicOf } from '../../functions/escalate/people.ts';
import { watch } from '../../functions/watch/watch.ts';
import { contactsOf } from '../../runbooks/language/contact.ts';
import type { Whole } from '../local/whole.ts';
import { leaveOneFile } from './leave-one-file.ts';
import { heartbeat, pass, round, withRunbook } from './watching.ts';

/** The topic of whoever has a role. */
function topicArn(system: Whole, role: string): string {
  const [contact] = contactsOf(system.around.config.staffOf('sira')[role] ?? []);
  if (!contact) throw new Error(`nobody is ${role}`);
  const { region, account } = system.around.config;
  return `arn:aws:sns:${region}:${account}:${topicOf(system.around, 'sira', contact)}`;
}

/** Whoever has a role has not confirmed: their address waits for it, and gets nothing. */
async function unconfirmed(system: Whole, ...roles: string[]): Promise<void> {
  const sns = new SNSClient({});
  for (const role of roles) {
    const TopicArn = topicArn(system, role);
    const { Subscriptions = [] } = await system.clock.during(sns.send(new ListSubscriptionsByTopicCommand({ TopicArn })));
    for (const { SubscriptionArn } of Subscriptions)
      await system.clock.during(sns.send(new UnsubscribeCommand({ SubscriptionArn })));
    const Endpoint = 'new@example.com';
    await system.clock.during(sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint })));
  }
}

const opened = async (...silent: string[]) => {
  const system = await withRunbook(leaveOneFile('one', 'APIDown'));
  await unconfirmed(system, ...silent);
  const given = { system: 'sira', title: 'It is slow', severity: 'P0', by: 'Ada' };
  await system.clock.during(declare(system.around)(given, 'request'));
  await system.until(async () => (await sent(system)).length > 0);
  await pass(system, 1_000);
  return system;
};
/** The roles that were paged by the ladder, whether or not it reached them, in order. */
const sent = async (system: Whole) => {
  const [incident] = await system.incidents();
  const pages = incident ? await system.around.store.people.pages(incident.id) : [];
  return pages.filter(({ rungs, sentAt, by }) => rungs.length > 0 && sentAt && by === 'page').map(({ role }) => role);
};
const told = (system: Whole) => system.aws.inbox().filter(({ subject }) => subject.startsWith('Firebreak: no page reaches'));

it('a page that went to where nobody has confirmed pages the next one at once; the operators hear of it once', async () => {
  const system = await opened('oncall');
  const before = await sent(system);
  const watching = watch(system.around);
  const { id } = await system.incident();
  const mended = await round(system, watching);
  expect(mended).toEqual([expect.stringContaining(`found that the page of ${id} to`)]);
  expect((await sent(system)).length).toBeGreaterThan(before.length);
  const pages = await system.around.store.people.pages(id);
  expect(pages.filter(({ undelivered }) => undelivered).map(({ role }) => role)).toEqual(['oncall']);
  const notes = (await system.around.store.incidents.timeline(id)).flatMap((one) => (one.type === 'note' ? [one.text] : []));
  expect(notes).toEqual([expect.stringContaining('reached nobody: no address of theirs is confirmed')]);
  expect(told(system)).toMatchObject([{ role: 'operators', message: expect.stringContaining('npm run confirm') }]);
  expect(heartbeat(system), 'to have told is a clean round').toBeDefined();

  expect(await round(system, watching), 'once').toEqual([]);
  expect(told(system)).toHaveLength(1);
});

it('the one after them is asked about in the same round', async () => {
  const system = await opened('oncall', 'lead');
  await round(system);
  const pages = await system.around.store.people.pages((await system.incident()).id);
  expect(pages.filter(({ undelivered }) => undelivered).map(({ role }) => role)).toEqual(['oncall', 'lead']);
  const reached = pages.filter(({ rungs, undelivered, by }) => rungs.length > 0 && by === 'page' && !undelivered);
  expect(reached.length).toBeGreaterThan(0);
});

it('who has acknowledged it meanwhile is let alone, and so is everybody else', async () => {
  const system = await opened('oncall');
  const { id } = await system.incident();
  await system.clock.during(acknowledge(system.around)(id, { by: 'Ada', reason: '' }));
  const before = await sent(system);
  expect(await round(system)).toEqual([]);
  expect(await sent(system)).toEqual(before);
});
