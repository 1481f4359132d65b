import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { piecesOf } from '../e2e/guide/page.ts';
import { EXECUTORS, type Executor } from './lines/executors.ts';
import { isWhole, PAGES, typedLines } from './lines/typed-lines.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
/** The first that speaks of it. */
const executorOf = (page: string, line: string): Executor | undefined => EXECUTORS[page]?.find(({ has }) => line.includes(has));
const withLines = PAGES.filter((page) => typedLines(page).length > 0);
/** What `npm run e2e:kubectl` types, as its sources have it. */
const kubectl = read('test/local/simulation/cluster/page-lines.ts') + read('test/e2e/kubectl.ts');

it('every page with lines to type has its executors, and no other', () => {
  expect(Object.keys(EXECUTORS).toSorted()).toEqual(withLines.toSorted());
});

describe.each(withLines)('%s', (page) => {
  it.each(typedLines(page).map(({ line }) => line))('%s has who carries it out', (line) => {
    const executor = executorOf(page, line);
    if (!executor) throw new Error('nobody carries it out: say who does in test/docs/lines/executors.ts');
    if ('suites' in executor) for (const { path, says } of executor.suites) expect(read(path)).toContain(says);
    if ('because' in executor) expect(executor.because.length).toBeGreaterThan(25);
    if (!('kubectl' in executor)) return;
    for (const typed of line.split(' && ')) expect(kubectl).toContain(`'${typed.replace(/^ks /, '').replace('<pod>', 'POD')}`);
  });

  it('no executor waits for a line that is not there any more', () => {
    const used = new Set(typedLines(page).map(({ line }) => executorOf(page, line)));
    expect(EXECUTORS[page]?.filter((executor) => !used.has(executor))).toEqual([]);
  });
});

it('what is typed by e2e:guide is typed there: all of it, and the guide itself', () => {
  expect(read('test/e2e/guide.ts')).toContain('await typeTheRest(reader, results)');
  expect(read('test/e2e/guide/typing.ts')).toContain('of Object.entries(EXECUTORS)');
  expect(piecesOf(read('docs/adding-a-system.md')).filter(({ asks }) => asks === 'type').length).toBeGreaterThan(7);
  expect(JSON.parse(read('package.json')).scripts['e2e:guide']).toBe('node test/e2e/guide.ts');
});

it('a line that nobody knows would be found', () => {
  expect(executorOf('README.md', 'rm -rf /')).toBeUndefined();
});

/** What a person types on a host or into a cluster, from the commands' own `byHand`: there it is the scripts that are run. */
it.each(globSync('docs/runbooks/*/*.md', { cwd: ROOT }))('bash can read every block of %s', (page) => {
  const blocks = [...read(page).matchAll(/^( *)```bash\n([\s\S]*?)^ *```$/gm)].map(([, , block = '']) => block.trimEnd());
  expect(blocks.filter((block) => !isWhole(block))).toEqual([]);
});
