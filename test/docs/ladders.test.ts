import { describe, expect, it } from 'vitest';
import { laddersPage } from '../../docs/ladders.ts';
import { registry } from '../../runbooks/registry.ts';

/** That the page in docs/ is the one that is made is checked by `npm run check`. */
describe('the page of the ladders', () => {
  const written = laddersPage(registry.systems);

  it.each(registry.systems.map((system) => [system.title, system] as const))('has all of %s', (title, system) => {
    const part = written.slice(written.indexOf(`## ${title}\n`)).split(/\n## /)[0] ?? '';
    for (const { name, means } of system.severities) expect(part).toContain(`| ${name} | ${means} |`);
    for (const { title: role, name } of system.roles) expect(part).toContain(`${role} (\`${name}\`)`);
    for (const { severities, rungs } of system.ladders) {
      const own = (part.split(`### ${severities.join(', ')}\n`)[1] ?? '').split('\n### ')[0] ?? '';
      expect(own.split('\n').filter((line) => line.startsWith('| ')).length - 2).toBe(rungs.length);
    }
  });

  it('says times as people do', () => {
    expect(written).toContain('| 15 min after it began | the next of the path of whoever has it first | acknowledged | page |');
    expect(written).toContain('is not resolved within 7 days');
    expect(written).not.toMatch(/undefined|NaN|\b168 h\b/);
  });
});
