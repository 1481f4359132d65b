import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export class Alarms {
  private readonly client: CloudWatchClient;
  constructor(client: CloudWatchClient) {
    this.client = client;
  }

  /** What an alarm says now. @returns `undefined` when it is gone, or cannot be asked: never taken for a recovery */
  async state(alarmName: string): Promise<AlarmState | undefined> {
    try {
      const answer = await this.client.send(
        new DescribeAlarmsCommand({ AlarmNames: [alarmName], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
      );
      return [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])][0]?.StateValue;
    } catch {
      return undefined;
    }
  }
}
