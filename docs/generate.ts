import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { registry } from '../runbooks/registry.ts';
import { laddersPage } from './ladders.ts';
import { pages } from './pages.ts';

// `npm run docs` writes docs/runbooks/ and docs/ladders.md; with --check it only says which are not as they would be written.
const folder = import.meta.dirname;
const wanted = new Map(Array.from(pages(registry.runbooks), ([path, text]) => [`runbooks/${path}`, text]));
wanted.set('ladders.md', laddersPage(registry.systems));
const there = globSync(['runbooks/**/*.md', 'ladders.md'], { cwd: folder });
const stale = there.filter((path) => !wanted.has(path));
const changed = [...wanted].filter(([path, text]) => !there.includes(path) || readFileSync(join(folder, path), 'utf8') !== text);

if (process.argv.includes('--check')) {
  for (const path of [...stale, ...changed.map(([path]) => path)]) console.error(`docs/${path} is out of date: npm run docs`);
  process.exitCode = stale.length + changed.length > 0 ? 1 : 0;
} else {
  for (const path of stale) rmSync(join(folder, path));
  for (const [path, text] of changed) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  console.log(`${wanted.size} pages, ${changed.length} written, ${stale.length} removed`);
}
