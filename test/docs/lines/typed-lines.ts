import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** One line that a page tells its reader to type. */
export interface TypedLine {
  page: string;
  /** Without its comment. Where it goes on over several lines of the page, all of them. */
  line: string;
}

/** Pages that people wrote. Those below `docs/runbooks` are made of the commands' own `byHand`. */
export const PAGES = ['README.md', ...globSync('docs/**/*.md', { cwd: ROOT, exclude: ['docs/runbooks/**'] }).sort()];

const BLOCK = /^( *)```sh\n([\s\S]*?)^ *```$/gm;
/** From a `#` on that stands in no quotes, at the beginning or after a blank. */
const COMMENT = /^((?:'[^']*'|"[^"]*"|[^'"])*?)(?:^|\s+)#.*$/;
/** `<id>` stands for what the reader has: bash would take it for a file. */
const PLACEHOLDER = /<[\w .]+>/g;

/**
 * Every line to type on a page: in each block of `sh`, as bash itself divides it. A block of `bash` is a script, which is no line.
 * @throws {Error} for a block whose end bash still waits behind
 */
export function typedLines(page: string): TypedLine[] {
  return [...readFileSync(join(ROOT, page), 'utf8').matchAll(BLOCK)].flatMap(([, indent = '', block = '']) => {
    const found: TypedLine[] = [];
    let begun = '';
    for (const text of block.split('\n')) {
      const line = text.slice(indent.length).replace(COMMENT, '$1').trimEnd();
      if (line === '' && begun === '') continue;
      begun = begun === '' ? line : `${begun}\n${line}`;
      if (!isWhole(begun)) continue;
      found.push({ page, line: begun });
      begun = '';
    }
    if (begun !== '') throw new Error(`${page}: bash waits for more after: ${begun}`);
    return found;
  });
}

/** A script, as {@link PAGES} below `docs/runbooks` have many: whether bash can read it. */
export const isWhole = (script: string) =>
  !script.endsWith('\\') &&
  spawnSync('bash', ['-n', '-c', script.replaceAll(PLACEHOLDER, 'given')], { encoding: 'utf8' }).status === 0;
