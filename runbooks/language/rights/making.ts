import type { Runbook } from '../definition.ts';
import type { Names } from '../names.ts';
import type { Workspace } from '../prometheus.ts';
import type { System } from '../system.ts';
import type { ArnOf, Place, Rights, Statement } from './statement.ts';

/** Partitions of the table, as `dynamodb:LeadingKeys` takes them: with `*` where the rest may be anything. */
export interface TableKeys {
  incidents: string;
  claims: (system: string) => string;
  lock: (system: string) => string;
  breakers: (system: string) => string;
  mode: (scope: string) => string;
  maintenance: (system: string) => string;
  /** When a person was last sent something, by their topic. */
  pace: (topic: string) => string;
  tokens: string;
  /** The index, and its partitions. */
  index: string;
  open: string;
  past: string;
  opening: string;
  held: string;
  aside: string;
  debts: string;
  /** Pages that wait for their second. */
  waiting: string;
  sent: string;
  reviews: string;
  finishedReviews: string;
}

/** What the rights are derived from. */
export interface Deployed {
  names: Names;
  place: Place;
  keys: TableKeys;
  systems: readonly System[];
  runbooks: readonly Runbook[];
  /** The tag that a system's hosts carry, as `key=value`, by system. A system without hosts has none, and no right to any. */
  hostTags: Readonly<Record<string, string>>;
  /** The cluster of Amazon EKS that a system's cluster steps go to, by system. */
  clusters: Readonly<Record<string, string>>;
  /** Where the impact of a system's incidents is measured, if it is Amazon's Prometheus, by system. */
  workspaces?: Readonly<Record<string, Workspace>>;
  /** The parameters that hold keys of people's services of PagerDuty, by system, and the one that proves its webhooks. */
  pagerduty?: { keys: Readonly<Record<string, readonly string[]>>; webhookSecret?: string | undefined };
  /** The key that encrypts the topics, if there is one. */
  topicKeyArn?: string;
  /** Whether the functions run in a VPC. */
  inVpc: boolean;
}

export const READ = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
export const WRITE = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:BatchWriteItem'];

/** What every statement is made with. */
export interface Making extends Deployed {
  arn: ArnOf;
}

/** What every function needs, and then its own. */
export function rights(making: Making, of: string, about: string, statements: Statement[]): Rights {
  const { arn, topicKeyArn, inVpc } = making;
  const publishes = statements.some(({ actions }) => actions.includes('sns:Publish'));
  return {
    of,
    about,
    statements: [
      ...statements,
      ...pagerdutyKeys(making, statements),
      ...(topicKeyArn && publishes
        ? [
            {
              sid: 'EncryptPages',
              actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
              resources: [topicKeyArn],
              why: 'SNS encrypts with the publisher’s right to the key.',
            },
          ]
        : []),
      ...(inVpc ? [NETWORK] : []),
      {
        sid: 'Log',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [arn('logs', `log-group:/aws/lambda/${of}:*`)],
        why: 'Writes its own log. The star stands for the streams of its own log group, which Lambda names.',
      },
    ],
  };
}

/** Who may page people of a system may read the keys of their services of PagerDuty: a page goes out by all ways that there are. */
function pagerdutyKeys({ names, arn, pagerduty }: Making, statements: readonly Statement[]): Statement[] {
  const topics = statements.flatMap(({ actions, resources }) => (actions.includes('sns:Publish') ? resources : []));
  const keys = Object.entries(pagerduty?.keys ?? {}).flatMap(([system, own]) =>
    topics.some((topic) => topic.startsWith(arn('sns', names.contactTopic(system, '')))) ? own : [],
  );
  return keys.length > 0
    ? [secrets(arn, 'ReadPagerdutyKeys', keys, 'Reads the keys of the services of PagerDuty that it alerts, each by its name.')]
    : [];
}

/** What proves that a webhook is PagerDuty's; no statement where none is taken. */
export function pagerdutyWebhook({ arn, pagerduty }: Making): Statement[] {
  const name = pagerduty?.webhookSecret;
  return name ? [secrets(arn, 'ReadWebhookSecret', [name], 'Checks by it that a webhook is PagerDuty’s own.')] : [];
}

const secrets = (arn: ArnOf, sid: string, names: readonly string[], why: string): Statement => ({
  sid,
  actions: ['ssm:GetParameter'],
  resources: [...new Set(names)].sort().map((name) => arn('ssm', `parameter${name}`)),
  why,
});

/** Lambda checks this right when the function is made, before there is any interface that a policy could name. */
const NETWORK: Statement = {
  sid: 'JoinNetwork',
  actions: [
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ],
  resources: ['*'],
  why: 'Lambda joins the VPC in the function’s name. It checks the right when the function is made, before there is an interface that could be named.',
};

export function tableStatement(
  { names, arn }: Making,
  sid: string,
  actions: readonly string[],
  leading: readonly string[],
  why: string,
): Statement {
  return {
    sid,
    actions,
    resources: [arn('dynamodb', `table/${names.table}`)],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': leading } },
    why,
  };
}

export function indexStatement({ names, arn, keys }: Making, leading: readonly string[], why: string): Statement {
  return {
    sid: 'ReadIndex',
    actions: ['dynamodb:Query'],
    resources: [arn('dynamodb', `table/${names.table}/index/${keys.index}`)],
    conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': leading } },
    why,
  };
}

export function publish({ arn }: Making, sid: string, topics: readonly string[], why: string): Statement {
  return { sid, actions: ['sns:Publish'], resources: topics.map((topic) => arn('sns', topic)), why };
}

/** To ask the Prometheus of these systems, where it is Amazon's; no statement where none is. */
export function measure({ workspaces = {}, place }: Making, systems: readonly Pick<System, 'id'>[]): Statement[] {
  const asked = systems.flatMap(({ id }) => workspaces[id] ?? []);
  if (asked.length === 0) return [];
  const { partition, account } = place;
  // The region is the workspace's own: one Prometheus can serve several regions.
  return [
    {
      sid: 'MeasureImpact',
      actions: ['aps:QueryMetrics'],
      resources: asked.map(({ region, id }) => `arn:${partition}:aps:${region}:${account}:workspace/${id}`),
      why: 'Asks for the rates of errors and requests when an incident begins. It can read what is in the workspace, and write nothing.',
    },
  ];
}

/** To put domain events onto the bus. */
export function announces({ names, arn }: Making): Statement {
  return {
    sid: 'Announce',
    actions: ['events:PutEvents'],
    resources: [arn('events', `event-bus/${names.eventBus}`)],
    why: 'Tells integrations what has happened, on its own bus.',
  };
}

export function start({ names, arn, runbooks }: Making, why: string): Statement {
  return {
    sid: 'StartRuns',
    actions: ['states:StartExecution'],
    resources: runbooks.map(({ id }) => arn('states', `stateMachine:${names.stateMachine(id)}`)),
    why,
  };
}

/** The ladder of an incident is climbed by a machine of its own: whoever begins one, or makes its next page due sooner, starts it. */
export function climb(
  { names, arn }: Making,
  why = 'Lets the ladder of an incident be climbed: that machine pages, and this function does not.',
): Statement {
  return {
    sid: 'StartLadder',
    actions: ['states:StartExecution'],
    resources: [arn('states', `stateMachine:${names.escalationMachine}`)],
    why,
  };
}

/** Tickets of incidents, in OpsCenter. */
export function tickets({ arn }: Making): Statement[] {
  return [
    {
      sid: 'WriteTickets',
      actions: ['ssm:CreateOpsItem'],
      resources: ['*'],
      why: 'Writes the ticket of a rung that is one. An OpsItem has no name before it is made.',
    },
    {
      sid: 'CloseTickets',
      actions: ['ssm:UpdateOpsItem'],
      resources: [arn('ssm', 'opsitem/*')],
      why: "Closes a ticket when its incident is over. An OpsItem's id is Systems Manager's own, so it can not be limited to those of Firebreak.",
    },
  ];
}

export function answer({ names, arn, runbooks }: Making, why: string): Statement {
  return {
    sid: 'Answer',
    actions: ['states:SendTaskSuccess'],
    resources: runbooks.map(({ id }) => arn('states', `stateMachine:${names.stateMachine(id)}`)),
    why,
  };
}

/** The keys by which whoever pages people of these systems sees to it that nobody is sent two mails in a second. */
export const pacing = ({ names, keys }: Making, systems: readonly Pick<System, 'id'>[]): string[] =>
  systems.map(({ id }) => keys.pace(names.contactTopic(id, '*')));

/**
 * To page the people of these systems, and the operators. All people of a system, by the beginning of their topics' names, which no
 * other topic has.
 */
export function page(making: Making, why: string, systems: readonly Pick<System, 'id'>[] = making.systems): Statement {
  const { names } = making;
  return publish(
    making,
    'Page',
    [...systems.map(({ id }) => names.contactTopic(id, '*')), names.operatorsTopic],
    `${why} All people of a system, and no other topic is called so: which of them has a role is configuration, and changes with a rotation's turn.`,
  );
}
