import { Aws, CfnCondition, Duration, Fn } from 'aws-cdk-lib';
import {
  Alarm,
  CfnAlarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { CfnHealthCheck } from 'aws-cdk-lib/aws-route53';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { DeployedSystem } from '../runbooks/language/deployment.ts';
import type { Names } from '../runbooks/language/names.ts';
import type { HostSettings } from '../runbooks/language/system.ts';
import { SiraSettings, sira } from '../runbooks/sira/system.ts';
import { alarmTo } from './alarms.ts';

/** The page: less than 20 % of a disk is free. */
const DISK_USED_PERCENT = 80;
/** The page's alert "at 70 %", which leaves time to look by day. */
const DISK_FILLING_PERCENT = 70;
/** Of memory the page names no number. What is left then is less than one service of the stack takes. */
const MEMORY_USED_PERCENT = 90;
/** The runbook's own default; a host with more has an alarm of its own for each, named with a suffix. */
const MOUNT = '/';
const MINUTE = Duration.minutes(1);

/**
 * SIRA's own alarms: on what the CloudWatch agent measures of each host, and on the API's health as seen from outside. The rule
 * takes them from the bus, so they have no action of their own: CloudWatch guarantees that their changes reach it.
 */
export class SiraAlarms extends Construct {
  constructor(scope: Construct, id: string, { given, settings }: DeployedSystem, names: Names, watchdog: ITopic) {
    super(scope, id);
    const { hosts, urls } = SiraSettings.parse(settings);
    for (const host of hosts) {
      this.host(host, names);
      // Of the placeholder nobody measures anything: an alarm about that would never end.
      if (given.has('hosts')) this.silence(host, names, watchdog);
    }
    // A check of the placeholder's address would knock at a stranger's door.
    if (given.has('urls')) this.health(new URL(urls.api), names, watchdog);
  }

  private host({ name, instanceId }: HostSettings, names: Names): void {
    this.above(`Disk-${name}`, {
      alarmName: names.systemAlarm(sira.id, 'DiskSpaceLow', name),
      alarmDescription: `Less than ${100 - DISK_USED_PERCENT} % of ${MOUNT} is free on ${name}`,
      metric: ofAgent('disk_used_percent', { InstanceId: instanceId, path: MOUNT }),
      threshold: DISK_USED_PERCENT,
      evaluationPeriods: 2,
    });
    const used = ofAgent('disk_used_percent', { InstanceId: instanceId, path: MOUNT });
    this.above(`Filling-${name}`, {
      alarmName: names.systemAlarm(sira.id, 'DiskSpaceFilling', name),
      alarmDescription: `More than ${DISK_FILLING_PERCENT} % of ${MOUNT} is used on ${name}, and less than ${DISK_USED_PERCENT} %`,
      // Above that the other alarm speaks: one disk, one incident.
      metric: new MathExpression({
        expression: `IF(used > ${DISK_FILLING_PERCENT} AND used <= ${DISK_USED_PERCENT}, used, 0)`,
        usingMetrics: { used },
        period: MINUTE,
      }),
      threshold: DISK_FILLING_PERCENT,
      evaluationPeriods: 60,
    });
    this.above(`Memory-${name}`, {
      alarmName: names.systemAlarm(sira.id, 'MemoryExhausted', name),
      alarmDescription: `More than ${MEMORY_USED_PERCENT} % of the memory of ${name} is in use`,
      metric: ofAgent('mem_used_percent', { InstanceId: instanceId }),
      threshold: MEMORY_USED_PERCENT,
      evaluationPeriods: 3,
    });
  }

  private above(
    id: string,
    props: { alarmName: string; alarmDescription: string; metric: IMetric; threshold: number; evaluationPeriods: number },
  ): void {
    new Alarm(this, id, {
      ...props,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // No data is no recovery: an open incident's alarm without data is for `watch` to tell a person of.
      treatMissingData: TreatMissingData.MISSING,
    });
  }

  /** A host of which nobody measures anything raises no alarm any more: that is Firebreak's own to say. */
  private silence({ name, instanceId }: HostSettings, names: Names, watchdog: ITopic): void {
    alarmTo(
      watchdog,
      new Alarm(this, `Silence-${name}`, {
        alarmName: names.ownAlarm(`silence-${name}`),
        alarmDescription: `Nothing has been measured on ${name} for some minutes: its disk and memory alarms can't fire. Look at the CloudWatch agent, then at the host.`,
        metric: ofAgent('mem_used_percent', { InstanceId: instanceId }, 'SampleCount'),
        threshold: 1,
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        evaluationPeriods: 5,
        treatMissingData: TreatMissingData.BREACHING,
      }),
    );
  }

  /** Route 53 tells the state of a check in one region only, so the check is made where the stack is in that one. */
  private health(url: URL, names: Names, watchdog: ITopic): void {
    const condition = new CfnCondition(this, 'WhereHealthIsTold', {
      expression: Fn.conditionEquals(Aws.REGION, 'us-east-1'),
    });
    const secure = url.protocol === 'https:';
    const check = new CfnHealthCheck(this, 'Health', {
      healthCheckConfig: {
        type: secure ? 'HTTPS' : 'HTTP',
        fullyQualifiedDomainName: url.hostname,
        port: Number(url.port) || (secure ? 443 : 80),
        resourcePath: `${url.pathname}${url.search}`,
        requestInterval: 30,
        failureThreshold: 2,
        ...(secure && { enableSni: true }),
      },
      healthCheckTags: [{ key: 'Name', value: names.systemAlarm(sira.id, 'APIDown') }],
    });
    check.cfnOptions.condition = condition;
    const ofCheck = (statistic: string) =>
      new Metric({
        namespace: 'AWS/Route53',
        metricName: 'HealthCheckStatus',
        dimensionsMap: { HealthCheckId: check.attrHealthCheckId },
        statistic,
        period: MINUTE,
      });
    const alarm = new Alarm(this, 'APIDown', {
      alarmName: names.systemAlarm(sira.id, 'APIDown'),
      alarmDescription: `${url.href} does not answer well from outside`,
      metric: ofCheck('Minimum'),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 1,
      // A check that is new, or has a gap, says nothing of the API: its silence is Firebreak's own to tell.
      treatMissingData: TreatMissingData.MISSING,
    });
    const silence = alarmTo(
      watchdog,
      new Alarm(this, 'APISilence', {
        alarmName: names.ownAlarm('silence-api'),
        alarmDescription: `Nobody has measured whether ${url.href} answers: its alarm can't fire. Look at the health check in Route 53, then at the API.`,
        metric: ofCheck('SampleCount'),
        threshold: 1,
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        evaluationPeriods: 5,
        treatMissingData: TreatMissingData.BREACHING,
      }),
    );
    for (const one of [alarm, silence]) {
      const resource = one.node.defaultChild;
      if (resource instanceof CfnAlarm) resource.cfnOptions.condition = condition;
    }
  }
}

/**
 * As the agent sends it when its `aggregation_dimensions` are those of docs/cloudwatch-agent.json: without the device and the
 * type of the file system, which nobody knows beforehand.
 */
function ofAgent(metricName: string, dimensionsMap: Record<string, string>, statistic = 'Maximum'): Metric {
  return new Metric({ namespace: 'CWAgent', metricName, dimensionsMap, statistic, period: MINUTE });
}
