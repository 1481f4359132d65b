import { type Contact, peopleIn, personId } from '../../../runbooks/language/contact.ts';
import { names } from '../../../runbooks/language/names.ts';
import type { Subscriber } from '../../aws/account/topics.ts';
import { awsCli } from '../../aws-cli.ts';
import type { Registry } from '../../surroundings.ts';
import { type Facts, staffOf, type TopicFacts } from '../facts.ts';
import { type Finding, type Severity, spoken } from '../finding.ts';
import { isPagedFirst } from './staff.ts';

/** An address or a number, as SNS subscribes it. */
interface Way {
  protocol: 'email' | 'sms';
  endpoint: string;
}

/** A topic by which people are reached. */
interface Reach {
  topic: string;
  /** Whose it is, as people say it. */
  who: string;
  /** How bad it is that nobody is reached: a role that no page goes to first can wait until morning. */
  silence: Severity;
  /** As firebreak.json gives it. */
  wanted: readonly Way[];
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

function reaches(facts: Facts, { systems, runbooks }: Registry): Reach[] {
  const { given, place } = facts;
  const named = names(place.prefix);
  const operators = given.operators.map((endpoint): Way => ({ protocol: 'email', endpoint }));
  const own = { wanted: place.local ? [] : operators, field: 'operators', silence: 'error' } as const;
  return [
    { ...own, topic: named.operatorsTopic, who: 'the operators, who hear of Firebreak itself' },
    // Its alarms are what says that Firebreak is dead; local mode dies with the terminal that it runs in.
    ...(place.local ? [] : [{ ...own, topic: named.watchdogTopic, who: "whoever Firebreak's own alarms go to" }]),
    ...systems.flatMap((system) =>
      peopleIn(staffOf(facts, system.id)).flatMap(({ contact, roles }): Reach[] => {
        const wanted = waysTo(contact);
        if (wanted.length === 0) return [];
        const titles = system.roles.filter(({ name }) => roles.includes(name)).map(({ title }) => title);
        return [
          {
            topic: named.contactTopic(system.id, personId(contact.name)),
            who: `${system.title}, ${contact.name}: ${spoken(titles)}`,
            silence: roles.some((role) => isPagedFirst(system, role, runbooks)) ? 'error' : 'warning',
            wanted,
            field: `systems.${system.id}.contacts.${roles[0]}`,
          },
        ];
      }),
    ),
  ];
}

const waysTo = ({ email, sms }: Contact): Way[] => [
  ...(email === undefined ? [] : [{ protocol: 'email' as const, endpoint: email }]),
  ...(sms === undefined ? [] : [{ protocol: 'sms' as const, endpoint: sms }]),
];

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
    ...pending.map((way) =>
      finding({
        severity,
        check: 'subscription-pending',
        what: `${way.endpoint} has not confirmed its subscription, and gets nothing until then.`,
        fix: 'Ask for the link of the mail "AWS Notification - Subscription Confirmation". Do not open it: give it to the first command. The second sends another mail, when that one is older than two days or gone.',
        commands: ["npm run confirm -- '<the link>'", subscribe(aws, arn, way)],
      }),
    ),
    ...confirmed.filter(({ authenticated }) => authenticated === false).map((one) => finding(openToScanners(one, aws, arn))),
    ...gone(reach, subscribers).map((way) =>
      finding({
        severity,
        check: 'subscription-gone',
        what: `${way.endpoint} stands in firebreak.json and is not subscribed: it did not confirm within two days, somebody (or a mail scanner) unsubscribed it, or it was not deployed.`,
        fix: 'Subscribe it again (a deployment does not bring back what it made before), then confirm it with npm run confirm.',
        commands: [subscribe(aws, arn, way)],
      }),
    ),
  ];
}

function nobody({ who, field, wanted }: Reach, severity: Severity): Omit<Finding, 'area' | 'where'> {
  const fix = `Put an address into firebreak.json, under ${field}, and deploy; then confirm it with npm run confirm.`;
  const what = `nobody is subscribed: a page to ${who.replace(/, who .*/, '')} reaches no one.`;
  return {
    severity,
    check: 'nobody-subscribed',
    what,
    fix: wanted.length > 0 ? 'See below: an address is given, and not subscribed.' : fix,
  };
}

function openToScanners({ protocol, endpoint, arn }: Subscriber, aws: string, topic: string): Omit<Finding, 'area' | 'where'> {
  return {
    severity: 'warning',
    check: 'subscription-open',
    what: `whoever opens the link at the foot of a mail to ${endpoint} unsubscribes it, and mail scanners open links.`,
    fix: 'Subscribe it anew, and confirm it with npm run confirm, not by opening the link. It gets nothing in between.',
    commands: [`${aws} sns unsubscribe --subscription-arn ${arn}`, subscribe(aws, topic, { protocol, endpoint })],
  };
}

const subscribe = (aws: string, topic: string, { protocol, endpoint }: Pick<Subscriber, 'protocol' | 'endpoint'>) =>
  `${aws} sns subscribe --topic-arn ${topic} --protocol ${protocol} --notification-endpoint ${endpoint}`;

function gone({ wanted }: Reach, subscribers: readonly Subscriber[]): Way[] {
  const here = new Set(subscribers.map(({ endpoint }) => endpoint.toLowerCase()));
  return wanted.filter(({ endpoint }) => !here.has(endpoint.toLowerCase()));
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
