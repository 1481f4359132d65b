import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { type CallWatcher, watched } from './watched.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** What an alarm says, and since when it has said so: ISO 8601 in UTC, `null` where CloudWatch does not tell. */
export interface Standing {
  state: AlarmState;
  since: string | null;
}

/** DescribeAlarms takes and gives so many at once. */
const MOST_ALARMS = 100;

export const makeAlarms = (watcher?: CallWatcher) => new Alarms(watched('cloudwatch', new CloudWatchClient({}), watcher));

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

  /**
   * What each of these alarms says now; one that is missing in the answer does not exist.
   * @throws what CloudWatch answered, when it can't be asked: that is no absence
   */
  async standing(names: readonly string[]): Promise<Map<string, Standing>> {
    const found = new Map<string, Standing>();
    for (let at = 0; at < names.length; at += MOST_ALARMS) {
      let NextToken: string | undefined;
      do {
        const answer = await this.client.send(
          new DescribeAlarmsCommand({
            AlarmNames: names.slice(at, at + MOST_ALARMS),
            AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
            MaxRecords: MOST_ALARMS,
            ...(NextToken && { NextToken }),
          }),
        );
        for (const alarm of [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])]) {
          const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
          if (alarm.AlarmName && alarm.StateValue)
            found.set(alarm.AlarmName, { state: alarm.StateValue, since: since?.toISOString() ?? null });
        }
        NextToken = answer.NextToken;
      } while (NextToken);
    }
    return found;
  }
}
