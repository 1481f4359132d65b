import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { examine } from '../../functions/doctor/examine.ts';
import { text } from '../../functions/doctor/report.ts';
import { deployment } from '../../runbooks/language/deployment.ts';
import { agent, alarm, GIVEN, HOST, registry, system, topic, well } from '../functions/doctor/well.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(ROOT, 'docs', 'doctor.md'), 'utf8');
/** A new account, two days before its first drill. */
const second = { name: 'sira-prod-2', instanceId: 'i-0a9b8c7d6e5f40312', aliases: [] };
const sira = { ...GIVEN.systems.sira, hosts: [...GIVEN.systems.sira.hosts, second] };
const agents = [agent, { ...agent, instanceId: second.instanceId, version: '3.2.582.0' }];
const oncall = { ...topic('firebreak-sira-ada-lovelace'), subscribers: [{ protocol: 'email', endpoint: 'ada@example.com' }] };
const facts = {
  ...well(),
  given: deployment({ ...GIVEN, systems: { sira } }, registry.systems),
  topics: (well().topics ?? []).map((one) => (one.name === oncall.name ? oncall : one)),
  systems: system({ missingTools: ['iostat'] }, { tagged: agents, known: agents }),
  alarms: [
    ...(well().alarms ?? []),
    ...(registry.systems[0]?.alerts ?? [])
      .filter(({ about }) => about === 'host')
      .map(({ name }) => alarm(`sira-${name}-sira-prod-2`, { InstanceId: second.instanceId })),
    alarm('sira-DiskSpaceFull-sira-prod-1', { InstanceId: HOST }),
  ],
  modes: registry.runbooks
    .filter(({ id }) => id === 'sira/disk-space-low')
    .map(({ id, title }) => ({ runbook: id, title, mode: 'observe' as const, settings: [] })),
};

describe('docs/doctor.md', () => {
  test('shows what the doctor really says', () => {
    const shown = /```text\n([\s\S]*?)```/.exec(page)?.[1];
    expect(shown).toBe(`${text(facts, examine(facts, registry), 100)}\n`);
  });

  test('lists exactly the actions that the doctor and the command ask for', () => {
    const sources = globSync(['functions/doctor/**/*.ts', 'functions/contacts/*.ts'], { cwd: ROOT });
    const asked = sources.flatMap((file) => [
      ...(readFileSync(join(ROOT, file), 'utf8').match(/(?<=')[a-z]+:[A-Z][A-Za-z]+(?=')/g) ?? []),
    ]);
    const listed = page.match(/(?<=")[a-z]+:[A-Z][A-Za-z]+(?=")/g) ?? [];
    expect(new Set(listed)).toEqual(new Set(asked));
  });

  test('names every option of both', () => {
    for (const file of ['functions/doctor/main.ts', 'functions/contacts/main.ts']) {
      const help = readFileSync(join(ROOT, file), 'utf8').match(/--[a-z-]+(?=[ '])/g) ?? [];
      for (const option of help) expect(page).toContain(option);
    }
  });
});
