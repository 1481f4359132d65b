import { createHash } from 'node:crypto';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { configuration } from '../../functions/configuration.ts';
import { TABLE_SHAPE } from '../../functions/incident/table.ts';
import { RECEIVES, VISIBILITY_SECONDS } from '../../infra/signals.ts';
import { documentContent } from '../../runbooks/commands/document.ts';
import { commandsOf } from '../../runbooks/language/commands-of.ts';
import { compile } from '../../runbooks/language/compile.ts';
import { names } from '../../runbooks/language/names.ts';
import { TELEPHONE_FILTER } from '../../runbooks/language/quiet.ts';
import { registry } from '../../runbooks/registry.ts';
import { GIVEN, type Given, synthesised } from './synthesised.ts';

const Resource = z.looseObject({
  Type: z.string(),
  Condition: z.string().optional(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});
type Resource = z.output<typeof Resource>;
const of = (template: Template, type: string) =>
  Object.entries(template.findResources(type)).map(([id, resource]): [string, Resource] => [id, Resource.parse(resource)]);
const named = (template: Template, type: string, property: string, name: string) => {
  const found = of(template, type).find(([, { Properties }]) => Properties[property] === name);
  if (!found) throw new Error(`there is no ${type} ${name}`);
  return { id: found[0], ...found[1] };
};
const alarm = (template: Template, name: string) => named(template, 'AWS::CloudWatch::Alarm', 'AlarmName', name);
const text = (value: unknown) => JSON.stringify(value);
const { template, documents } = synthesised('example');
const everything = synthesised('everything');
const our = names();

describe('the table', () => {
  it('outlives the stack, can’t be deleted by accident, and can be had as it was', () => {
    const [, table] = of(template, 'AWS::DynamoDB::Table')[0] ?? [];
    expect(table).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        TableName: our.table,
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        ...TABLE_SHAPE,
      },
    });
    expect(table?.Properties).not.toHaveProperty('TimeToLiveSpecification');
  });
});

describe('signals', () => {
  const queue = named(template, 'AWS::SQS::Queue', 'QueueName', our.signalsQueue);
  const dead = named(template, 'AWS::SQS::Queue', 'QueueName', our.deadLetters);

  it('that nobody can handle reach a person within three minutes', () => {
    const { Properties } = alarm(template, 'firebreak-dead-letters');
    expect(Properties).toMatchObject({ Period: 60, EvaluationPeriods: 1, Threshold: 1, Statistic: 'Maximum' });
    expect(Properties.Dimensions).toEqual([{ Name: 'QueueName', Value: { 'Fn::GetAtt': [dead.id, 'QueueName'] } }]);
    // All tries, the minute of the metric, and the minute in which the alarm looks at it.
    expect(VISIBILITY_SECONDS * RECEIVES + 60 + 60).toBeLessThanOrEqual(180);
    expect(queue.Properties).toMatchObject({
      VisibilityTimeout: VISIBILITY_SECONDS,
      RedrivePolicy: { maxReceiveCount: RECEIVES, deadLetterTargetArn: { 'Fn::GetAtt': [dead.id, 'Arn'] } },
    });
    // A metric that had fallen asleep would be a quarter of an hour late: the auditor asks for it every round.
    expect(text(template.toJSON())).toContain('sqs:GetQueueAttributes');
  });

  it('are taken by a function that is over before a message is given out again, and one by one', () => {
    expect(named(template, 'AWS::Lambda::Function', 'FunctionName', our.intakeFunction).Properties.Timeout).toBeLessThanOrEqual(
      VISIBILITY_SECONDS,
    );
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { FunctionResponseTypes: ['ReportBatchItemFailures'] });
  });

  it('come from the alarms of the systems only, never from Firebreak’s own', () => {
    const [, rule] = of(template, 'AWS::Events::Rule').find(([, { Properties }]) => Properties.EventPattern) ?? [];
    expect(rule?.Properties.EventPattern).toMatchObject({
      source: ['aws.cloudwatch'],
      detail: { alarmName: [{ prefix: 'sira-' }, { prefix: 'saveit-' }] },
    });
    const ownAlarms = of(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => String(Properties.AlarmName));
    const ours = ownAlarms.filter((name) => name.startsWith('firebreak-'));
    const systems = ownAlarms.filter((name) => name.startsWith('sira-'));
    expect(ours.length + systems.length).toBe(ownAlarms.length);
    // None of Save-It's is made here: its Prometheus raises them.
    expect(systems.sort()).toEqual([
      'sira-APIDown',
      ...['DiskSpaceFilling', 'DiskSpaceLow', 'MemoryExhausted'].map((alert) => `sira-${alert}-sira-prod-1`),
    ]);
  });

  it('that can’t be brought to the queue become dead letters too', () => {
    expect(text(of(template, 'AWS::SNS::Subscription').filter(([, { Properties }]) => Properties.Protocol === 'sqs'))).toContain(
      dead.id,
    );
    expect(text(of(template, 'AWS::Events::Rule'))).toContain(`"DeadLetterConfig":{"Arn":{"Fn::GetAtt":["${dead.id}"`);
  });
});

describe('topics', () => {
  it('are encrypted by a key of the deployment’s own or by none: CloudWatch can’t use the one that AWS manages', () => {
    for (const [, { Properties }] of of(template, 'AWS::SNS::Topic')) expect(Properties).not.toHaveProperty('KmsMasterKeyId');
    const [[key] = ['']] = of(everything.template, 'AWS::KMS::Key');
    for (const [, { Properties }] of of(everything.template, 'AWS::SNS::Topic'))
      expect(Properties.KmsMasterKeyId).toEqual({ 'Fn::GetAtt': [key, 'Arn'] });
    everything.template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({ Principal: { Service: ['cloudwatch.amazonaws.com', 'aps.amazonaws.com'] } }),
        ]),
      },
    });
    for (const name of ['blue-step-sira-application-down', 'blue-intake', 'blue-watch'])
      expect(text(roleOf(everything.template, name))).toContain('kms:GenerateDataKey');
  });

  it('are one for each person, by whichever ways they are reached', () => {
    const ofPerson = (name: string) => {
      const { id } = named(template, 'AWS::SNS::Topic', 'TopicName', `firebreak-sira-${name}`);
      return of(template, 'AWS::SNS::Subscription')
        .filter(([, { Properties }]) => text(Properties.TopicArn).includes(id))
        .map(([, { Properties }]) => [Properties.Protocol, Properties.Endpoint]);
    };
    expect(ofPerson('ada-lovelace')).toEqual([
      ['email', 'ada@example.com'],
      ['sms', '+4915112345678'],
    ]);
    const telephone = of(template, 'AWS::SNS::Subscription').find(([, { Properties }]) => Properties.Protocol === 'sms');
    expect(telephone?.[1].Properties.FilterPolicy, 'it does not ring for a notice').toEqual(TELEPHONE_FILTER);
    expect(ofPerson('grace-hopper')).toEqual([['email', 'grace@example.com']]);
    const names = of(synthesised('nothing').template, 'AWS::SNS::Topic').map(([, { Properties }]) => Properties.TopicName);
    expect(names, 'nobody is a person').toEqual(['firebreak-operators', 'firebreak-watchdog', 'firebreak-signals']);
  });

  it('send nothing to a placeholder', () => {
    expect(
      of(synthesised('nothing').template, 'AWS::SNS::Subscription').map(([, { Properties }]) => Properties.Protocol),
    ).toEqual(['sqs']);
    expect(text(synthesised('nothing').template.toJSON())).not.toContain('oncall@yourdomain.com');
    const addresses = of(template, 'AWS::SNS::Subscription').map(([, { Properties }]) => Properties.Endpoint);
    expect(addresses).toContain('lead@example.com');
    expect(addresses.filter((one) => one === 'platform@example.com')).toHaveLength(2);
  });
});

describe.each(registry.runbooks)('the runbook $id', (runbook) => {
  const machine = named(template, 'AWS::StepFunctions::StateMachine', 'StateMachineName', our.stateMachine(runbook.id));
  const step = named(template, 'AWS::Lambda::Function', 'FunctionName', our.stepFunction(runbook.id));

  it('is deployed byte for byte as it is compiled, on a version of its own function that stays', () => {
    const { Key } = z.object({ Key: z.string() }).parse(machine.Properties.DefinitionS3Location);
    expect(synthesised('example').definitions[Key]).toBe(JSON.stringify(compile(runbook)));
    const version = z.object({ RunStep: z.object({ Ref: z.string() }) }).parse(machine.Properties.DefinitionSubstitutions)
      .RunStep.Ref;
    const [, published] = of(template, 'AWS::Lambda::Version').find(([id]) => id === version) ?? [];
    expect(published).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', Properties: { FunctionName: { Ref: step.id } } });
  });

  it('has an alarm on its function and its machine', () => {
    const watched = text(alarm(template, `firebreak-run-${runbook.id.replace('/', '-')}`).Properties);
    for (const metric of ['Errors', 'Throttles', 'ExecutionsTimedOut', 'ExecutionsAborted', 'ExecutionThrottled'])
      expect(watched).toContain(`"MetricName":"${metric}"`);
    expect(watched).toContain(machine.id);
    // Counts come minutes late: one lost thing in the last five is an alarm.
    expect(watched).toMatch(/"DatapointsToAlarm":1.*"EvaluationPeriods":5/);
  });
});

describe('documents', () => {
  it('are what the commands say, named by it, and stay', () => {
    const deployed = of(documents, 'AWS::SSM::Document');
    expect(deployed).toHaveLength(commandsOf(registry).size);
    for (const command of commandsOf(registry).values()) {
      const content = documentContent(command);
      const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 8);
      const document = named(documents, 'AWS::SSM::Document', 'Name', `firebreak-${command.name}-${hash}`);
      expect(document).toMatchObject({
        DeletionPolicy: 'RetainExceptOnCreate',
        Properties: { Content: content, DocumentType: 'Command' },
      });
    }
  });
});

describe('the functions', () => {
  const all = (given: Given) => of(synthesised(given).template, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties);

  it.each(Object.keys(GIVEN) as Given[])(
    'have an environment that Lambda takes, given %s, and settings that they can read',
    (given) => {
      for (const { Environment } of all(given)) expect(text(Environment).length).toBeLessThan(4_096);
      const { settings, deployment } = synthesised(given);
      const file = z
        .object({
          systems: z.record(z.string(), z.unknown()),
          people: z.record(z.string(), z.unknown()),
          documents: z.record(z.string(), z.string()),
        })
        .parse(settings);
      const config = { prefix: deployment.prefix, account: '123456789012', region: 'eu-west-1', ...file };
      const read = configuration({ FIREBREAK_CONFIG: JSON.stringify(config) }, registry.systems);
      expect(read.documentOf('disk-usage')).toMatch(new RegExp(`^${deployment.prefix}-disk-usage-[0-9a-f]{8}$`));
      expect(read.settingsOf('sira')).toEqual(deployment.systems.sira?.settings);
      expect(read.staffOf('sira')).toEqual(deployment.systems.sira?.staff);
      expect(read.businessHoursOf('sira')).toEqual(deployment.systems.sira?.businessHours);
    },
  );

  it('begin as observers, on Node 24 and arm64, each with a role and a log of its own that ends', () => {
    const functions = all('example');
    for (const { Environment, Runtime, Architectures } of functions) {
      expect(text(Environment)).toContain('\\"defaultMode\\":\\"observe\\"');
      expect({ Runtime, Architectures }).toEqual({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
    }
    expect(new Set(functions.map(({ Role }) => text(Role))).size).toBe(functions.length);
    for (const [, { Properties }] of of(template, 'AWS::Logs::LogGroup')) expect(Properties.RetentionInDays).toBe(90);
  });

  it('join the VPC that is given, with a group that nobody can reach, and take what is given for their environment', () => {
    for (const { VpcConfig, Environment } of all('everything')) {
      expect(VpcConfig).toMatchObject({ SubnetIds: everything.deployment.vpc?.subnetIds });
      expect(Environment).toMatchObject({ Variables: { AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:4600' } });
    }
    everything.template.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.absent() });
    for (const { VpcConfig } of all('example')) expect(VpcConfig).toBeUndefined();
  });
});

describe('the watchdog', () => {
  it('has an alarm on its silence, through a topic that pages are not sent by', () => {
    const { Properties } = alarm(template, 'firebreak-heartbeat');
    const watchdog = named(template, 'AWS::SNS::Topic', 'TopicName', our.watchdogTopic);
    expect(Properties).toMatchObject({
      Namespace: 'Firebreak',
      MetricName: 'Heartbeat',
      Dimensions: [{ Name: 'Deployment', Value: 'firebreak' }],
      TreatMissingData: 'breaching',
      AlarmActions: [{ Ref: watchdog.id }],
    });
    template.hasResourceProperties('AWS::Events::Rule', { Name: our.watchFunction, ScheduleExpression: 'rate(3 minutes)' });
  });

  it('hears every alarm of Firebreak’s own but the one about its own topic', () => {
    const watchdog = named(template, 'AWS::SNS::Topic', 'TopicName', our.watchdogTopic);
    const operators = named(template, 'AWS::SNS::Topic', 'TopicName', our.operatorsTopic);
    for (const [, { Properties }] of of(template, 'AWS::CloudWatch::Alarm')) {
      const name = String(Properties.AlarmName);
      const expected = name.startsWith('sira-') ? undefined : name === 'firebreak-pages-watchdog' ? operators.id : watchdog.id;
      expect([name, Properties.AlarmActions]).toEqual([name, expected && [{ Ref: expected }]]);
    }
  });
});

describe('SIRA’s own alarms', () => {
  it('are on the agent’s disk and memory, by the host’s instance, so that intake finds the host', () => {
    const instance = { Name: 'InstanceId', Value: 'i-0f1e2d3c4b5a69788' };
    expect(alarm(template, 'sira-DiskSpaceLow-sira-prod-1').Properties).toMatchObject({
      Namespace: 'CWAgent',
      MetricName: 'disk_used_percent',
      Dimensions: [instance, { Name: 'path', Value: '/' }],
      Threshold: 80,
      TreatMissingData: 'missing',
    });
    expect(alarm(template, 'sira-MemoryExhausted-sira-prod-1').Properties).toMatchObject({
      MetricName: 'mem_used_percent',
      Dimensions: [instance],
    });
  });

  it('are on a health check where Route 53 tells of it, and never of a placeholder', () => {
    const [[id, check] = ['', undefined]] = of(template, 'AWS::Route53::HealthCheck');
    expect(check?.Properties.HealthCheckConfig).toMatchObject({
      Type: 'HTTPS',
      FullyQualifiedDomainName: 'api.sira.example.com',
      ResourcePath: '/health',
    });
    const down = alarm(template, 'sira-APIDown');
    expect(down.Properties.Dimensions).toEqual([{ Name: 'HealthCheckId', Value: { 'Fn::GetAtt': [id, 'HealthCheckId'] } }]);
    expect(down.Condition).toBe(check?.Condition);
    expect(text(template.findConditions(String(down.Condition)))).toContain('us-east-1');
    synthesised('nothing').template.resourceCountIs('AWS::Route53::HealthCheck', 0);
  });
});

it('fits into what CloudFormation takes, with room for what is to come', () => {
  const mostBytes = 1_000_000;
  const one = (stack: Template) => ({
    bytes: text(stack.toJSON()).length,
    resources: Object.keys(stack.toJSON().Resources).length,
  });
  const main = one(everything.template);
  // All runbooks of both pages are there, and their state machines lie beside the template. A runbook more is ten resources, a person
  // more is three: there is room for some of both.
  expect(main.bytes * 1.5).toBeLessThan(mostBytes);
  expect(main.resources * 1.25).toBeLessThan(500);
  // All of SIRA's commands are there, and a cluster's are no documents: half as many again is more than is to come.
  for (const scripts of everything.scripts) expect(one(scripts).bytes * 1.5).toBeLessThan(mostBytes);
});

function roleOf(template: Template, functionName: string): unknown {
  const { Properties } = named(template, 'AWS::Lambda::Function', 'FunctionName', functionName);
  const [id] = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }).parse(Properties.Role)['Fn::GetAtt'];
  return of(template, 'AWS::IAM::Role').find(([role]) => role === id)?.[1];
}
