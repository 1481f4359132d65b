import type { SiraSettings } from '../../runbooks/sira/system.ts';

/** An alarm's definition, as the local CloudWatch is configured with it and DescribeAlarms tells it. */
export interface AlarmConfiguration {
  /** The declared alert that it raises. */
  alert: string;
  name: string;
  description: string;
  namespace: string;
  metric: string;
  dimensions: Record<string, string>;
  statistic: 'Maximum' | 'Minimum';
  /** Seconds. */
  period: number;
  evaluationPeriods: number;
  threshold: number;
  comparison: 'GreaterThanThreshold' | 'LessThanThreshold';
  /** Which of the further hosts it watches; nothing for the first, and for what is about all. */
  host?: string;
}

/** The CloudWatch alarms of SIRA's simulated monitoring: what is about a host is there once for each, with its name behind it. */
export function siraAlarms(settings: SiraSettings): AlarmConfiguration[] {
  const first = alarmsOfFirst(settings);
  const aboutHost = first.filter(({ dimensions }) => 'InstanceId' in dimensions);
  const further = settings.hosts.slice(1).flatMap(({ name: host, instanceId }) =>
    aboutHost.map((alarm) => ({
      ...alarm,
      name: `${alarm.name}-${host}`,
      dimensions: { ...alarm.dimensions, InstanceId: instanceId },
      host,
    })),
  );
  return [...first, ...further];
}

function alarmsOfFirst(settings: SiraSettings): AlarmConfiguration[] {
  const [host] = settings.hosts;
  const common = { statistic: 'Maximum', period: 60, evaluationPeriods: 1, comparison: 'GreaterThanThreshold' } as const;
  return [
    {
      ...common,
      alert: 'APIDown',
      name: 'sira-APIDown',
      description: `${settings.urls.api} does not answer 200`,
      namespace: 'SIRA/Probes',
      metric: 'failed_checks',
      dimensions: {},
      threshold: 0,
    },
    {
      ...common,
      alert: 'HighErrorRate',
      name: 'sira-HighErrorRate',
      description: 'More than 2 % of requests fail',
      namespace: 'SIRA/Requests',
      metric: 'error_rate_percent',
      dimensions: {},
      threshold: 2,
    },
    {
      ...common,
      alert: 'SlowRecommendationGeneration',
      name: 'sira-SlowRecommendationGeneration',
      description: 'A recommendation takes more than 5 s',
      namespace: 'SIRA/Recommendations',
      metric: 'generation_seconds',
      dimensions: {},
      threshold: 5,
    },
    {
      ...common,
      alert: 'DiskSpaceLow',
      name: 'sira-DiskSpaceLow',
      description: 'Less than 20 % of the disk is free',
      namespace: 'CWAgent',
      metric: 'disk_used_percent',
      dimensions: { InstanceId: host?.instanceId ?? '', path: '/', fstype: 'ext4' },
      threshold: 80,
    },
    {
      ...common,
      alert: 'DiskSpaceFilling',
      name: 'sira-DiskSpaceFilling',
      description: 'More than 70 % of the disk is used',
      namespace: 'CWAgent',
      metric: 'disk_used_percent',
      dimensions: { InstanceId: host?.instanceId ?? '', path: '/', fstype: 'ext4' },
      threshold: 70,
    },
    {
      ...common,
      alert: 'DatabaseDown',
      name: 'sira-DatabaseDown',
      description: 'The application gets no connection to PostgreSQL',
      namespace: 'SIRA/Database',
      metric: 'database_down',
      dimensions: {},
      threshold: 0,
    },
    {
      ...common,
      alert: 'BackupFailed',
      name: 'sira-BackupFailed',
      description: 'The last good backup is older than a day and two hours',
      namespace: 'SIRA/Backups',
      metric: 'hours_since_backup',
      dimensions: { InstanceId: host?.instanceId ?? '' },
      threshold: 26,
    },
    {
      ...common,
      alert: 'HighResponseTime',
      name: 'sira-HighResponseTime',
      description: '95 % of answers take longer than 2 s',
      namespace: 'SIRA/Requests',
      metric: 'response_seconds_p95',
      dimensions: {},
      threshold: 2,
    },
    {
      ...common,
      alert: 'MemoryExhausted',
      name: 'sira-MemoryExhausted',
      description: 'More than 90 % of the memory is used, or a container has come to its limit',
      namespace: 'CWAgent',
      metric: 'mem_used_percent',
      dimensions: { InstanceId: host?.instanceId ?? '' },
      threshold: 90,
    },
    {
      ...common,
      alert: 'CertificateExpiring',
      name: 'sira-CertificateExpiring',
      description: `The certificate of ${settings.certificate.domain} has less than 30 days left`,
      namespace: 'SIRA/Probes',
      metric: 'certificate_days_left',
      dimensions: {},
      statistic: 'Minimum',
      comparison: 'LessThanThreshold',
      threshold: 30,
    },
  ];
}
