import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DOMAIN_EVENTS, schemaFile } from '../incident/domain-event.ts';
import { eventsPage, publishedSchema } from './events-page.ts';

// Writes docs/events.md and docs/events/; with --check it only says what is not as it would be written.
const folder = join(import.meta.dirname, '../../docs');
const wanted = new Map([
  ['events.md', eventsPage()],
  ...DOMAIN_EVENTS.map((kind): [string, string] => [
    `events/${schemaFile(kind)}`,
    `${JSON.stringify(publishedSchema(kind), undefined, 2)}\n`,
  ]),
]);
const stale = globSync('events/*.json', { cwd: folder }).filter((path) => !wanted.has(path));
const read = (path: string) => (existsSync(join(folder, path)) ? readFileSync(join(folder, path), 'utf8') : undefined);
const changed = [...wanted].filter(([path, text]) => read(path) !== text);

if (process.argv.includes('--check')) {
  for (const path of [...stale, ...changed.map(([path]) => path)]) console.error(`docs/${path} is out of date: npm run docs`);
  process.exitCode = stale.length + changed.length > 0 ? 1 : 0;
} else {
  for (const path of stale) rmSync(join(folder, path));
  for (const [path, text] of changed) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  console.log(`${wanted.size} files on events, ${changed.length} written, ${stale.length} removed`);
}
