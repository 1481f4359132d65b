import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { HEARTBEAT } from '../../runbooks/language/names.ts';
import { type CallWatcher, watched } from './watched.ts';

export const makeMetrics = (watcher?: CallWatcher) => new Metrics(watched('cloudwatch', new CloudWatchClient({}), watcher));

/** Metrics of Firebreak itself. */
export class Metrics {
  private readonly client: CloudWatchClient;
  constructor(client: CloudWatchClient) {
    this.client = client;
  }

  /**
   * Says that all has been looked at and is well. Its absence is an alarm, so it must never be sent for less.
   * @param deployment the prefix of its names
   */
  async beat(deployment: string): Promise<void> {
    const Dimensions = [{ Name: HEARTBEAT.dimension, Value: deployment }];
    const MetricData = [{ MetricName: HEARTBEAT.metric, Dimensions, Value: 1, Unit: 'Count' as const }];
    await this.client.send(new PutMetricDataCommand({ Namespace: HEARTBEAT.namespace, MetricData }));
  }
}
