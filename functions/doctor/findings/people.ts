import { contactsOf } from '../../../runbooks/language/contact.ts';
import { names } from '../../../runbooks/language/names.ts';
import type { Subscriber } from '../../aws/account/topics.ts';
import { awsCli } from '../../aws-cli.ts';
import type { Registry } from '../../surroundings.ts';
import type { Facts, TopicFacts } from '../facts.ts';
import { type Finding, type Severity, spoken } from '../finding.ts';

/** A topic by which people are reached. */
interface Reach {
  topic: string;
  /** Whose it is, as people say it. */
  who: string;
  /** How bad it is that nobody is reached: a role that no page goes to first can wait until morning. */
  silence: Severity;
  /** Addresses of firebreak.json. */
  wanted: readonly string[];
  /** The field of firebreak.json. */
  field: string;
}

/** Whether a page would reach somebody: an address that never confirmed is silent, and so is one that was unsubscribed. */
export function people(facts: Facts, registry: Registry): Finding[] {
  const { topics, place } = facts;
  if (!topics) return [];
  const found = reaches(facts, registry).flatMap((reach) => {
    const topic = topics.find(({ name }) => name === reach.topic);
    return topic ? ofTopic(reach, topic, place.endpoint) : [];
  });
  return [...found, ...signals(topics, names(place.prefix).signalsTopic)];
}

function reaches({ given, place }: Facts, { systems, runbooks }: Registry): Reach[] {
  const named = names(place.prefix);
  const own = { wanted: place.local ? [] : given.operators, field: 'operators', silence: 'error' } as const;
  const paged = new Set(
    systems.flatMap(({ id, firstResponder }) => [
      `${id} ${firstResponder}`,
      ...runbooks.filter(({ system }) => system.id === id).map(({ escalate }) => `${id} ${escalate.to}`),
    ]),
  );
  return [
    { ...own, topic: named.operatorsTopic, who: 'the operators, who hear of Firebreak itself' },
    // Its alarms are what says that Firebreak is dead; local mode dies with the terminal that it runs in.
    ...(place.local ? [] : [{ ...own, topic: named.watchdogTopic, who: "whoever Firebreak's own alarms go to" }]),
    ...systems.flatMap(({ id, title, roles }) =>
      roles.map(
        (role): Reach => ({
          topic: named.contactTopic(id, role.name),
          who: `${title}, ${role.title}`,
          silence: paged.has(`${id} ${role.name}`) ? 'error' : 'warning',
          // Nobody gets mail from local mode: its contacts are those of `system.ts`, and need no address.
          wanted: place.local ? [] : contactsOf(given.systems[id]?.staff[role.name] ?? []).flatMap(({ email }) => email ?? []),
          field: `systems.${id}.contacts.${role.name}`,
        }),
      ),
    ),
  ];
}

function ofTopic(reach: Reach, { arn, subscribers }: TopicFacts, endpoint: string | undefined): Finding[] {
  const where = `${reach.topic} (${reach.who})`;
  const finding = (part: Omit<Finding, 'area' | 'where'>): Finding => ({ area: 'people', where, ...part });
  if (arn === null)
    return [
      finding({
        severity: 'error',
        check: 'topic-missing',
        what: 'there is no such topic.',
        fix: 'Deploy the stack.',
        commands: ['npm run deploy'],
      }),
    ];
  if (!subscribers) return [];
  const confirmed = subscribers.filter((one) => one.arn !== undefined);
  const pending = subscribers.filter((one) => one.arn === undefined);
  const severity = confirmed.length > 0 ? 'warning' : reach.silence;
  const aws = awsCli(endpoint);
  return [
    ...(subscribers.length === 0 ? [finding(nobody(reach, severity))] : []),
    ...pending.map(({ endpoint: address }) =>
      finding({
        severity,
        check: 'subscription-pending',
        what: `${address} has not confirmed its subscription, and gets nothing until then.`,
        fix: 'Ask for the link of the mail "AWS Notification - Subscription Confirmation". Do not open it: give it to the first command. The second sends another mail, when that one is older than two days or gone.',
        commands: ["npm run confirm -- '<the link>'", subscribe(aws, arn, address)],
      }),
    ),
    ...confirmed.filter(({ authenticated }) => authenticated === false).map((one) => finding(openToScanners(one, aws, arn))),
    ...gone(reach, subscribers).map((address) =>
      finding({
        severity,
        check: 'subscription-gone',
        what: `${address} stands in firebreak.json and is not subscribed: it did not confirm within two days, somebody (or a mail scanner) unsubscribed it, or it was not deployed.`,
        fix: 'Subscribe it again (a deployment does not bring back what it made before), then confirm it with npm run confirm.',
        commands: [subscribe(aws, arn, address)],
      }),
    ),
  ];
}

function nobody({ who, field, wanted }: Reach, severity: Severity): Omit<Finding, 'area' | 'where'> {
  const fix = `Put an address into firebreak.json, under ${field}, and deploy; then confirm it with npm run confirm.`;
  const what = `nobody is subscribed: a page to ${who.replace(/, who.*/, '')} reaches no one.`;
  return {
    severity,
    check: 'nobody-subscribed',
    what,
    fix: wanted.length > 0 ? 'See below: an address is given, and not subscribed.' : fix,
  };
}

function openToScanners({ endpoint, arn }: Subscriber, aws: string, topic: string): Omit<Finding, 'area' | 'where'> {
  return {
    severity: 'warning',
    check: 'subscription-open',
    what: `whoever opens the link at the foot of a mail to ${endpoint} unsubscribes it, and mail scanners open links.`,
    fix: 'Subscribe it anew, and confirm it with npm run confirm, not by opening the link. It gets nothing in between.',
    commands: [`${aws} sns unsubscribe --subscription-arn ${arn}`, subscribe(aws, topic, endpoint)],
  };
}

const subscribe = (aws: string, topic: string, address: string) =>
  `${aws} sns subscribe --topic-arn ${topic} --protocol email --notification-endpoint ${address}`;

function gone({ wanted }: Reach, subscribers: readonly Subscriber[]): string[] {
  const here = new Set(subscribers.map(({ endpoint }) => endpoint.toLowerCase()));
  return wanted.filter((address) => !here.has(address.toLowerCase()));
}

/** The signals topic has no people, but the queue. */
function signals(topics: readonly TopicFacts[], name: string): Finding[] {
  const topic = topics.find((one) => one.name === name);
  const deploy = { fix: 'Deploy the stack.', commands: ['npm run deploy'] };
  const finding = (check: string, what: string): Finding[] => [
    { severity: 'error', area: 'alarms', check, where: name, what, ...deploy },
  ];
  if (topic?.arn === null)
    return finding('topic-missing', 'there is no such topic, so what publishes signals to it is not heard.');
  if (!topic?.subscribers || topic.subscribers.some(({ protocol, arn }) => protocol === 'sqs' && arn !== undefined)) return [];
  const others = topic.subscribers.map(({ protocol }) => protocol);
  return finding(
    'signals-unheard',
    `no queue is subscribed${others.length > 0 ? ` (but ${spoken(others)})` : ''}, so no signal arrives.`,
  );
}
