import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linksApp } from '../../functions/links/app.ts';
import { milliseconds } from '../../runbooks/language/duration.ts';
import { whole } from '../local/whole.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PAGES = ['README.md', ...globSync('docs/**/*.md', { cwd: ROOT, exclude: ['docs/runbooks/**'] })];
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** As GitHub makes them of headings. */
const anchors = (page: string) =>
  [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe.each(PAGES)('%s', (path) => {
  const page = read(path);

  it('leads only to what is there', () => {
    const links = [...page.matchAll(/\]\((?!https?:|mailto:)([^)\s]*)\)/g)].map(([, link = '']) => link);
    for (const link of links) {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      expect(existsSync(join(ROOT, target)), `${link}: there is no ${target}`).toBe(true);
      if (anchor !== undefined && target.endsWith('.md')) expect(anchors(read(target)), link).toContain(anchor);
    }
  });

  it('names npm scripts that there are', () => {
    const scripts = read('package.json');
    for (const [, script = ''] of page.matchAll(/npm run (?:--silent )?([a-z][\w:]*)/g))
      expect(scripts).toContain(`"${script}":`);
  });
});

it('what the README shows of the ladder is what happens: it climbs, is acknowledged by the link of a mail, and stops', async () => {
  const { clock, aws, around, simulation, until, incident } = await whole();
  expect(read('README.md')).toContain('switch on `backend-broken`');
  const pages = () => aws.inbox().filter(({ role = '' }) => ['oncall', 'lead', 'cto'].includes(role));
  const to = (role: string) => pages().filter((page) => page.role === role);
  simulation.switchOn('backend-broken');
  await until(() => to('lead').length === 1);
  // At once, and again with what was found; then the lead.
  expect(pages().map(({ role }) => role)).toEqual(['oncall', 'oncall', 'lead']);
  const { openedAt } = await incident();
  expect(Date.parse(to('lead')[0]?.at ?? '') - Date.parse(openedAt)).toBeLessThan(milliseconds('16m'));
  const [link = ''] = /\/l\/[\w-]{43}/.exec(to('lead')[0]?.message ?? '') ?? [];
  const pressed = await clock.during(Promise.resolve(linksApp(around).request(link, { method: 'POST' })));
  expect(pressed.status).toBe(200);
  const later = clock.now().getTime() + milliseconds('50m');
  void clock.sleep(milliseconds('50m'));
  await until(() => clock.now().getTime() >= later);
  expect(pages()).toHaveLength(3);
  // Nobody resolved it: in the hour after it was acknowledged it comes back.
  void clock.sleep(milliseconds('15m'));
  await until(() => pages().length > 3);
});
