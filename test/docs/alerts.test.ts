import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { select } from '../../runbooks/language/trigger.ts';
import { runbooks } from '../../runbooks/registry.ts';
import { sira } from '../../runbooks/sira/system.ts';
import { read } from '../functions/intake/normalise/sira.ts';

const FOLDER = join(import.meta.dirname, '../../docs/alerts');
const file = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
const page = file('README.md');
const tests = file('sira.rules.test.yml');

interface Rule {
  alert: string;
  expr: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** The rules as the file writes each of them; promtool sees to it that they are YAML (`npm run lint:alerts`). */
const rules: Rule[] = file('sira.rules.yml')
  .split(/^ +- alert: /m)
  .slice(1)
  .map((text) => ({
    alert: /^\w+/.exec(text)?.[0] ?? '',
    expr: /expr: ([\s\S]*?)\n +for: \d+[smh]\n/.exec(text)?.[1] ?? '',
    labels: pairs(/labels: \{(.*)\}$/m.exec(text)?.[1]),
    annotations: pairs(/annotations: \{(.*)\}$/m.exec(text)?.[1]),
  }));

function pairs(text = ''): Record<string, string> {
  const found = text.matchAll(/(\w+): (?:'((?:[^']|'')*)'|([^,}]+?))\s*(?:,|$)/g);
  return Object.fromEntries([...found].map(([, name = '', quoted, plain = '']) => [name, quoted ?? plain]));
}

const declared = sira.alerts.map(({ name }) => name);

test('every alert of SIRA has one rule, and every rule an alert', () => {
  expect(rules.map(({ alert }) => alert).sort()).toEqual([...declared].sort());
});

describe.each(sira.alerts)('$name', ({ name, unit, severity, about }) => {
  const rule = rules.find(({ alert }) => alert === name);
  const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));

  test('has a row with its unit, and the name of its CloudWatch alarm', () => {
    const cells = row?.split('|').map((cell) => cell.trim()) ?? [];
    expect(cells[2]).toBe(unit);
    expect(cells[4]).toBe(`\`${sira.id}-${name}${about === 'host' && /-<host>/.test(row ?? '') ? '-<host>' : ''}\``);
    if (about === 'system') expect(row).not.toContain('<host>');
  });

  test('has the labels and annotations that intake needs, and the severity that the system gives it', () => {
    expect(rule?.labels).toEqual({ system: sira.id, severity });
    expect(rule?.annotations).toEqual({ summary: expect.stringMatching(/\w/), value: '{{ $value }}' });
    expect(rule?.expr).toMatch(/[<>]/);
  });

  test('is tried by promtool: where it fires, and where it does not', () => {
    expect(tests).toContain(`alertname: ${name}, exp_alerts: []`);
    expect(tests).toMatch(
      new RegExp(`alertname: ${name}\\n +exp_alerts:\\n +- exp_labels: \\{ system: ${sira.id}, severity: ${severity}\\b`),
    );
  });

  test('is read by intake as this alert, with its value and its host', () => {
    const instance: Record<string, string> = about === 'host' ? { instance: '10.0.1.7:9100' } : {};
    const alert = {
      status: 'firing',
      labels: { alertname: name, ...rule?.labels, ...instance },
      annotations: { ...rule?.annotations, value: '3.25' },
      startsAt: '2026-10-05T11:58:00.000Z',
    };
    const { signals, left } = read(JSON.stringify({ version: '4', receiver: 'firebreak', status: 'firing', alerts: [alert] }));
    expect(left).toEqual([]);
    expect(signals).toMatchObject([
      { system: sira.id, alert: name, value: 3.25, status: 'firing', target: about === 'host' ? 'sira-prod-1' : '' },
    ]);
  });
});

test('each starts the runbook of its section, by its value where that decides', () => {
  const triggers = runbooks.flatMap(({ id, triggers }) => triggers.map((trigger) => ({ ...trigger, runbook: id })));
  const started = (alert: string, value?: number) => select(triggers, { alert, value })?.runbook;
  expect(started('HighErrorRate', 3.25)).toBe('sira/high-error-rate');
  expect(started('HighErrorRate', 5)).toBe('sira/high-error-rate');
  expect(started('HighErrorRate')).toBe('sira/high-error-rate');
  expect(started('HighErrorRate', 5.1)).toBe('sira/application-down');
  expect(started('SlowRecommendationGeneration', 8)).toBe('sira/slow-recommendations');
  // Nobody but a person answers to what is only a warning.
  const nobodys = declared.filter((alert) => !started(alert, 3.25));
  expect(nobodys).toEqual(['DatabaseConnectionsHigh']);
});
