import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deployment } from '../runbooks/language/deployment.ts';
import { registry } from '../runbooks/registry.ts';
import { templatesOf } from './assemble.ts';
import { permissionsPage, rolesOf } from './permissions-page.ts';
import { rightsOf } from './rights-of.ts';

// Writes docs/permissions.md; with --check it only says whether it is not as it would be written.
const file = fileURLToPath(new URL('../docs/permissions.md', import.meta.url));
const defaults = deployment({}, registry.systems);
const roles = rolesOf(templatesOf(registry, defaults).template);
const wanted = permissionsPage(roles, rightsOf(registry, defaults, { partition: 'aws', region: '', account: '' }));

if (!process.argv.includes('--check')) writeFileSync(file, wanted);
else if (readFileSync(file, 'utf8') !== wanted) {
  console.error('docs/permissions.md is out of date: npm run docs');
  process.exitCode = 1;
}
