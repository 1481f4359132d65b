import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compile } from '../../runbooks/language/compile.ts';
import { names } from '../../runbooks/language/names.ts';
import { clusterIdentities } from '../../runbooks/language/rights/cluster-roles.ts';
import { SaveitSettings } from '../../runbooks/saveit/system.ts';
import frontendDown from './frontend-down.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(ROOT, 'docs', 'adding-a-runbook.md'), 'utf8');

test('the runbook that the page shows is one that is type-checked, at its place', () => {
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
  const source = readFileSync(join(import.meta.dirname, 'frontend-down.ts'), 'utf8');
  expect(shown).toBe(source.replace("'../../runbooks/saveit/system.ts'", "'./system.ts'").replaceAll("'../../runbooks/", "'../"));
});

test('it compiles, and its Role is limited to what it names', () => {
  expect(Object.keys(compile(frontendDown).States)).toContain('Restart the frontend');
  const [identity] = clusterIdentities(names(), 'saveit', [frontendDown], SaveitSettings.parse({}));
  const patched = identity?.rules.filter(({ verbs }) => verbs.includes('patch'));
  expect(patched).toMatchObject([{ resource: 'deployments', names: ['saveit-frontend'] }]);
});

test('it names every command for a cluster, with its safety', () => {
  for (const file of globSync(join(ROOT, 'runbooks', 'cluster', '*.ts'))) {
    const source = readFileSync(file, 'utf8');
    const [, name, safety] = /clusterCommand\('([\w-]+)',[\s\S]*?safety: '(\w+)'/.exec(source) ?? [];
    if (name !== undefined) expect(page).toContain(`| \`${name}\` | ${safety} |`);
  }
});

test('its links and npm scripts are there', () => {
  const scripts = readFileSync(join(ROOT, 'package.json'), 'utf8');
  for (const [, script] of page.matchAll(/npm run ([\w:]+)/g)) expect(scripts).toContain(`"${script}":`);
  const links = [...page.matchAll(/\]\((?!http)([^)#]+)/g)].map(([, link]) => link ?? '');
  expect(links.flatMap((link) => globSync(join(ROOT, 'docs', link)))).toHaveLength(links.length);
});
