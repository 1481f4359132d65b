import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'runbooks', 'commands');
/** What reads from a pipe and may leave before its end. `head -n -1` reads to the end. */
const LEAVES = /\|\s*(?:awk\b.*\bexit\b|grep\s+-[A-Za-z]*[qm]\b|head\s+-[nc]\s*\d|sed\b.*\d+q\b)/;
/** Whose status nobody asks for: a word of a test, and an argument. */
const UNASKED = /\[\[ .*\$\(|^\s*split_words "\$\(/;

/**
 * With `pipefail`, whoever writes into a pipe that nobody reads any more ends the script with 141. That happens as seldom as the
 * reader is faster than the writer: on a busy host, at night.
 */
it('no script reads from a pipe with something that leaves early', () => {
  const found = globSync('**/*.sh', { cwd: FOLDER }).flatMap((file) =>
    readFileSync(join(FOLDER, file), 'utf8')
      .split('\n')
      .flatMap((line, at) =>
        LEAVES.test(line) && !UNASKED.test(line) && !line.trim().startsWith('#') ? [`${file}:${at + 1}: ${line}`] : [],
      ),
  );
  expect(found).toEqual([]);
});

it('what leaves early is noticed', () => {
  for (const line of ["printf x | awk '{ print; exit }'", 'ls | head -n 3', 'ls | grep -q x', 'ls | sed -n 3q'])
    expect(line).toMatch(LEAVES);
  for (const line of ["awk '{ print; exit }' /proc/stat", 'ls | head -n -1', 'ls | sed -n 3p']) expect(line).not.toMatch(LEAVES);
});
