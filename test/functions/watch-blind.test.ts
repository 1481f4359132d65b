import { CloudWatchClient, DeleteAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { iso } from '../../functions/incident/clock.ts';
import { blindPage } from '../../functions/watch/blind-page.ts';
import { sira } from '../../runbooks/sira/system.ts';
import type { Whole } from '../local/whole.ts';
import { incident, signal } from './aws/table/records.ts';
import { leaveOneFile } from './leave-one-file.ts';
import { heartbeat, pass, round, withRunbook } from './watching.ts';

const ALARM = 'sira-DiskSpaceLow';
const MINUTE_MS = 60_000;
const say = (system: Whole, value: 'ALARM' | 'OK' | 'INSUFFICIENT_DATA', alarm = ALARM) =>
  system.aws.alarms.setState(alarm, value, 'said by the test');
const blind = (system: Whole) => system.aws.inbox().filter(({ subject }) => subject.includes('monitoring is blind'));

/** An incident that stays open, because no runbook answers to its alarm. */
async function openIncident(options: Parameters<typeof withRunbook>[1] = {}): Promise<Whole> {
  const system = await withRunbook(leaveOneFile('one', 'APIDown'), options);
  say(system, 'ALARM');
  await system.until(() => system.aws.inbox().length > 0);
  return system;
}

describe('an alarm without data while its incident is open', () => {
  it('pages after five minutes, once each time, and says that nobody sees how the service is', async () => {
    const system = await openIncident();
    say(system, 'INSUFFICIENT_DATA');
    await pass(system, 5 * MINUTE_MS - 1_000);
    expect(await round(system)).toEqual([]);
    await pass(system, 1_000);
    const { id } = await system.incident();
    expect(await round(system)).toEqual([`paged for ${id}: ${ALARM} says nothing any more`]);
    expect(blind(system)).toMatchObject([
      { role: 'oncall', message: expect.stringMatching(/Its alarm has had no data since 03:14 UTC.*That is no recovery/s) },
    ]);
    expect(await round(system)).toEqual([]);
    await pass(system, 10 * MINUTE_MS);
    expect(await round(system), 'still blind, and told').toEqual([]);

    say(system, 'ALARM');
    expect(await round(system)).toEqual([]);
    say(system, 'INSUFFICIENT_DATA');
    await pass(system, 5 * MINUTE_MS);
    await round(system);
    expect(blind(system), 'blind again').toHaveLength(2);
    expect(heartbeat(system), 'to have told is a clean round').toBe(iso(system.clock.now()));
  });

  it('pages nobody where nothing is open', async () => {
    const system = await withRunbook(leaveOneFile('one', 'APIDown'));
    say(system, 'INSUFFICIENT_DATA');
    await pass(system, 10 * MINUTE_MS);
    expect(await round(system)).toEqual([]);
    expect(system.aws.inbox()).toEqual([]);
  });
});

describe('an alarm that is gone while its incident is open', () => {
  it('pages at once and once, in other words', async () => {
    const system = await openIncident();
    await system.clock.during(new CloudWatchClient({}).send(new DeleteAlarmsCommand({ AlarmNames: [ALARM] })));
    expect(await round(system)).toHaveLength(1);
    expect(await round(system)).toEqual([]);
    expect(blind(system)).toMatchObject([
      { message: expect.stringContaining('was deleted or renamed while its incident is open') },
    ]);
  });

  it('is not taken for gone where it is one of another account or region', async () => {
    const system = await openIncident();
    const { dedupKey = '' } = await system.incident();
    const arn = 'arn:aws:cloudwatch:us-east-1:999999999999:alarm:sira-DiskSpaceLow-other';
    const spoken = signal({ dedupKey: dedupKey ?? '' });
    const other = { ...spoken, source: { kind: 'cloudwatch' as const, id: arn, alarmName: 'sira-DiskSpaceLow-other' } };
    const mine = { incidentId: 'OTHER', severity: 'P1', runbook: null, message: 'other', now: iso(system.clock.now()) };
    expect((await system.around.store.claims.fire(other, mine))?.sources).toHaveLength(2);
    expect(await round(system)).toEqual([]);
  });
});

describe('asking CloudWatch', () => {
  it('is one call for a hundred alarms', async () => {
    let calls = 0;
    const system = await openIncident({
      watcher: async (_service, operation, call) => {
        if (operation === 'DescribeAlarms') calls += 1;
        return call();
      },
    });
    const names = Array.from({ length: 120 }, (_, at) => `sira-DiskSpaceLow-${at}`);
    const client = new CloudWatchClient({});
    const shape = { Namespace: 'CWAgent', MetricName: 'disk', Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' } as const;
    for (const AlarmName of names)
      await system.clock.during(client.send(new PutMetricAlarmCommand({ AlarmName, EvaluationPeriods: 1, ...shape })));
    const standing = await system.clock.during(system.around.alarms.standing([...names, 'sira-None']));
    expect([standing.size, standing.has('sira-None'), calls]).toEqual([120, false, 2]);
    expect(standing.get('sira-DiskSpaceLow-7')).toEqual({ state: 'INSUFFICIENT_DATA', since: expect.any(String) });
  });

  it('that fails is no alarm that is gone: the round is not clean, and there is no heartbeat', async () => {
    const system = await openIncident({
      watcher: async (_service, operation, call) => {
        if (operation === 'DescribeAlarms') throw new Error('throttled');
        return call();
      },
    });
    expect(await round(system)).toBe('watch could not prove: the alarms of open incidents');
    expect(blind(system)).toEqual([]);
    expect(heartbeat(system)).toBeUndefined();
  });
});

describe('the page', () => {
  const place = {
    config: { region: 'eu-central-1' },
    names: { consoleFunction: 'firebreak-console', approveFunction: 'firebreak-approve' },
  };
  it('puts no name into a line that is pasted, unless it is harmless', () => {
    const one = incident('3F7K2M9QX0TB', { severity: 'P0' });
    const text = (alarm: string) => blindPage(place, one, sira, alarm, { how: 'gone', since: null }).message;
    expect(text('sira-DiskSpaceLow-a')).toContain('--alarm-names sira-DiskSpaceLow-a');
    expect(text('sira-DiskSpaceLow-$(reboot)')).not.toContain('describe-alarms');
    const [first = '', second = ''] = text('x').split('\n');
    expect(`${first}\n${second}`.length).toBeLessThanOrEqual(140);
    expect(second).toBe('Please look: incident 3F7K2M9QX0TB');
  });
});
