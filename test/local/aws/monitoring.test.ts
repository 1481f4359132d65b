import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { SQSEvent } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import type { AlarmSpec } from '../../../local/aws/monitoring/alarms.ts';
import { eventually, localAws } from './local-aws.ts';

const disk: AlarmSpec = {
  name: 'sira-DiskSpaceLow-root',
  description: 'Less than 20 % free',
  namespace: 'CWAgent',
  metric: 'disk_used_percent',
  dimensions: { InstanceId: 'i-0a1b2c3d4e5f60718', path: '/' },
  threshold: 80,
};
const alarms = [disk, { ...disk, name: 'other-Thing' }, { ...disk, name: 'sira-APIDown' }];
const fires = { AlarmName: disk.name, StateValue: 'ALARM', StateReason: 'game day' } as const;

describe('an alarm', () => {
  test('that changes its state goes onto the bus, and by the rule to the signals queue; the same state again is silent', async () => {
    const bodies: string[] = [];
    const { aws, cloudWatch, clock } = await localAws({
      alarms,
      busRule: ({ source, resources }) => source === 'aws.cloudwatch' && /:alarm:sira-/.test(resources[0] ?? ''),
      queueConsumer: async ({ Records }: SQSEvent) => {
        bodies.push(...Records.map(({ body }) => body));
        return { batchItemFailures: [] };
      },
    });
    await cloudWatch.send(new SetAlarmStateCommand(fires));
    await cloudWatch.send(new SetAlarmStateCommand({ ...fires, StateReason: 'again' }));
    await cloudWatch.send(new SetAlarmStateCommand({ ...fires, AlarmName: 'other-Thing' }));
    await cloudWatch.send(new SetAlarmStateCommand({ ...fires, StateValue: 'OK', StateReasonData: '{"version":"1.0"}' }));
    await eventually(
      () => bodies,
      ({ length }) => length === 2,
    );

    expect(aws.events()).toHaveLength(3);
    const at = clock.now().toISOString();
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({
      version: '0',
      'detail-type': 'CloudWatch Alarm State Change',
      source: 'aws.cloudwatch',
      account: '000000000000',
      time: at.replace('.000Z', 'Z'),
      region: 'us-east-1',
      resources: ['arn:aws:cloudwatch:us-east-1:000000000000:alarm:sira-DiskSpaceLow-root'],
      detail: {
        alarmName: disk.name,
        state: { value: 'ALARM', reason: 'game day', timestamp: at.replace('Z', '+0000') },
        previousState: { value: 'OK' },
        configuration: {
          description: disk.description,
          metrics: [{ metricStat: { metric: { name: disk.metric, namespace: 'CWAgent', dimensions: disk.dimensions } } }],
        },
      },
    });
    expect(JSON.parse(bodies[1] ?? '').detail).toMatchObject({
      state: { value: 'OK', reasonData: '{"version":"1.0"}' },
      previousState: { value: 'ALARM', reason: 'again' },
    });
  });

  test('is described as it stands, by names, prefix or state, page by page', async () => {
    const { cloudWatch } = await localAws({ alarms });
    await cloudWatch.send(new SetAlarmStateCommand(fires));
    const describeBy = async (by: object) =>
      (await cloudWatch.send(new DescribeAlarmsCommand(by))).MetricAlarms?.map(({ AlarmName }) => AlarmName);
    expect(await describeBy({ AlarmNames: ['sira-APIDown', 'nobody'] })).toEqual(['sira-APIDown']);
    expect(await describeBy({ AlarmNamePrefix: 'sira-' })).toEqual(['sira-APIDown', disk.name]);
    expect(await describeBy({ StateValue: 'ALARM' })).toEqual([disk.name]);

    const first = await cloudWatch.send(new DescribeAlarmsCommand({ MaxRecords: 2 }));
    expect(first.MetricAlarms).toHaveLength(2);
    const { MetricAlarms, NextToken } = await cloudWatch.send(
      new DescribeAlarmsCommand({ MaxRecords: 2, NextToken: first.NextToken }),
    );
    expect(NextToken).toBeUndefined();
    expect(MetricAlarms?.[0]).toMatchObject({
      AlarmName: disk.name,
      StateValue: 'ALARM',
      StateReason: 'game day',
      StateUpdatedTimestamp: new Date('2026-10-04T03:14:00Z'),
      Threshold: 80,
      Dimensions: [
        { Name: 'InstanceId', Value: 'i-0a1b2c3d4e5f60718' },
        { Name: 'path', Value: '/' },
      ],
    });
  });

  test('that is not there is ResourceNotFound', async () => {
    const { cloudWatch } = await localAws({ alarms });
    const missing = cloudWatch.send(new SetAlarmStateCommand({ ...fires, AlarmName: 'nobody' }));
    await expect(missing).rejects.toMatchObject({ name: 'ResourceNotFound' });
  });

  test('can be made and deleted; a new one has no data yet', async () => {
    const { aws, cloudWatch } = await localAws({ alarms });
    const made = { AlarmName: 'sira-New', Namespace: 'N', MetricName: 'M', Threshold: 1, EvaluationPeriods: 1 };
    await cloudWatch.send(new PutMetricAlarmCommand({ ...made, ComparisonOperator: 'LessThanThreshold' }));
    expect(aws.alarms.get('sira-New')).toMatchObject({ comparison: 'LessThanThreshold', state: { value: 'INSUFFICIENT_DATA' } });
    await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: ['sira-New'] }));
    expect(aws.alarms.get('sira-New')).toBeUndefined();
  });
});

test('of a metric the last value is kept, also from a large request that the client compressed', async () => {
  const { aws, cloudWatch } = await localAws();
  const Dimensions = [{ Name: 'system', Value: 'sira' }];
  const MetricData = Array.from({ length: 300 }, (_, Value) => ({
    MetricName: 'heartbeat',
    Dimensions,
    Value,
    Unit: 'Count' as const,
  }));
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'Firebreak', MetricData }));
  expect(aws.metrics()).toMatchObject([
    { namespace: 'Firebreak', metric: 'heartbeat', dimensions: { system: 'sira' }, value: 299, unit: 'Count' },
  ]);
});

test('PutEvents takes events of one’s own, and none that pretend to be of AWS', async () => {
  const { aws, events } = await localAws();
  const own = { Source: 'firebreak', DetailType: 'IncidentOpened', Detail: '{"id":"i1"}', EventBusName: 'default' };
  const Entries = [own, { ...own, Source: 'aws.cloudwatch' }, { ...own, Detail: 'no json' }];
  const answer = await events.send(new PutEventsCommand({ Entries }));
  expect(answer.FailedEntryCount).toBe(2);
  expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
    undefined,
    'NotAuthorizedForSourceException',
    'MalformedDetail',
  ]);
  expect(aws.events()).toMatchObject([{ source: 'firebreak', 'detail-type': 'IncidentOpened', detail: { id: 'i1' } }]);
});
