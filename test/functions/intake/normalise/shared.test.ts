import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Surroundings } from '../../../../functions/intake/normalise/understood.ts';
import { enveloped, RECEIVED, read, spoken } from './sira.ts';

/** Payloads as other systems really sent them, kept beside the repository where they may be. */
const FOLDER = join(import.meta.dirname, '../../../../../shared/signals');
const OURS = join(import.meta.dirname, '../../../signals');

const NOT_OURS = "is in no system's scope";
const NO_SYSTEM = /^pages: the label "system" is missing: expected sira/;
const EXPECTED: Record<string, RegExp[]> = {
  'alertmanager/amp-json-template-broken-by-quotes.txt': [NO_SYSTEM, /^pages: .* broken, by a quote or a line break/],
  'alertmanager/sns-default-template.txt': [NO_SYSTEM],
  'alertmanager/v4-webhook-two-alerts.json': [/^pages: the label "system" is missing: .*\(2 alerts of this message\)$/],
  'alertmanager/v4-webhook.json': [NO_SYSTEM],
  'cloudwatch-eventbridge/composite-suppressed.json': [new RegExp(`^ignored: .*${NOT_OURS}`)],
  'cloudwatch-eventbridge/configuration-change.json': [/^ignored: a change of an alarm's configuration$/],
  'cloudwatch-eventbridge/metric-math.json': [new RegExp(`^ignored: .*${NOT_OURS}`)],
  'cloudwatch-eventbridge/single-metric.json': [new RegExp(`^ignored: .*${NOT_OURS}`)],
  'cloudwatch-sns/composite.json': [/^pages: the alarm's name "composite-alarm" belongs to no system/],
  'cloudwatch-sns/insufficient-data-http.json': [/^pages: the alarm's name "notificationCountAlarm" belongs to no system/],
  'cloudwatch-sns/multiple-metrics.json': [/^pages: the alarm's name "EXAMPLE" belongs to no system/],
  'cloudwatch-sns/single-metric.json': [/^pages: the alarm's name "EXAMPLE" belongs to no system/],
  'cloudwatch-sns/subscription-confirmation-http.json': [/^ignored: SubscriptionConfirmation of SNS$/],
  'grafana/unified-alerting-webhook.json': [/^pages: the label "system" is missing: .*\(3 alerts of this message\)$/],
  'grafana/webhook-docs.json': [/^pages: the label "system" is missing: .*\(2 alerts of this message\)$/],
  'other/unsupported-new-relic.json': [/^pages: the message has no format that is supported/],
};

/** The same payloads, had they been sent for a system called `acme`. */
const OWNED: Record<string, string[]> = {
  'alertmanager/amp-json-template-broken-by-quotes.txt': [
    `firing v1:acme:InstanceDown:web-7 no value at ${RECEIVED}`,
    "pages: Amazon Managed Prometheus' JSON template was broken",
  ],
  'alertmanager/sns-default-template.txt': [`firing v1:acme:InstanceDown:web-7 no value at ${RECEIVED}`],
  'alertmanager/v4-webhook-two-alerts.json': [
    'firing v1:acme:InstanceDown:127.0.0.1%3A9090 no value at 2020-08-08T14:32:08.326Z',
    'firing v1:acme:InstanceDown:localhost%3A9090 no value at 2020-08-08T02:21:08.326Z',
  ],
  'alertmanager/v4-webhook.json': ['firing v1:acme:thing_dead: no value at 2017-08-03T19:17:37.804Z'],
  'cloudwatch-eventbridge/composite-suppressed.json': [
    'firing (held back) v1:acme:ServiceAggregatedAlarm: no value at 2022-07-22T15:57:45.394Z',
  ],
  'cloudwatch-eventbridge/configuration-change.json': ["ignored: a change of an alarm's configuration"],
  'cloudwatch-eventbridge/metric-math.json': [
    'firing v1:acme:TotalNetworkTrafficTooHigh:web-7 45628 at 2019-10-02T17:20:48.554Z',
  ],
  'cloudwatch-eventbridge/single-metric.json': [
    'firing v1:acme:ServerCpuTooHigh:web-7 99.50160229693434 at 2019-10-02T17:04:40.989Z',
  ],
  'cloudwatch-sns/composite.json': ['firing v1:acme:composite-alarm: no value at 2022-03-17T09:21:51.792Z'],
  'cloudwatch-sns/insufficient-data-http.json': ['unknown v1:acme:notificationCountAlarm: no value at 2019-05-13T08:41:43.548Z'],
  'cloudwatch-sns/multiple-metrics.json': ['firing v1:acme:EXAMPLE:TestInstance 1234 at 2015-06-03T17:43:27.123Z'],
  'cloudwatch-sns/single-metric.json': ['firing v1:acme:EXAMPLE:TestInstance 1234 at 2015-06-03T17:43:27.123Z'],
  'cloudwatch-sns/subscription-confirmation-http.json': ['ignored: SubscriptionConfirmation of SNS'],
  'grafana/unified-alerting-webhook.json': [8081, 8082, 8083].map(
    (port) => `firing v1:acme:InstanceDown:localhost%3A${port} no value at 2023-06-12T08:24:38.326Z`,
  ),
  'grafana/webhook-docs.json': [
    'firing v1:acme:High memory usage: 44.23943737541908 at 2021-10-12T07:51:03.157Z',
    'firing v1:acme:High CPU usage: 44.23943737541908 at 2021-10-12T07:56:03.157Z',
  ],
  'other/unsupported-new-relic.json': ['pages: the message has no format that is supported'],
};
const host = { name: 'web-7', instanceId: 'i-12345678901234567', aliases: ['10.0.1.7'] };
const ACME: Surroundings = {
  systems: [{ id: 'acme', alerts: [], settings: { hosts: [host], hostTag: 'system=acme' } }],
  prefix: 'firebreak',
};

/** Subject and message are kept in one file where both were known. */
function message(file: string, change: (text: string) => string = (text) => text): string {
  const text = change(readFileSync(join(FOLDER, file), 'utf8'));
  if (file.startsWith('cloudwatch-')) return text;
  const [subject = '', rest] = text.split('\n---Message---\n');
  return rest === undefined ? enveloped(text) : enveloped(rest, subject.replace(/^Subject: /, ''));
}

/** Gives every alert to `acme`, in each format by its own means; labels stay in the order in which templates list them. */
function adopted(text: string): string {
  return text
    .replace(/(alarmName|AlarmName)(\\?": ?\\?")/g, '$1$2acme-')
    .replace(/"labels": \{\n/g, '"labels": { "system": "acme",\n')
    .replace('"severity": "critical"},', '"severity": "critical", "system": "acme"},')
    .replace(' - severity = critical\n', ' - severity = critical\n - system = acme\n');
}

if (existsSync(FOLDER)) {
  describe('payloads of other systems', () => {
    test('each has an expectation', () => {
      const all = globSync('*/*', { cwd: FOLDER }).sort();
      expect(Object.keys(EXPECTED).sort()).toEqual(all);
      expect(Object.keys(OWNED).sort()).toEqual(all);
    });
    test.each(Object.entries(EXPECTED))('%s belongs to nobody', (file, expected) => {
      const lines = spoken(read(message(file)));
      expect(lines).toHaveLength(expected.length);
      for (const [index, line] of lines.entries()) expect(line).toMatch(expected[index] ?? /^$/);
    });
    test.each(Object.entries(OWNED))('%s, had it a system', (file, expected) => {
      const lines = spoken(read(message(file, adopted), ACME));
      expect(lines).toHaveLength(expected.length);
      for (const [index, line] of lines.entries()) expect(line.startsWith(expected[index] ?? '?'), line).toBe(true);
    });
  });
} else {
  test('the payloads of our own stand for every format', () => {
    expect(globSync('*', { cwd: OURS }).sort()).toEqual([
      'alertmanager',
      'alertmanager-text',
      'cloudwatch-eventbridge',
      'cloudwatch-sns',
      'grafana',
      'managed-prometheus',
      'other',
    ]);
  });
}
