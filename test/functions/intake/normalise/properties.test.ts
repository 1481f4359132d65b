import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Understood } from '../../../../functions/intake/normalise/understood.ts';
import { Signal } from '../../../../runbooks/language/signal.ts';
import { enveloped, read } from './sira.ts';

/** Nothing is lost, and whatever came out can be stored. */
function sound({ signals, left, ignored }: Understood): void {
  expect(signals.length + left.length + ignored.length).toBeGreaterThan(0);
  for (const signal of signals) expect(Signal.parse(signal)).toEqual(signal);
  for (const one of left) expect(one.payload.length).toBeLessThanOrEqual(4_000);
}

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string());
/** Text made of what the formats are made of, so that readers get beyond their first line. */
const mark = fc.constantFrom(
  'Alerts Firing:',
  'Alerts Resolved:',
  'Labels:',
  ' - alertname = APIDown',
  ' - system = sira',
  ' - z = 1',
  'Annotations:',
  'Source: x',
  '',
);
const almostText = fc.array(fc.oneof(mark, anyText), { maxLength: 30 }).map((lines) => lines.join('\n'));

test('no text is thrown at', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, fc.json(), almostText), (text) => {
      sound(read(text));
      sound(read(enveloped(text, text)));
    }),
  );
});

/** A payload of the right shape with anything in its fields. */
const field = fc.oneof(anyText, fc.jsonValue(), fc.constant(undefined));
const anyAlert = fc.record({
  status: fc.oneof(fc.constantFrom('firing', 'resolved'), field),
  labels: fc.oneof(fc.dictionary(anyText, anyText), field),
  annotations: fc.oneof(fc.dictionary(anyText, anyText), field),
  startsAt: fc.oneof(fc.constant('2026-10-04T03:00:00Z'), field),
  endsAt: fc.oneof(fc.constant('2026-10-04T03:00:00Z'), field),
  values: field,
  valueString: field,
});
const anyAlarm = fc.record({
  AlarmName: fc.oneof(
    anyText.map((text) => `sira-${text}`),
    field,
  ),
  NewStateValue: fc.oneof(fc.constantFrom('ALARM', 'OK'), field),
  NewStateReason: field,
  StateChangeTime: fc.oneof(fc.constant('2026-10-04T03:14:19.516+0000'), field),
  Trigger: fc.oneof(fc.record({ Dimensions: fc.array(fc.record({ name: anyText, value: anyText })) }), field),
});
const anyEvent = fc.record({
  'detail-type': fc.constant('CloudWatch Alarm State Change'),
  source: fc.constant('aws.cloudwatch'),
  account: fc.constant('1'),
  region: anyText,
  resources: field,
  detail: fc.record({
    alarmName: anyText.map((text) => `sira-${text}`),
    state: fc.record({
      value: fc.constant('ALARM'),
      timestamp: fc.oneof(fc.constant('2026-10-04T03:14:19.516+0000'), field),
      reason: field,
      reasonData: field,
    }),
    configuration: field,
    muteDetail: field,
  }),
});

test('no field is thrown at', () => {
  const anyPayload = fc.oneof(fc.record({ alerts: fc.array(anyAlert) }), anyAlarm, anyEvent);
  fc.assert(
    fc.property(anyPayload, (payload) => {
      sound(read(JSON.stringify(payload)));
      sound(read(enveloped(JSON.stringify(payload))));
    }),
    { numRuns: 300 },
  );
});

test('a name of which nothing can be shown is nobody’s alert, and left for a person', () => {
  for (const name of ['\u0000', '\u202e', '\u200b\u0007']) {
    const detail = { alarmName: `sira-${name}`, state: { value: 'ALARM', timestamp: '2026-10-04T03:14:19.516+0000' } };
    const event = { 'detail-type': 'CloudWatch Alarm State Change', source: 'aws.cloudwatch', account: '1', region: 'x', detail };
    const alert = { status: 'firing', labels: { alertname: name, system: 'sira' }, startsAt: '2026-10-04T03:00:00Z' };
    for (const payload of [event, { alerts: [alert] }]) {
      const { signals, left } = read(enveloped(JSON.stringify(payload)));
      expect([signals, left.length]).toEqual([[], 1]);
    }
  }
});

test('whatever stands in labels and annotations, the alert stays what it is', () => {
  const dictionary = fc.dictionary(anyText, anyText);
  fc.assert(
    fc.property(dictionary, dictionary, (labels, annotations) => {
      const own = { ...labels, alertname: 'APIDown', system: 'sira' };
      const alert = { status: 'firing', labels: own, annotations, startsAt: '2026-10-04T03:00:00Z' };
      const { signals, left } = read(enveloped(JSON.stringify({ alerts: [alert] })));
      expect(left).toEqual([]);
      expect(signals).toMatchObject([{ system: 'sira', alert: 'APIDown', target: '', dedupKey: 'v1:sira:APIDown:' }]);
    }),
  );
});

test('an annotation in plain text forges no other alert unnoticed', () => {
  fc.assert(
    fc.property(almostText, almostText, (summary, title) => {
      const labels = ' - alertname = HighErrorRate\n - system = sira';
      const annotations = ` - summary = ${summary}\n - title = ${title}`;
      const text = `${summary} ${title}\n\nAlerts Firing:\nLabels:\n${labels}\nAnnotations:\n${annotations}\nSource: x\n\n`;
      const { signals, left } = read(enveloped(text, '[FIRING:1] sira'));
      const others = signals.filter((one) => one.alert !== 'HighErrorRate');
      expect(others.length === 0 || left.length > 0).toBe(true);
      expect(signals.filter((one) => one.status === 'cleared')).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('JSON that is nested too deeply is left, not thrown at', () => {
  sound(read(`${'['.repeat(100_000)}${']'.repeat(100_000)}`));
  sound(read(enveloped(`{"alerts":[${'['.repeat(50_000)}${']'.repeat(50_000)}]}`)));
});
