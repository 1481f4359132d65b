import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deployment } from '../runbooks/language/deployment.ts';
import { registry } from '../runbooks/registry.ts';
import { templatesOf } from './assemble.ts';
import { identitiesOf } from './cluster-manifests.ts';
import { permissionsPage, rolesOf } from './permissions-page.ts';
import { rightsOf } from './rights-of.ts';

// Writes docs/permissions.md; with --check it only says whether it is not as it would be written.
const file = fileURLToPath(new URL('../docs/permissions.md', import.meta.url));
const defaults = deployment({}, registry.systems);
const roles = rolesOf(templatesOf(registry, defaults).template);
const rights = rightsOf(registry, defaults, { partition: 'aws', region: '', account: '' });
const wanted = permissionsPage(roles, rights, identitiesOf(registry, defaults));

if (!process.argv.includes('--check')) writeFileSync(file, wanted);
else if (readFileSync(file, 'utf8') !== wanted) {
  console.error('docs/permissions.md is out of date: npm run docs');
  process.exitCode = 1;
}
