import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { costTable } from './cost-table.ts';

// Writes what a deployment costs into docs/deploy.md; with --check it only says whether that is not as it would be written.
const file = join(import.meta.dirname, '../../docs/deploy.md');
const text = readFileSync(file, 'utf8');
const [before, after] = [text.split('<!-- costs -->')[0], text.split('<!-- /costs -->')[1]];
if (before === undefined || after === undefined) throw new Error(`${file}: expected <!-- costs --> and <!-- /costs -->`);
const wanted = `${before}<!-- costs -->\n\n${await costTable()}\n\n<!-- /costs -->${after}`;

if (!process.argv.includes('--check')) writeFileSync(file, wanted);
else if (text !== wanted) {
  console.error('docs/deploy.md: what it costs is out of date: npm run docs');
  process.exitCode = 1;
}
