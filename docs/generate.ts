import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runbooks } from '../runbooks/registry.ts';
import { pages } from './pages.ts';

// `npm run docs` writes docs/runbooks/; with --check it only says which pages are not as they would be written.
const folder = join(import.meta.dirname, 'runbooks');
const wanted = pages(runbooks);
const there = globSync('**/*.md', { cwd: folder });
const stale = there.filter((path) => !wanted.has(path));
const changed = [...wanted].filter(([path, text]) => !there.includes(path) || readFileSync(join(folder, path), 'utf8') !== text);

if (process.argv.includes('--check')) {
  for (const path of [...stale, ...changed.map(([path]) => path)])
    console.error(`docs/runbooks/${path} is out of date: npm run docs`);
  process.exitCode = stale.length + changed.length > 0 ? 1 : 0;
} else {
  for (const path of stale) rmSync(join(folder, path));
  for (const [path, text] of changed) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  console.log(`${wanted.size} pages, ${changed.length} written, ${stale.length} removed`);
}
