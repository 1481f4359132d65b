import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { OPEN_INDEX } from '../functions/incident/table.ts';
import { EVENTS_LOST, type Names } from '../runbooks/language/names.ts';
import { count, lossAlarm } from './alarms.ts';
import type { Topics } from './topics.ts';

/** What the functions call: of each, DynamoDB counts its own errors. */
const OPERATIONS = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'BatchWriteItem'];
const TOPICS_AN_ALARM = 10;

/** Alarms on what all functions share: the table, and the topics that reach people. */
export class LossAlarms extends Construct {
  constructor(scope: Construct, id: string, names: Names, topics: Topics) {
    super(scope, id);
    const { operators, watchdog, contacts } = topics;
    lossAlarm(this, 'Table', {
      name: names.ownAlarm('table'),
      about: `The table ${names.table} throttles or fails: claims, steps and pages are tried again, and may be late.`,
      counts: ofTable(names.table),
      to: watchdog,
    });
    lossAlarm(this, 'Events', {
      name: names.ownAlarm('events'),
      about: `The bus ${names.eventBus} did not take an event: an integration such as chat has missed it. The incident has it, and pages do not need it.`,
      counts: [count(EVENTS_LOST.namespace, EVENTS_LOST.metric, { [EVENTS_LOST.dimension]: names.prefix })],
      to: watchdog,
    });
    for (const [system, own] of Object.entries(contacts))
      for (let at = 0; at < own.length; at += TOPICS_AN_ALARM) {
        const name = names.ownAlarm(`pages-${system}${at > 0 ? `-${at / TOPICS_AN_ALARM + 1}` : ''}`);
        this.pages(`Pages-${system}-${at}`, name, own.slice(at, at + TOPICS_AN_ALARM), watchdog);
      }
    this.pages('PagesOperators', names.ownAlarm('pages-operators'), [operators], watchdog);
    // The other way round: an alarm about the watchdog's topic would not come through it.
    this.pages('PagesWatchdog', names.ownAlarm('pages-watchdog'), [watchdog], operators);
  }

  private pages(id: string, name: string, topics: readonly Topic[], to: ITopic): void {
    lossAlarm(this, id, {
      name,
      about: `A page was taken and not delivered, by one of ${topics.map(({ node }) => node.id).join(', ')}: look whether its addresses are still right, and tell the person yourself.`,
      counts: topics.map(({ topicName }) => count('AWS/SNS', 'NumberOfNotificationsFailed', { TopicName: topicName })),
      to,
    });
  }
}

function ofTable(TableName: string): Metric[] {
  const throttled = (dimensions: Record<string, string>) =>
    ['ReadThrottleEvents', 'WriteThrottleEvents'].map((metric) => count('AWS/DynamoDB', metric, dimensions));
  return [
    ...throttled({ TableName }),
    ...throttled({ TableName, GlobalSecondaryIndexName: OPEN_INDEX }),
    ...OPERATIONS.map((Operation) => count('AWS/DynamoDB', 'SystemErrors', { TableName, Operation })),
  ];
}
