import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Aws, CfnOutput, Stack } from 'aws-cdk-lib';
import { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type Deployment, givenPeopleOf, settingsOf } from '../runbooks/language/deployment.ts';
import { type Names, names as namesOf } from '../runbooks/language/names.ts';
import { sira } from '../runbooks/sira/system.ts';
import { clusterOf } from './cluster-access.ts';
import { ResponderDashboard } from './dashboard.ts';
import { Doors } from './doors.ts';
import { IncidentTable } from './incident-table.ts';
import { Intake } from './intake.ts';
import { Escalation } from './ladder.ts';
import { Links } from './links.ts';
import { LossAlarms } from './loss-alarms.ts';
import { warnOfPlaceholders } from './placeholders.ts';
import type { Registry } from './registry.ts';
import type { FunctionSetting } from './responder-function.ts';
import { rightsOf as allRights } from './rights-of.ts';
import type { RightsOf } from './role-of.ts';
import { RunbookMachine } from './runbook-machine.ts';
import { Signals } from './signals.ts';
import { SiraAlarms } from './sira-alarms.ts';
import { tagAll } from './tags.ts';
import { topicKey } from './topic-key.ts';
import { Topics } from './topics.ts';
import { Watchdog } from './watchdog.ts';

/** The file beside the functions' code that holds what Lambda's environment has no room for. */
const SETTINGS_FILE = 'settings.json';

export interface ResponderStackProps {
  registry: Registry;
  deployment: Deployment;
  /** The names of the commands' documents, by command. */
  documents: Readonly<Record<string, string>>;
  /** The folder of the bundled functions. The settings are added to it. */
  code: string;
}

/** The whole responder on AWS. It fits any account and region: nothing is looked up when it is synthesised. */
export class ResponderStack extends Stack {
  constructor(scope: Construct, id: string, { registry, deployment, documents, code }: ResponderStackProps) {
    super(scope, id, {
      description: 'Firebreak: answers production alarms, and brings to a person what is not proven well',
      suppressTemplateIndentation: true,
    });
    const { systems, runbooks } = registry;
    const names = namesOf(deployment.prefix);
    tagAll(this, deployment);
    warnOfPlaceholders(this, registry, deployment);

    const key = deployment.encryptTopics ? topicKey(this, deployment.prefix) : undefined;
    const table = new IncidentTable(this, 'Incidents', names.table);
    const topics = new Topics(this, 'Topics', { names, systems, deployment, key });
    const signals = new Signals(this, 'Signals', { names, systems, key });
    new EventBus(this, 'Events', { eventBusName: names.eventBus, description: 'Domain events of Firebreak, for integrations' });

    const place = { partition: Aws.PARTITION, region: Aws.REGION, account: Aws.ACCOUNT_ID };
    const rights = allRights(registry, deployment, place, key?.keyArn);
    const rightsOf: RightsOf = (name) => {
      const found = rights.find((one) => one.of === name);
      if (!found) throw new Error(`nobody derived the rights of ${name}`);
      return found;
    };
    const base = this.setting(names, deployment, code, documents);
    const door = { names, rightsOf, watchdog: topics.watchdog };
    const links = new Links(this, 'Links', { ...base({}), ...door });
    const linksUrl = deployment.linksUrl ?? links.url;
    const common = { ...base({ linksUrl }), ...door };
    const machines = runbooks.map(
      (runbook) =>
        new RunbookMachine(this, `Runbook-${runbook.id.replace('/', '-')}`, {
          ...common,
          runbook,
          cluster: clusterOf(runbook, deployment),
        }),
    );
    new Doors(this, 'Doors', common);
    new ResponderDashboard(this, 'Dashboard', { ...common, systems });
    const escalation = new Escalation(this, 'Escalation', common);
    const intake = new Intake(this, 'Intake', { ...common, signals });
    const watchdog = new Watchdog(this, 'Watchdog', common);
    // The functions know the others by their names only, so CloudFormation can't see what is needed: nothing begins before all is
    // there. Signals are taken first, then the clocks begin: what all of them need is written down once.
    intake.mapping.node.addDependency(table, topics, escalation, ...machines.flatMap(({ needed }) => needed));
    const scheduled = machines.flatMap(({ schedules }) => schedules?.rules ?? []);
    for (const begins of [watchdog.schedule, ...scheduled]) begins.node.addDependency(intake.mapping);
    new LossAlarms(this, 'Losses', names, topics);
    const deployed = deployment.systems[sira.id];
    if (deployed) new SiraAlarms(this, 'Sira', deployed, names, topics.watchdog);
    new CfnOutput(this, 'SignalsTopic', { value: signals.topic.topicArn, description: 'Publish alarms here' });
    new CfnOutput(this, 'LinksUrl', { value: linksUrl, description: 'Where the links in pages lead' });
    new CfnOutput(this, 'ConsoleFunction', { value: names.consoleFunction, description: 'aws lambda invoke' });
  }

  /** What all functions share; each is told where links lead, but the one that they lead to. */
  private setting(
    names: Names,
    deployment: Deployment,
    code: string,
    documents: ResponderStackProps['documents'],
  ): (more: { linksUrl?: string }) => FunctionSetting {
    const settings = { systems: settingsOf(deployment), people: givenPeopleOf(deployment), documents };
    writeFileSync(join(code, SETTINGS_FILE), `${JSON.stringify(settings, undefined, 2)}\n`);
    const config = {
      prefix: names.prefix,
      account: Aws.ACCOUNT_ID,
      region: Aws.REGION,
      // A runbook that nobody has promoted looks and pages, and says what it would have done.
      defaultMode: 'observe',
      file: SETTINGS_FILE,
      ...(deployment.consoleUrl && { consoleUrl: deployment.consoleUrl }),
      ...(deployment.pagerduty && { pagerduty: deployment.pagerduty }),
    };
    const shared = { code: Code.fromAsset(code), vpc: this.network(deployment) };
    return (more) => ({
      ...shared,
      environment: { ...deployment.environment, FIREBREAK_CONFIG: this.toJsonString({ ...config, ...more }) },
    });
  }

  private network({ vpc, prefix }: Deployment): FunctionSetting['vpc'] {
    if (!vpc) return undefined;
    const { id, subnetIds, securityGroupIds } = vpc;
    if (securityGroupIds) return { subnetIds, securityGroupIds };
    const group = new CfnSecurityGroup(this, 'Outward', {
      groupDescription: `The functions of ${prefix}: they reach out, and nobody reaches them`,
      vpcId: id,
      securityGroupEgress: [
        { ipProtocol: '-1', cidrIp: '0.0.0.0/0', description: 'AWS APIs, and the systems that are looked at' },
      ],
    });
    return { subnetIds, securityGroupIds: [group.attrGroupId] };
  }
}
