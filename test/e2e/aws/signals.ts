import type { Place } from './place.ts';
import { WHERE } from './place.ts';

const HOST: Record<string, string> = {
  instance: '10.0.1.7:9100',
  mountpoint: '/',
  severity: 'critical',
  system: 'sira',
};

/** What monitoring says, each in the form of its source, and sent as that would send it. */
export interface Signals {
  /**
   * Alertmanager's plain text, published by its SNS receiver.
   * @param labels those of SIRA's host if not given
   */
  alertmanager(alert: string, status: 'firing' | 'resolved', value: number, labels?: Record<string, string>): Promise<void>;
  /** Something that nobody understands, published to the signals' topic. */
  publish(text: string): Promise<void>;
  /**
   * Makes an alarm of CloudWatch.
   * @param speaks whether the signals' topic is among its actions: CloudWatch itself then says there what becomes of it
   */
  makeAlarm(name: string, speaks: boolean): Promise<void>;
  setAlarm(name: string, state: 'ALARM' | 'OK', reason: string): Promise<void>;
}

export function signalsOf({ cli: { aws }, names }: Pick<Place, 'cli' | 'names'>): Signals {
  const topic = `arn:aws:sns:${WHERE.region}:${WHERE.account}:${names.signalsTopic}`;
  const publish = async (text: string, ...more: string[]) =>
    void (await aws('sns', 'publish', '--topic-arn', topic, '--message', text, ...more));
  return {
    publish: (text) => publish(text),
    alertmanager: (alert, status, value, of = HOST) => {
      const [section, subject] =
        status === 'firing' ? ['Alerts Firing:', `[FIRING:1] ${alert}`] : ['Alerts Resolved:', '[RESOLVED]'];
      // Its template has the alert's name first, and the others by the alphabet.
      const others = Object.fromEntries(Object.entries(of).sort());
      const labels = { alertname: alert, ...others };
      const annotations = { summary: `${alert} on ${of.system}`, value: String(value) };
      const lines = [section, 'Labels:', ...pairs(labels), 'Annotations:', ...pairs(annotations)];
      return publish([...lines, 'Source: http://prometheus.example.com/graph', '', ''].join('\n'), '--subject', subject);
    },
    makeAlarm: async (name, speaks) => {
      const measured = ['--namespace', 'SIRA', '--metric-name', 'FailedRequestsPercent', '--statistic', 'Average'];
      const limit = [
        '--period',
        '60',
        '--evaluation-periods',
        '1',
        '--threshold',
        '2',
        '--comparison-operator',
        'GreaterThanThreshold',
      ];
      const actions = ['--alarm-actions', topic, '--ok-actions', topic, '--insufficient-data-actions', topic];
      await aws('cloudwatch', 'put-metric-alarm', '--alarm-name', name, ...measured, ...limit, ...(speaks ? actions : []));
    },
    setAlarm: async (name, state, reason) => {
      const what = ['--alarm-name', name, '--state-value', state, '--state-reason', reason];
      await aws('cloudwatch', 'set-alarm-state', ...what);
    },
  };
}

function pairs(of: Record<string, string>): string[] {
  return Object.entries(of).map(([name, value]) => ` - ${name} = ${value}`);
}

/** What CloudWatch puts on the bus when an alarm changes its state. */
export function stateChange(alarmName: string, value: 'ALARM' | 'OK', at: Date) {
  return {
    version: '0',
    id: crypto.randomUUID(),
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: WHERE.account,
    time: at.toISOString(),
    region: WHERE.region,
    resources: [`arn:aws:cloudwatch:${WHERE.region}:${WHERE.account}:alarm:${alarmName}`],
    detail: {
      alarmName,
      state: { value, reason: 'The health check fails', timestamp: at.toISOString() },
      previousState: { value: value === 'ALARM' ? 'OK' : 'ALARM', timestamp: at.toISOString() },
      configuration: { metrics: [{ id: 'm1', metricStat: { metric: { namespace: 'AWS/Route53', name: 'HealthCheckStatus' } } }] },
    },
  };
}
