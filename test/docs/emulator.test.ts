import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
/** A test is named by its file and its title. */
const NAMED = /`(test\/[^`]+\.test\.ts)` "([^"]+)"/g;

const lines = readFileSync(join(ROOT, 'docs', 'emulator.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.includes('proven by'));

describe('docs/emulator.md', () => {
  it('names for all that the emulator can’t prove a test that does', () => {
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => [...line.matchAll(NAMED)].length === 0)).toEqual([]);
  });

  it('names no test that is not there', () => {
    const named = lines.flatMap((line) => [...line.matchAll(NAMED)].map(([, file = '', title = '']) => ({ file, title })));
    const gone = named.filter(({ file, title }) => {
      const path = join(ROOT, file);
      return !existsSync(path) || !new RegExp(`(it|test)\\((['\`])${RegExp.escape(title)}\\2`).test(readFileSync(path, 'utf8'));
    });
    expect(gone).toEqual([]);
  });
});
