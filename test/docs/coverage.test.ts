import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registry } from '../../runbooks/registry.ts';

const coverage = readFileSync(join(import.meta.dirname, '../../docs/coverage.md'), 'utf8');
/** The two systems whose pages it is about: what a team adds of its own stands on neither. */
const runbooks = registry.runbooks.filter(({ system }) => ['sira', 'saveit'].includes(system.id));
const steps = runbooks.flatMap(({ id, looks, acts, verify }) =>
  [...looks, ...acts, ...(verify ? [verify] : [])].map(({ title }) => [title, id] as const),
);

describe('docs/coverage.md', () => {
  it.each(steps)('names the step "%s" of %s', (title) => {
    expect(coverage).toContain(`**${title}**`);
  });

  it('names no step that does not exist', () => {
    const titles = new Set(steps.map(([title]) => title));
    // Below the list of how to read it, whatever is bold is a step.
    const tables = coverage.slice(coverage.indexOf('# SIRA'));
    const named = [...tables.matchAll(/\*\*([^*]+)\*\*/g)].map(([, title]) => title ?? '');
    expect(named.filter((title) => !titles.has(title))).toEqual([]);
  });

  it('promises nothing for later that is there, and links to each runbook that is', () => {
    for (const { id } of runbooks) {
      expect(coverage).not.toContain(`ot yet: \`${id}\``);
      expect(coverage).toContain(`(runbooks/${id}.md)`);
    }
  });

  it('gives no line of the two pages to nobody', () => {
    const rows = coverage.split('\n').filter((line) => line.startsWith('| '));
    expect(rows.length).toBeGreaterThan(150);
    for (const row of rows)
      expect(row.split('|').map((cell) => cell.trim())).toEqual(['', expect.stringMatching(/./), expect.stringMatching(/./), '']);
  });
});
