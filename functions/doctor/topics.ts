import { personId, reachedByTopic } from '../../runbooks/language/contact.ts';
import { names } from '../../runbooks/language/names.ts';
import { subscribers, topicArns, whetherAuthenticated } from '../aws/account/topics.ts';
import type { Clients } from '../aws/clients.ts';
import type { Registry } from '../surroundings.ts';
import { type Facts, staffOf, type TopicFacts } from './facts.ts';
import type { Questions } from './questions.ts';

/** The deployment's topics, with who is subscribed to each. */
export async function topicFacts(
  { registry, given, clients }: { registry: Registry; given: Facts['given']; clients: Pick<Clients, 'topics'> },
  questions: Questions,
  configured: Facts['configured'],
): Promise<Facts['topics']> {
  const arns = await questions.ask('sns:ListTopics', 'which topics there are', () => topicArns(clients.topics));
  if (!arns) return undefined;
  const named = names(given.prefix);
  const people = registry.systems.flatMap(({ id }) =>
    reachedByTopic(staffOf({ given, configured }, id)).map(({ name }) => named.contactTopic(id, personId(name))),
  );
  const look = async (name: string): Promise<TopicFacts> => {
    const arn = arns.get(name) ?? null;
    const subscribed =
      arn === null
        ? undefined
        : await questions.ask('sns:ListSubscriptionsByTopic', `who is subscribed to ${name}`, () =>
            subscribers(clients.topics, arn),
          );
    const details = subscribed?.map((one) =>
      questions
        .ask('sns:GetSubscriptionAttributes', `whether a mail scanner can unsubscribe ${one.endpoint} from ${name}`, () =>
          whetherAuthenticated(clients.topics, one),
        )
        .then((answer) => answer ?? one),
    );
    return { name, arn, subscribers: details && (await Promise.all(details)) };
  };
  return await Promise.all([named.signalsTopic, named.operatorsTopic, named.watchdogTopic, ...people].map(look));
}
