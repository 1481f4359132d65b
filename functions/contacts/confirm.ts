import { names } from '../../runbooks/language/names.ts';
import { type Refusal, refusalOf } from '../aws/account/refusal.ts';
import { confirmSubscription, type Subscriber, subscriberOf, subscribers, topicArns } from '../aws/account/topics.ts';
import type { Clients } from '../aws/clients.ts';
import { awsCli } from '../aws-cli.ts';
import type { Registry } from '../surroundings.ts';
import type { Confirmation } from './link.ts';

/** A topic of people, with who is subscribed to it. */
export interface Contact {
  topic: string;
  arn: string;
  subscribers: readonly Subscriber[];
}

export interface Confirmed {
  /** Who is reached from now on. */
  subscriber: Subscriber;
  contact: Contact;
  /** The deployment's other topics on which somebody has still to confirm. */
  waiting: readonly Contact[];
}

/** It was not confirmed, or not so that only the account can take it back: why, and what to do, for the person who tried. */
export class NotConfirmed extends Error {
  override name = 'NotConfirmed';
}

export interface Deps {
  clients: Pick<Clients, 'topics'>;
  registry: Pick<Registry, 'systems'>;
  prefix: string;
  /** Of `AWS_ENDPOINT_URL`, for the commands that are proposed. */
  endpoint?: string | undefined;
}

/**
 * Confirms a subscription so that only the account can unsubscribe it: a mail scanner that opens the link at the foot of a page
 * can't. Only on a topic of this deployment: whoever can make somebody confirm another one could read along.
 *
 * @param given its `topicArn` may also be the topic's name; without it, there must be one topic that waits
 * @throws {NotConfirmed}
 */
export async function confirm(deps: Deps, given: Confirmation): Promise<Confirmed> {
  const { topics } = deps.clients;
  const contacts = await all(deps);
  if (contacts.length === 0) throw new NotConfirmed(absent(deps.prefix));
  const contact = given.topicArn === undefined ? onlyWaiting(contacts) : ofDeployment(contacts, given.topicArn);
  const arn = await answered('sns:ConfirmSubscription', () => confirmSubscription(topics, contact.arn, given.token)).catch(
    (error: unknown) => {
      throw isInvalid(error) ? new NotConfirmed(expired(contact, awsCli(deps.endpoint))) : error;
    },
  );
  const after = await all(deps);
  const subscriber = await answered('sns:GetSubscriptionAttributes', () => subscriberOf(topics, arn));
  if (!subscriber.authenticated) throw new NotConfirmed(opened(contact, subscriber, awsCli(deps.endpoint)));
  const others = (after.find(({ topic }) => topic === contact.topic) ?? contact).subscribers.filter(
    (one) => one.arn !== arn && (one.arn !== undefined || one.endpoint !== subscriber.endpoint),
  );
  return {
    subscriber,
    contact: { ...contact, subscribers: [subscriber, ...others] },
    waiting: after.filter((one) => one.topic !== contact.topic && waits(one)),
  };
}

function absent(prefix: string): string {
  return `There is no deployment with the prefix ${prefix} here: see AWS_PROFILE, AWS_REGION and the prefix in firebreak.json.`;
}

const waits = ({ subscribers }: Contact) => subscribers.some(({ arn }) => arn === undefined);

/** Every topic of the deployment that has people behind it. Those of a system's people begin with its name, and no other topic does. */
async function all({ clients: { topics }, registry, prefix }: Deps): Promise<Contact[]> {
  const named = names(prefix);
  const people = registry.systems.map(({ id }) => named.contactTopic(id, ''));
  const arns = await answered('sns:ListTopics', () => topicArns(topics));
  const ours = [...arns].filter(
    ([topic]) =>
      topic === named.operatorsTopic || topic === named.watchdogTopic || people.some((beginning) => topic.startsWith(beginning)),
  );
  const found = ours.map(async ([topic, arn]): Promise<Contact> => {
    return { topic, arn, subscribers: await answered('sns:ListSubscriptionsByTopic', () => subscribers(topics, arn)) };
  });
  return await Promise.all(found);
}

function ofDeployment(contacts: readonly Contact[], wanted: string): Contact {
  const found = contacts.find(({ arn, topic }) => arn === wanted || topic === wanted);
  if (found) return found;
  const has = contacts.map(({ topic }) => topic).join(', ');
  throw new NotConfirmed(
    `${wanted} is no topic of this deployment. Its topics are in ${placeOf(contacts)}: ${has}.\nIf the link is of another account or region, set AWS_PROFILE and AWS_REGION. If nobody knows it, it is not to be confirmed.`,
  );
}

const placeOf = ([first]: readonly Contact[]) => {
  const [, , , region = '', account = ''] = first?.arn.split(':') ?? [];
  return `${account}, ${region}`;
};

function onlyWaiting(contacts: readonly Contact[]): Contact {
  const [first, ...more] = contacts.filter(waits);
  if (!first) throw new NotConfirmed('No subscription of this deployment waits to be confirmed.');
  if (more.length === 0) return first;
  const which = [first, ...more].map(({ topic }) => topic).join(', ');
  throw new NotConfirmed(
    `A token does not say of which topic it is, and several wait: give the whole link, or --topic with one of ${which}.`,
  );
}

function expired({ topic, arn, subscribers }: Contact, aws: string): string {
  const waiting = subscribers.find((one) => one.arn === undefined);
  const address = waiting?.endpoint ?? '<address>';
  return `SNS does not take this token for ${topic}: it is another topic's, it was used already, or it is older than two days.\nFor a new mail: ${aws} sns subscribe --topic-arn ${arn} --protocol email --notification-endpoint ${address}`;
}

function opened({ topic, arn }: Contact, { endpoint, arn: subscription = '' }: Subscriber, aws: string): string {
  return `${endpoint} on ${topic} is confirmed, but whoever opens the link at the foot of a mail can unsubscribe it: somebody opened the link of the confirmation first.\nSubscribe it anew, then give the new link to this command:\n${aws} sns unsubscribe --subscription-arn ${subscription}\n${aws} sns subscribe --topic-arn ${arn} --protocol email --notification-endpoint ${endpoint}`;
}

/** SNS refuses every bad token alike. */
const isInvalid = (error: unknown) => error instanceof Error && /^InvalidParameter/.test(error.name);

async function answered<T>(permission: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (isInvalid(error)) throw error;
    throw new NotConfirmed(refused(permission, refusalOf(error)));
  }
}

function refused(permission: string, { kind, why }: Refusal): string {
  if (kind === 'denied') return `You may not do this: allow ${permission} (${why})`;
  if (kind === 'no-credentials') return `AWS does not know who asks: sign in, and set AWS_REGION (${why})`;
  if (kind === 'unreachable') return `Nothing answers: see AWS_ENDPOINT_URL, and the network (${why})`;
  return `${permission} failed: ${why}`;
}
