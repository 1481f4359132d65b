import { describe, expect, test } from 'vitest';
import { ownerOf } from '../../../../functions/intake/normalise/cloudwatch-alarm.ts';
import { newestDatapoint } from '../../../../functions/intake/normalise/cloudwatch-value.ts';
import { fingerprint } from '../../../../functions/intake/normalise/fingerprint.ts';
import { measured } from '../../../../functions/intake/normalise/labelled-alert.ts';
import { orderedAt, utc } from '../../../../functions/intake/normalise/source-time.ts';
import type { KnownSystem } from '../../../../functions/intake/normalise/understood.ts';
import { enveloped, read, SIRA } from './sira.ts';

const system = (id: string, ...names: string[]): KnownSystem => ({
  id,
  alerts: names.map((name) => ({ name, unit: '', about: 'host', severity: 'P1' })),
  settings: { hosts: [{ name: 'a', instanceId: 'i-00000001', aliases: [] }], hostTag: 'a=b' },
});

describe("an alarm's name", () => {
  const systems = [system('sira', 'Disk', 'DiskSpaceLow', 'eu-Disk'), system('sira-eu', 'Disk'), system('saveit')];
  test.each([
    ['sira-DiskSpaceLow', 'sira', 'DiskSpaceLow'],
    ['sira-DiskSpaceLow-prod-1-data', 'sira', 'DiskSpaceLow'],
    ['sira-Disk-SpaceLow', 'sira', 'Disk'],
    ['sira-eu-Disk-1', 'sira-eu', 'Disk'],
    ['sira-DiskSpaceLower', 'sira', 'DiskSpaceLower'],
    ['saveit-Anything-1', 'saveit', 'Anything-1'],
  ])('%s', (name, id, alert) => {
    const owner = ownerOf(name, systems);
    expect([owner?.system.id, owner?.alert.name]).toEqual([id, alert]);
  });
  test.each(['sira', 'sira-', 'siraDisk', 'SIRA-Disk', 'x-sira-Disk', ''])('%j belongs to nobody', (name) => {
    expect(ownerOf(name, systems)).toBeUndefined();
  });
});

describe('a time', () => {
  test.each([
    ['2026-10-04T03:14:19.516+0000', '2026-10-04T03:14:19.516Z'],
    ['2026-10-04T05:14:19+02:00', '2026-10-04T03:14:19.000Z'],
    ['2017-08-03T15:17:37.804-04:00', '2017-08-03T19:17:37.804Z'],
    ['2026-08-03 10:00:00.1239 +0000 UTC', '2026-08-03T10:00:00.123Z'],
    ['2026-08-03 12:00:00 +0200 CEST m=+12.5', '2026-08-03T10:00:00.000Z'],
    ['0001-01-01T00:00:00Z', undefined],
    ['0001-01-01 00:00:00 +0000 UTC', undefined],
    ['2026-13-04T03:14:19Z', undefined],
    ['2026-10-04', undefined],
    ['soon', undefined],
    [undefined, undefined],
  ])('%s', (text, expected) => {
    expect(utc(text)).toBe(expected);
  });
  test('of a clock that is far ahead does not order events', () => {
    const receivedAt = '2026-10-04T03:00:00.000Z';
    expect(orderedAt('2026-10-04T03:10:00.000Z', receivedAt)).toBe('2026-10-04T03:10:00.000Z');
    expect(orderedAt('2026-10-04T03:10:00.001Z', receivedAt)).toBe(receivedAt);
    expect(orderedAt('2020-01-01T00:00:00.000Z', receivedAt)).toBe('2020-01-01T00:00:00.000Z');
  });
});

describe('a value', () => {
  test.each([
    ['6.3', 6.3],
    ['6.3%', 6.3],
    [' -1e3 % ', -1000],
    ['6,3', undefined],
    ['0x10', undefined],
    ['NaN', undefined],
    ['1e999', undefined],
    ['', undefined],
    ['6.3 of 100', undefined],
  ])('%j', (text, expected) => {
    expect(measured(text)).toBe(expected);
  });
});

describe("CloudWatch's newest datapoint", () => {
  const list =
    'Threshold Crossed: 2 datapoints [0.0 (01/11/26 14:02:00), 1.5E-4 (31/10/26 14:01:00)] were not greater than the threshold (42.0).';
  const data = (rest: object) => JSON.stringify({ version: '1.0', ...rest });
  test('is the latest by its time', () => {
    expect(newestDatapoint(list, undefined)).toBe(0);
    const evaluatedDatapoints = [
      { timestamp: '2026-10-04T03:12:00.000+0000', value: 1 },
      { timestamp: '2026-10-04T03:13:00.000+0000', value: 2 },
      { timestamp: '2026-10-04T03:14:00.000+0000' },
    ];
    expect(newestDatapoint(list, data({ recentDatapoints: [7, 8], evaluatedDatapoints }))).toBe(2);
  });
  test('is the last of those without a time', () => {
    expect(newestDatapoint('', data({ recentDatapoints: [1, 0.5, null] }))).toBe(0.5);
    expect(newestDatapoint('', data({ recentDatapoints: [] }))).toBeUndefined();
  });
  test('is nothing that a person wrote', () => {
    expect(newestDatapoint('drill [9.0 (01/11/26 14:02:00)]', undefined)).toBeUndefined();
    expect(newestDatapoint('drill', '{"recentDatapoints": "many"')).toBeUndefined();
  });
});

test('the fingerprint is the one that Alertmanager computes', () => {
  expect(fingerprint({ system: 'sira', severity: 'critical', alertname: 'APIDown' })).toBe('5811a3045a211350');
});

describe('bounds', () => {
  const labels = (more: Record<string, string>) => ({ alertname: 'APIDown', system: 'sira', ...more });
  const alert = (more: Record<string, string>) => ({ status: 'firing', labels: labels(more), startsAt: '2026-10-04T03:00:00Z' });
  const group = (...alerts: unknown[]) => enveloped(JSON.stringify({ alerts }));

  test('a payload is cut, and says how much', () => {
    const [left] = read('x'.repeat(10_000)).left;
    expect(left?.payload.length).toBeLessThanOrEqual(4_000);
    expect(left?.payload).toContain('of 10000 characters cut)');
  });
  test('labels are', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`l${index}`, 'v'.repeat(2_000)]));
    const [signal] = read(group(alert(many))).signals;
    expect(Object.keys(signal?.labels ?? {})).toHaveLength(65);
    expect(signal?.labels['labels left out']).toBe('38');
    expect(signal?.labels.l0).toHaveLength(1_000);
  });
  test('two long names stay two', () => {
    const named = (end: string) => alert({ alertname: 'n'.repeat(5_000) + end, host: 'h'.repeat(5_000) + end });
    const { signals } = read(group(named('1'), named('2')));
    expect(new Set(signals.map((one) => one.dedupKey)).size).toBe(2);
    for (const signal of signals) expect(Buffer.byteLength(`CLAIM#${signal.dedupKey}`)).toBeLessThan(2_048);
  });
  test('a label cannot forge a line in what the operators read', () => {
    const { left } = read(group(alert({ system: 'x\n\nWhy: all is well\u2028\u0007' })));
    expect(left[0]?.why).toContain('"x Why: all is well "');
    const named = read(group({ ...alert({}), labels: { 'x\nWhy: all is well': 1 } }));
    expect(named.left[0]?.why).toContain('"labels.x Why: all is well" is wrong');
  });
  test('no secret is kept, wherever it stands and wherever it is cut', () => {
    const secretive = {
      alertname: 'Login password=hunter2',
      host: 'amqp://sira:hunter2@mq',
      db_password: 'hunter2',
      note: `${'n'.repeat(980)} password=hunter2`,
    };
    const { signals, left } = read(
      group({ ...alert(secretive), generatorURL: 'https://sira:hunter2@grafana.example/?token=hunter2' }),
    );
    expect(left).toEqual([]);
    expect(JSON.stringify(signals)).not.toContain('hunter');
    expect(signals[0]).toMatchObject({
      alert: 'Login password=[redacted]',
      labels: { db_password: '[redacted]' },
      source: { url: expect.stringMatching(/^https:\/\/sira:/) },
      dedupKey: 'v1:sira:Login password=[redacted]:amqp%3A//sira%3A[redacted]@mq',
    });
    const lost = read(
      group(alert({ system: `password=hunter2`, note: `${'n'.repeat(3_500)} password=${'hunter2'.repeat(80)}` })),
    );
    expect(JSON.stringify(lost.left)).not.toContain('hunter');
  });
  test('a hundred alerts with one mistake are one page', () => {
    const { left } = read(group(...Array.from({ length: 100 }, () => alert({ system: 'nobody' }))));
    expect(left).toHaveLength(1);
    expect(left[0]?.why).toContain('(100 alerts of this message)');
  });
});

describe('the way in decides who hears of what no system owns', () => {
  const event = { 'detail-type': 'EC2 Instance State-change Notification', source: 'aws.ec2', detail: {} };
  const alarm = { source: 'aws.cloudwatch', 'detail-type': 'CloudWatch Alarm State Change', detail: { alarmName: 'x' } };
  test('from the bus, nobody', () => {
    expect(read(JSON.stringify(event)).ignored).toHaveLength(1);
    expect(read(JSON.stringify(alarm)).left).toMatchObject([
      { published: false, why: expect.stringContaining('"account" is wrong') },
    ]);
  });
  test('through the topic, a person', () => {
    expect(read(enveloped(JSON.stringify(event))).left).toMatchObject([{ published: true, messageId: 'message-1' }]);
  });
  test('our own alarms open nothing either way', () => {
    const own = { AlarmName: 'firebreak-heartbeat', NewStateValue: 'ALARM', StateChangeTime: '2026-10-04T03:14:19.516+0000' };
    expect(read(enveloped(JSON.stringify(own)), SIRA)).toMatchObject({ signals: [], left: [], ignored: [expect.any(String)] });
  });
});
