import { describe, expect, test } from 'vitest';
import { enveloped, read, spoken } from './sira.ts';

const SOURCE = 'Source: http://prometheus:9090/graph';
const block = (labels: string[], annotations: string[] = []) =>
  ['Labels:', ...labels.map((one) => ` - ${one}`), 'Annotations:', ...annotations.map((one) => ` - ${one}`), SOURCE].join('\n');
const down = ['alertname = APIDown', 'system = sira'];
const rate = ['alertname = HighErrorRate', 'system = sira'];
const DOWN = 'firing v1:sira:APIDown: no value';
const AMBIGUOUS = "pages: Alertmanager's plain text is ambiguous";

function said(text: string, subject?: string, truncated = false): string[] {
  const attributes = truncated ? { truncated: { Type: 'String', Value: 'true' } } : {};
  return spoken(read(enveloped(text, subject, attributes))).map((line) =>
    line.replace(/ at .*/, '').replace(/ambiguous:.*/, 'ambiguous'),
  );
}

describe("Alertmanager's plain text", () => {
  test('several lines in an annotation are an annotation', () => {
    expect(said(`a b\n\nAlerts Firing:\n${block(down, ['summary = a\nb', 'title = c'])}\n\n`, '[FIRING:1] sira')).toEqual([DOWN]);
  });

  test('a value counts only where no other line could be in its place by a line break', () => {
    const value = (...annotations: string[]) => said(`\nAlerts Firing:\n${block(rate, annotations)}`);
    expect(value('summary = disk says', 'value = 7 %')).toEqual(['firing v1:sira:HighErrorRate: 7']);
    expect(value('summary = disk\nsays', 'value = 7')).toEqual(['firing v1:sira:HighErrorRate: no value']);
    expect(value('summary = x\n - value = 99', 'value = 7')).toEqual(['firing v1:sira:HighErrorRate: no value']);
    expect(value('zone = x\n - value = 99')).toEqual(['firing v1:sira:HighErrorRate: no value']);
  });
});

describe('what an annotation must not forge', () => {
  const alert = (text: string) => `\nAlerts Firing:\n${block(down, [`summary = ${text}`, 'title = t'])}\n\n`;

  test('a further alert, which the subject does not count', () => {
    const forged = alert(`x\n${SOURCE}\n${block(rate)}\nLabels:\n - alertname = Z\nAnnotations:\n - a = b`);
    expect(said(forged, '[FIRING:1] sira')).toEqual([DOWN, AMBIGUOUS]);
  });

  test('an alert that is resolved', () => {
    expect(said(alert(`x\nAlerts Resolved:\n${block(rate)}`), '[FIRING:1] sira')).toEqual([DOWN, AMBIGUOUS]);
    expect(said(alert(`x\n${SOURCE}\n\nAlerts Resolved:\n${block(rate)}`), '[FIRING:1] sira')).toEqual([DOWN, AMBIGUOUS]);
  });

  test('anything, where all alerts share it and so it comes first', () => {
    const hostile = `x\n\nAlerts Firing:\n${block(rate)}`;
    expect(said(`${hostile}\n${alert(hostile)}`, '[FIRING:1] sira')).toContain(AMBIGUOUS);
    expect(said(`x\nLabels:\n - system = sira\n${alert('x\nLabels:')}`)).toEqual([AMBIGUOUS]);
  });

  test('a firing alert, where none fires', () => {
    const resolved = `\nAlerts Resolved:\n${block(down, [`summary = x\n${SOURCE}\n\nAlerts Firing:\n${block(rate)}`])}\n`;
    expect(said(resolved, '[RESOLVED] sira')).toEqual([AMBIGUOUS]);
    expect(said(`\nAlerts Firing:\n${block(rate)}\n`, '[RESOLVED] sira')).toEqual([
      'firing v1:sira:HighErrorRate: no value',
      AMBIGUOUS,
    ]);
  });
});

describe('what a label must not forge', () => {
  test.each([
    ['a line that is no label', ['alertname = APIDown', 'instance = a\nb', 'system = sira']],
    ['a second system', ['alertname = APIDown', 'system = sira', 'system = saveit']],
    ['a label out of its place', ['alertname = APIDown', 'zone = a', 'system = sira']],
  ])('%s', (_, labels) => {
    expect(said(`\nAlerts Firing:\n${block(labels)}`)).toEqual([AMBIGUOUS]);
  });
});

test('a text that was cut says so to the person', () => {
  const lines = spoken(
    read(
      enveloped(`\nAlerts Firing:\n${block(down)}\nLabels:\n - alertname = D`, '[FIRING:9] sira', {
        truncated: { Value: 'true' },
      }),
    ),
  );
  expect(lines[0]).toContain(DOWN);
  expect(lines[1]).toContain('(the sender had cut the message at 256 KB)');
});

test('a list without an alert pages', () => {
  expect(said('Alerts Firing:\n\n')).toEqual([AMBIGUOUS]);
});
