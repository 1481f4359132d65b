import * as z from 'zod';
import type { Deployed } from '../../runbooks/language/rights/making.ts';
import { arnsIn } from '../../runbooks/language/rights/statement.ts';
import type { Demand } from './iam.ts';

/** A call of an AWS API, as a function made it. */
export interface Call {
  /** The function's name. */
  of: string;
  service: string;
  operation: string;
  input: unknown;
}

const Text = z.union([z.string(), z.object({ S: z.string() }).transform(({ S }) => S)]);
const Key = z.object({ pk: Text });
const Table = z.object({ TableName: z.string() });
const one = {
  GetItem: Table.extend({ Key }).transform(({ TableName, Key: { pk } }) => ({ TableName, pk })),
  UpdateItem: Table.extend({ Key }).transform(({ TableName, Key: { pk } }) => ({ TableName, pk })),
  PutItem: Table.extend({ Item: Key }).transform(({ TableName, Item: { pk } }) => ({ TableName, pk })),
};
const Query = Table.extend({ IndexName: z.string().optional(), ExpressionAttributeValues: z.object({ ':pk': Text }) });
const BatchGet = z.object({ RequestItems: z.record(z.string(), z.object({ Keys: z.array(Key) })) });
const BatchWrite = z.object({
  RequestItems: z.record(z.string(), z.array(z.object({ PutRequest: z.object({ Item: Key }) }))),
});
const SendCommand = z.object({ DocumentName: z.string(), InstanceIds: z.array(z.string()).min(1) });
/** Actions for which AWS knows no resource. */
const OF_NOTHING = new Set([
  'ssm DescribeInstanceInformation',
  'ssm GetCommandInvocation',
  'ssm CancelCommand',
  'cloudwatch DescribeAlarms',
]);

/**
 * What a call asks IAM for, as AWS' service authorization reference has it.
 * @param tagsOf the tags of an instance, as `key=value`
 * @throws {Error} for a call that nobody has said this of: it is a new one, and its right has to be thought of
 */
export function demands(
  { of: caller, service, operation, input }: Call,
  { place, names, runbooks }: Deployed,
  tagsOf: (instanceId: string) => string[],
): Demand[] {
  const arn = arnsIn(place);
  const of = (resource: string, context: Demand['context'] = {}, action = `${service}:${operation}`): Demand => ({
    action,
    resource,
    context,
  });
  const leading = (table: string, keys: readonly string[]) => [
    of(arn('dynamodb', `table/${table}`), { 'dynamodb:LeadingKeys': keys }),
  ];
  const name = `${service} ${operation}`;
  if (OF_NOTHING.has(name)) return [of('*')];
  switch (name) {
    case 'dynamodb GetItem':
    case 'dynamodb UpdateItem':
    case 'dynamodb PutItem': {
      const { TableName, pk } = one[operation as keyof typeof one].parse(input);
      return leading(TableName, [pk]);
    }
    case 'dynamodb Query': {
      const { TableName, IndexName, ExpressionAttributeValues } = Query.parse(input);
      return leading(IndexName ? `${TableName}/index/${IndexName}` : TableName, [ExpressionAttributeValues[':pk']]);
    }
    case 'dynamodb BatchGetItem':
      return Object.entries(BatchGet.parse(input).RequestItems).flatMap(([table, { Keys }]) =>
        leading(
          table,
          Keys.map(({ pk }) => pk),
        ),
      );
    case 'dynamodb BatchWriteItem':
      return Object.entries(BatchWrite.parse(input).RequestItems).flatMap(([table, puts]) =>
        leading(
          table,
          puts.map(({ PutRequest: { Item } }) => Item.pk),
        ),
      );
    case 'ssm CreateOpsItem':
      return [of('*')];
    case 'ssm UpdateOpsItem':
      return [of(arn('ssm', `opsitem/${z.object({ OpsItemId: z.string() }).parse(input).OpsItemId}`))];
    case 'ssm SendCommand': {
      const { DocumentName, InstanceIds } = SendCommand.parse(input);
      // Deployed, the name ends in the content's hash: local mode's has none.
      const document = of(arn('ssm', `document/${DocumentName}-0a1b2c3d`));
      return [document, ...InstanceIds.map((id) => of(arn('ec2', `instance/${id}`), tagContext(tagsOf(id))))];
    }
    case 'states StartExecution':
      return [of(z.object({ stateMachineArn: z.string() }).parse(input).stateMachineArn)];
    case 'states SendTaskSuccess': {
      // A token does not say whose it is: a runbook's function answers its own machine, any other may have to answer each.
      const own = runbooks.filter(({ id }) => names.stepFunction(id) === caller);
      return (own.length > 0 ? own : runbooks).map(({ id }) => of(arn('states', `stateMachine:${names.stateMachine(id)}`)));
    }
    case 'states DescribeExecution':
      return [of(z.object({ executionArn: z.string() }).parse(input).executionArn)];
    case 'sns Publish':
    case 'sns ListSubscriptionsByTopic':
      return [of(z.object({ TopicArn: z.string() }).parse(input).TopicArn)];
    case 'events PutEvents': {
      const { Entries } = z.object({ Entries: z.array(z.object({ EventBusName: z.string() })) }).parse(input);
      return Entries.map(({ EventBusName }) => of(arn('events', `event-bus/${EventBusName}`)));
    }
    case 'ssm GetParameter':
      return [of(arn('ssm', `parameter${z.object({ Name: z.string() }).parse(input).Name}`))];
    case 'lambda Invoke':
      return [
        of(
          arn('lambda', `function:${z.object({ FunctionName: z.string() }).parse(input).FunctionName}`),
          {},
          'lambda:InvokeFunction',
        ),
      ];
    case 'sqs GetQueueUrl':
      return [of(arn('sqs', z.object({ QueueName: z.string() }).parse(input).QueueName))];
    case 'sqs GetQueueAttributes':
      return [of(arn('sqs', z.object({ QueueUrl: z.string() }).parse(input).QueueUrl.replace(/^.*\//, '')))];
    case 'eks DescribeCluster':
      return [of(arn('eks', `cluster/${z.object({ name: z.string() }).parse(input).name}`))];
    case 'cloudwatch PutMetricData':
      return [of('*', { 'cloudwatch:namespace': [z.object({ Namespace: z.string() }).parse(input).Namespace] })];
    default:
      throw new Error(`${name}: nobody has said which right of ${names.prefix} this needs`);
  }
}

function tagContext(tags: readonly string[]): Demand['context'] {
  return Object.fromEntries(
    tags.map((tag) => [`ssm:resourceTag/${tag.slice(0, tag.indexOf('='))}`, [tag.slice(tag.indexOf('=') + 1)]]),
  );
}
