import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { registry } from '../../runbooks/registry.ts';
import { type Made, made } from './made.ts';
import { NewError, type Wanted, wanted } from './wanted.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const HELP = `npm run new -- <system>/<name>    begins a runbook, such as shop/app-down

Of a system that there is: runbooks/<system>/<name>.ts, which only looks, and its line in runbooks/registry.ts.
Of a new one: a system of Docker Compose hosts with it, its first runbook with examples and a test, its host in local mode,
and the rules of its alerts. Nothing is overwritten. docs/adding-a-system.md goes on from there.`;

try {
  const { values, positionals } = parseArgs({ options: { help: { type: 'boolean', default: false } }, allowPositionals: true });
  if (values.help) console.log(HELP);
  else if (positionals.length !== 1) throw new NewError(`expected one <system>/<name>\n\n${HELP}`);
  else begin(wanted(positionals[0] ?? ''));
} catch (error) {
  // What parseArgs throws says which option it does not know.
  console.error(error instanceof NewError || error instanceof TypeError ? error.message : error);
  process.exitCode = 1;
}

function begin(asked: Wanted): void {
  const all = made(asked, {
    read: (path) => (statSync(join(ROOT, path), { throwIfNoEntry: false }) ? readFileSync(join(ROOT, path), 'utf8') : undefined),
    template: (name) => readFileSync(join(import.meta.dirname, 'templates', `${name}.txt`), 'utf8'),
    isFolder: (path) => statSync(join(ROOT, path), { throwIfNoEntry: false })?.isDirectory() === true,
    systems: registry.systems,
  });
  for (const [path, text] of [...all.written, ...all.changed]) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text, { flag: all.written.has(path) ? 'wx' : 'w' });
  }
  finish('biome', ['check', '--write', '--no-errors-on-unmatched', ...all.written.keys(), ...all.changed.keys()]);
  finish('npm', ['run', 'docs']);
  tell(asked, all);
}

/** Names of every length are put in order by the formatter, and the generated pages are as the check wants them. */
function finish(program: string, words: string[]): void {
  const path = `${join(ROOT, 'node_modules', '.bin')}:${process.env.PATH ?? ''}`;
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
  });
  if (status !== 0)
    throw new NewError(`all is written, but ${program} ${words[0] ?? ''} failed: ${error ?? ''}${stdout}${stderr}`);
}

function tell({ system, runbook }: Wanted, { written, changed, system: isNew }: Made): void {
  for (const path of written.keys()) console.log(`written  ${path}`);
  for (const path of changed.keys()) console.log(`changed  ${path}`);
  console.log(`written  docs/runbooks/${system}/${runbook}.md, and what other pages of docs/ say of it: npm run docs
Its examples: npx vitest run test/runbooks/examples.test.ts -t ${system}/${runbook}
How it goes on: ${isNew ? 'docs/adding-a-system.md' : 'docs/adding-a-runbook.md'}`);
}
