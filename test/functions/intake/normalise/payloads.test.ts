import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Signal } from '../../../../runbooks/language/signal.ts';
import { enveloped, read, spoken } from './sira.ts';

const FOLDER = join(import.meta.dirname, '../../../signals');
const ARN = 'arn:aws:cloudwatch:eu-central-1:210987654321:alarm';
const DISK = 'v1:sira:DiskSpaceLow:sira-prod-1';
const RATE = 'v1:sira:HighErrorRate:';
const DOWN = 'v1:sira:APIDown:';
const RECEIPT = '2026-10-05T12:00:00.000Z';
const BROKEN =
  "pages: Amazon Managed Prometheus' JSON template was broken, by a quote or a line break in a value: expected JSON; use the template of docs/alertmanager, which escapes";
const UNSUPPORTED =
  "pages: the message has no format that is supported: expected a CloudWatch alarm (event of EventBridge, or notification through SNS); Alertmanager's JSON (webhook version 4) or the default text of its SNS receiver; Amazon Managed Prometheus' JSON template; Grafana's alerting JSON";

/** What becomes of each file of test/signals. */
const EXPECTED: Record<string, string[]> = {
  'alertmanager/firebreak-template.json': [
    `cleared ${DISK} 91.3 at 2026-11-22T19:06:34.000Z from alertmanager:a7a12c7624ffe20e`,
    `firing ${DOWN} no value at 2026-11-22T19:06:30.989Z from alertmanager:5811a3045a211350`,
  ],
  'alertmanager/firing-and-resolved.json': [
    `firing ${DISK} 91.3 at 2026-10-04T03:14:05.250Z from alertmanager:8d08e35a56afa79c`,
    `cleared ${DOWN} no value at 2026-10-04T03:13:40.123Z from alertmanager:5811a3045a211350`,
  ],
  'alertmanager/high-error-rate.json': [`firing ${RATE} 6.3 at 2026-10-04T03:14:05.250Z from alertmanager:cdb9cb84c75f9744`],
  'alertmanager/one-without-system.json': [
    `firing ${RATE} 3.1 at 2026-10-04T03:14:05.250Z from alertmanager:cdb9cb84c75f9744`,
    'pages: the label "system" is missing: expected sira',
    'pages: the label "system" is "sirra": expected sira',
    'pages: the field "startsAt" of a firing alert is "soon": expected a time such as 2026-08-03T10:00:00Z',
  ],
  'alertmanager/undeclared-alert.json': [
    'firing v1:sira:CertificateExpires <b>soon</b>:sira-prod-1 no value at 2026-10-04T03:14:05.250Z from alertmanager:a4162f5482b434b0',
  ],
  'alertmanager-text/firing-and-resolved.txt': [
    `firing ${DISK} no value at ${RECEIPT} from alertmanager-received:8d08e35a56afa79c`,
    `firing ${RATE} 6.3 at ${RECEIPT} from alertmanager-received:cdb9cb84c75f9744`,
    `cleared ${DOWN} no value at ${RECEIPT} from alertmanager-received:5811a3045a211350`,
  ],
  'alertmanager-text/hostile.txt': [
    `firing ${DISK} no value at ${RECEIPT} from alertmanager-received:a7a12c7624ffe20e`,
    "pages: Alertmanager's plain text is ambiguous: an alert has no source line where it should end; use the JSON template of docs/alertmanager",
  ],
  'alertmanager-text/resolved.txt': [`cleared ${DOWN} no value at ${RECEIPT} from alertmanager-received:5811a3045a211350`],
  'cloudwatch-eventbridge/alarm.json': [
    `firing ${DISK} 91.3 at 2026-10-04T03:14:19.516Z from ${ARN}:sira-DiskSpaceLow-prod-1-root`,
  ],
  'cloudwatch-eventbridge/another-team.json': ['ignored: the alarm "billing-InvoiceBacklog" is in no system\'s scope'],
  'cloudwatch-eventbridge/composite.json': [`firing ${DOWN} no value at 2026-10-04T03:20:00.700Z from ${ARN}:sira-APIDown-any`],
  'cloudwatch-eventbridge/configuration-change.json': ["ignored: a change of an alarm's configuration"],
  'cloudwatch-eventbridge/contributor.json': [
    `firing ${DISK} 84.5 at 2026-10-04T06:11:02.300Z from ${ARN}:sira-DiskSpaceLow-fleet#9f3a77c02b1d4e58`,
  ],
  'cloudwatch-eventbridge/insufficient-data.json': [
    `unknown ${DISK} no value at 2026-10-04T04:02:19.514Z from ${ARN}:sira-DiskSpaceLow-prod-1-root`,
  ],
  'cloudwatch-eventbridge/metric-math.json': [`firing ${RATE} 6.25 at 2026-10-04T05:42:10.004Z from ${ARN}:sira-HighErrorRate`],
  'cloudwatch-eventbridge/mute-window-over.json': [
    `firing ${DISK} 91.3 at 2026-10-04T03:14:19.516Z from ${ARN}:sira-DiskSpaceLow-prod-1-root`,
  ],
  'cloudwatch-eventbridge/muted.json': [
    `firing (held back) ${DISK} 91.3 at 2026-10-04T03:14:19.516Z from ${ARN}:sira-DiskSpaceLow-prod-1-root`,
  ],
  'cloudwatch-eventbridge/ok.json': [
    `cleared ${DISK} 72.9 at 2026-10-04T03:18:19.514Z from ${ARN}:sira-DiskSpaceLow-prod-1-root`,
  ],
  'cloudwatch-eventbridge/our-own.json': ['ignored: our own alarm "firebreak-dead-letters"'],
  'cloudwatch-eventbridge/set-by-hand.json': [`firing ${DOWN} no value at 2026-10-04T09:00:00.001Z from ${ARN}:sira-APIDown`],
  'cloudwatch-eventbridge/suppressed.json': [
    `firing (held back) ${DOWN} no value at 2026-10-04T03:20:00.700Z from ${ARN}:sira-APIDown-any`,
  ],
  'cloudwatch-sns/composite.json': [`firing ${DOWN} no value at 2026-10-04T03:20:00.700Z from ${ARN}:sira-APIDown-any`],
  'cloudwatch-sns/insufficient-data.json': [
    `unknown ${DISK} no value at 2026-10-04T04:02:19.514Z from cloudwatch:210987654321::sira-DiskSpaceLow-prod-1-root`,
  ],
  'cloudwatch-sns/no-system.json': ['pages: the alarm\'s name "checkout-latency" belongs to no system: expected sira-<Alert>'],
  'cloudwatch-sns/ok-in-records.json': [
    `cleared ${DISK} 72.9 at 2026-10-04T03:18:19.514Z from ${ARN}:sira-DiskSpaceLow-prod-1-root`,
  ],
  'cloudwatch-sns/several-metrics.json': [
    `firing ${DISK} 83.4 at 2026-10-04T03:14:19.516Z from ${ARN}:sira-DiskSpaceLow-prod-1-var`,
  ],
  'cloudwatch-sns/single-metric.json': [
    `firing ${DISK} 91.3 at 2026-10-04T03:14:19.516Z from ${ARN}:sira-DiskSpaceLow-prod-1-root`,
  ],
  'cloudwatch-sns/subscription-confirmation.json': ['ignored: SubscriptionConfirmation of SNS'],
  'cloudwatch-sns/undeclared-alert.json': [
    `firing v1:sira:QueueDepth-emails: 9000 at 2026-10-04T03:14:19.516Z from ${ARN}:sira-QueueDepth-emails`,
  ],
  'grafana/ambiguous-values.json': [`firing ${RATE} no value at 2026-10-04T03:14:00.500Z from grafana:1c9b4b0a7d2e6f35`],
  'grafana/resolved.json': [`cleared ${RATE} no value at 2026-10-04T03:31:00.000Z from grafana:1c9b4b0a7d2e6f35`],
  'grafana/value-string.json': [`firing ${DISK} 91.3 at 2026-10-04T03:14:00.500Z from grafana:7f00ab3c9d5e1264`],
  'grafana/values.json': [`firing ${RATE} 6.4 at 2026-10-04T03:14:00.500Z from grafana:1c9b4b0a7d2e6f35`],
  'managed-prometheus/broken-label.txt': [BROKEN],
  'managed-prometheus/broken.txt': [`firing ${DISK} no value at ${RECEIPT} from alertmanager-received:8d08e35a56afa79c`, BROKEN],
  'managed-prometheus/fine.txt': [
    `firing ${DISK} 91.3 at 2026-10-04T03:14:05.250Z from alertmanager:8d08e35a56afa79c`,
    `cleared ${RATE} no value at 2026-10-04T03:10:00.500Z from alertmanager:cdb9cb84c75f9744`,
  ],
  'other/new-relic-like.json': [UNSUPPORTED],
  'other/plain-words.txt': [UNSUPPORTED],
};

/** CloudWatch's files are whole messages of the queue; the others are what Alertmanager and Grafana hand to SNS. */
function body(file: string): string {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  return file.startsWith('cloudwatch-') ? text : enveloped(text);
}

describe('what becomes of each payload of our own', () => {
  test.each(Object.entries(EXPECTED))('%s', (file, expected) => {
    // Recorded from a real Alertmanager, some weeks after the others.
    const receivedAt = file === 'alertmanager/firebreak-template.json' ? '2026-11-22T19:06:35.000Z' : RECEIPT;
    const understood = read(body(file), undefined, receivedAt);
    expect(spoken(understood)).toEqual(expected);
    for (const signal of understood.signals) expect(Signal.parse(signal)).toEqual(signal);
  });

  test('none is left out', () => {
    expect(Object.keys(EXPECTED).sort()).toEqual(globSync('*/*', { cwd: FOLDER }).sort());
  });
});

describe('an alert in full', () => {
  test("CloudWatch's, through EventBridge", () => {
    expect(read(body('cloudwatch-eventbridge/alarm.json')).signals[0]).toMatchObject({
      system: 'sira',
      alert: 'DiskSpaceLow',
      target: 'sira-prod-1',
      labels: { InstanceId: 'i-0a1b2c3d4e5f60718', path: '/', MetricName: 'disk_used_percent', Region: 'eu-central-1' },
      summary: expect.stringContaining('greater than the threshold (80.0)'),
      source: { kind: 'cloudwatch', alarmName: 'sira-DiskSpaceLow-prod-1-root' },
    });
  });

  test("CloudWatch's region is the ARN's, not the name that SNS gives it", () => {
    expect(read(body('cloudwatch-sns/single-metric.json')).signals[0]?.labels.Region).toBe('eu-central-1');
  });

  test("Alertmanager's, with text that a template must not break", () => {
    const [signal] = read(body('alertmanager/firebreak-template.json')).signals;
    expect(signal?.summary).toBe(
      '/ on "prod" is it\'s 91 % <full> & \\"done\\" \\\'\nAlerts Resolved:\nLabels:\n - alertname = APIDown\n - system = sira\nAnnotations:\nSource: x',
    );
    expect(signal).toMatchObject({ severity: 'warning', source: { url: 'http://prom:9090/graph?g0.expr=a+%3D%3D+0&g0.tab=1' } });
  });

  test("Grafana's, with the panel's page", () => {
    const [signal] = read(body('grafana/values.json')).signals;
    expect(signal?.source).toMatchObject({ kind: 'grafana', url: 'https://grafana.sira.internal/d/sira?viewPanel=4' });
  });

  test('a page that is no web page is no page', () => {
    expect(read(body('alertmanager/undeclared-alert.json')).signals[0]?.source.url).toBeUndefined();
  });
});
