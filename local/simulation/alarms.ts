import type { SiraSettings } from '../../runbooks/sira/system.ts';

/** An alarm's definition, as DescribeAlarms tells it. */
export interface AlarmConfiguration {
  /** The declared alert that it raises. */
  alert: string;
  alarmName: string;
  alarmDescription: string;
  namespace: string;
  metricName: string;
  dimensions: { Name: string; Value: string }[];
  statistic: 'Average' | 'Maximum';
  /** Seconds. */
  period: number;
  evaluationPeriods: number;
  threshold: number;
  comparisonOperator: 'GreaterThanThreshold';
}

/** The CloudWatch alarms of SIRA's simulated monitoring. The first host is the one whose disk is watched. */
export function siraAlarms(settings: SiraSettings): AlarmConfiguration[] {
  const [host] = settings.hosts;
  const common = { statistic: 'Maximum', period: 60, evaluationPeriods: 1, comparisonOperator: 'GreaterThanThreshold' } as const;
  return [
    {
      ...common,
      alert: 'APIDown',
      alarmName: 'sira-APIDown',
      alarmDescription: `${settings.urls.api} does not answer 200`,
      namespace: 'SIRA/Probes',
      metricName: 'failed_checks',
      dimensions: [],
      threshold: 0,
    },
    {
      ...common,
      alert: 'HighErrorRate',
      alarmName: 'sira-HighErrorRate',
      alarmDescription: 'More than 5 % of requests fail',
      namespace: 'SIRA/Requests',
      metricName: 'error_rate_percent',
      dimensions: [],
      threshold: 5,
    },
    {
      ...common,
      alert: 'DiskSpaceLow',
      alarmName: 'sira-DiskSpaceLow',
      alarmDescription: 'Less than 20 % of the disk is free',
      namespace: 'CWAgent',
      metricName: 'disk_used_percent',
      dimensions: [
        { Name: 'InstanceId', Value: host?.instanceId ?? '' },
        { Name: 'path', Value: '/' },
        { Name: 'fstype', Value: 'ext4' },
      ],
      threshold: 80,
    },
  ];
}
