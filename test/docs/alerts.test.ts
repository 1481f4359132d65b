import { describe, expect, test } from 'vitest';
import { normalise } from '../../functions/intake/normalise/normalise.ts';
import type { System } from '../../runbooks/language/system.ts';
import { select } from '../../runbooks/language/trigger.ts';
import { runbooks, systems } from '../../runbooks/registry.ts';
import { RECEIVED } from '../functions/intake/normalise/sira.ts';
import { alertFile, rulesOf, systemsWithRules } from './alert-rules.ts';

const page = alertFile('README.md');
const HOST = { name: 'prod-1', instanceId: 'i-0a1b2c3d4e5f60718', aliases: ['10.0.1.7:9100'] } as const;

test('every system has its rules', () => {
  expect(systemsWithRules()).toEqual(expect.arrayContaining(systems.map(({ id }) => id)));
});

// A file can be there before its system is registered: what its own words promise is held already.
describe.each(systemsWithRules())('the rules of %s', (system) => {
  const rules = rulesOf(system);
  const tests = alertFile(`${system}.rules.test.yml`);

  test.each(rules)('$alert has what intake needs, and a row on the page', ({ alert, expr, labels, annotations }) => {
    expect(labels).toEqual({ system, severity: expect.stringMatching(/^\w+$/) });
    expect(annotations).toEqual({ summary: expect.stringMatching(/\w/), value: '{{ $value }}' });
    expect(expr).toMatch(/[<>]/);
    expect(page).toContain(`| \`${alert}\` |`);
  });

  test.each(rules)('$alert is tried by promtool: where it fires, and where it does not', ({ alert, labels }) => {
    expect(tests).toContain(`alertname: ${alert}, exp_alerts: []`);
    expect(tests).toMatch(
      new RegExp(
        `alertname: ${alert}\\n +exp_alerts:\\n +- exp_labels: \\{ system: ${system}, severity: ${labels.severity ?? 'none'}\\b`,
      ),
    );
  });
});

describe.each(systems)('$id', (system: System) => {
  const rules = rulesOf(system.id);

  test('every alert has one rule, and every rule an alert', () => {
    expect(rules.map(({ alert }) => alert).sort()).toEqual(system.alerts.map(({ name }) => name).sort());
  });

  describe.each(system.alerts)('$name', ({ name, unit, severity, about }) => {
    const rule = rules.find(({ alert }) => alert === name);

    test('has a row with its unit, and the name of its CloudWatch alarm', () => {
      const row = page
        .split('\n')
        .find((line) => line.startsWith(`| \`${name}\` |`) && line.includes(`| \`${system.id}-${name}`));
      const cells = row?.split('|').map((cell) => cell.trim()) ?? [];
      expect(cells[2]).toBe(unit);
      expect(cells[4]).toBe(`\`${system.id}-${name}${about === 'host' && /-<host>/.test(row ?? '') ? '-<host>' : ''}\``);
      if (about === 'system') expect(row).not.toContain('<host>');
    });

    test('has the severity that the system gives it', () => {
      expect(rule?.labels.severity).toBe(severity);
    });

    test('is read by intake as this alert, with its value and its host', () => {
      const instance: Record<string, string> = about === 'host' ? { instance: HOST.aliases[0] } : {};
      const alert = {
        status: 'firing',
        labels: { alertname: name, ...rule?.labels, ...instance },
        annotations: { ...rule?.annotations, value: '3.25' },
        startsAt: '2026-10-05T11:58:00.000Z',
      };
      const body = JSON.stringify({ version: '4', receiver: 'firebreak', status: 'firing', alerts: [alert] });
      const known = systems.map(({ id, alerts, settings: schema }) => ({
        id,
        alerts,
        settings: schema.parse({ hosts: [HOST] }),
      }));
      const { signals, left } = normalise(body, RECEIVED, 'message-1', { systems: known, prefix: 'firebreak' });
      expect(left).toEqual([]);
      expect(signals).toMatchObject([
        { system: system.id, alert: name, value: 3.25, status: 'firing', target: about === 'host' ? HOST.name : '' },
      ]);
    });
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
  // No signal of a cluster starts a host's runbook, and none of a host a cluster's.
  expect(started('ApplicationNotResponding', 1)).toBe('saveit/application-not-responding');
  expect(started('ComposeNotResponding', 1)).toBe('saveit/compose-not-responding');
  // Nobody but a person answers to what is only a warning.
  const siras = systems.find(({ id }) => id === 'sira')?.alerts.map(({ name }) => name) ?? [];
  expect(siras.filter((alert) => !started(alert, 3.25))).toEqual(['DatabaseConnectionsHigh']);
});
