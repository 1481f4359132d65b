import { Aws } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type ITopicSubscription, SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, SmsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { type Contact, personId, reachedByTopic } from '../runbooks/language/contact.ts';
import type { Deployment } from '../runbooks/language/deployment.ts';
import type { Names } from '../runbooks/language/names.ts';
import { QUIET } from '../runbooks/language/quiet.ts';
import type { System } from '../runbooks/language/system.ts';
import { acknowledge } from './rules.ts';

export interface TopicsProps {
  names: Names;
  systems: readonly System[];
  deployment: Deployment;
  key: IKey | undefined;
}

/**
 * The topics through which people are reached. Each person has one for each system that they have a role in, with the addresses that
 * were given and no others: the placeholders of `system.ts` are nobody's.
 */
export class Topics extends Construct {
  /** Pages about Firebreak itself. */
  readonly operators: Topic;
  /** Firebreak's own alarms: a topic of its own, so that what keeps pages from being sent does not keep the alarm about it. */
  readonly watchdog: Topic;
  /** The topics of people, by system. */
  readonly contacts: Readonly<Record<string, readonly Topic[]>>;
  constructor(scope: Construct, id: string, { names, systems, deployment, key }: TopicsProps) {
    super(scope, id);
    const topic = (name: string, title: string, subscriptions: readonly ITopicSubscription[]) => {
      const made = topicOf(this, name, title, key);
      for (const subscription of subscriptions) made.addSubscription(subscription);
      acknowledge(made, {
        'Serverless-SNSRedrivePolicy':
          'A page that was not delivered is an alarm to other people at once; as a dead letter it would wait for a reader.',
      });
      return made;
    };
    const operators = () => [...new Set(deployment.operators)].map((address) => new EmailSubscription(address));
    this.operators = topic(names.operatorsTopic, 'Firebreak', operators());
    this.watchdog = topic(names.watchdogTopic, 'Firebreak watchdog', operators());
    const people = (system: System) =>
      reachedByTopic(deployment.systems[system.id]?.staff ?? {}).map((contact) =>
        topic(
          names.contactTopic(system.id, personId(contact.name)),
          `${system.title}: ${contact.name}`,
          subscriptionsOf(contact),
        ),
      );
    this.contacts = Object.fromEntries(systems.map((system) => [system.id, people(system)]));
    for (const one of [this.operators, this.watchdog]) allowService(one, 'CloudWatch', 'cloudwatch.amazonaws.com');
  }
}

const subscriptionsOf = ({ email, sms }: Contact): ITopicSubscription[] => [
  ...(email === undefined ? [] : [new EmailSubscription(email)]),
  ...(sms === undefined ? [] : [new SmsSubscription(sms, { filterPolicy: { [QUIET]: SubscriptionFilter.notExistsFilter() } })]),
];

/** A topic that refuses what is not encrypted on its way. At rest it is encrypted by the deployment's own key, or by none. */
export function topicOf(scope: Construct, name: string, title: string, key: IKey | undefined): Topic {
  // AWS' own key for SNS can't be used by CloudWatch: an alarm's action would fail, and nobody would hear of it.
  return new Topic(scope, name, { topicName: name, displayName: title, enforceSSL: true, ...(key && { masterKey: key }) });
}

/** A service of AWS publishes in its own name: it needs the topic's leave, and has it on behalf of this account only. */
export function allowService(topic: Topic, sid: string, service: string, actions = ['sns:Publish']): void {
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid,
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal(service)],
      actions,
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  );
}
