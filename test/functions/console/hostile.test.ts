import { expect, it } from 'vitest';
import { type Answer, type Console, console } from './console.ts';
import { HOSTILE, LONG, strangeIncident } from './hostile.ts';
import { addressOf, getsOf } from './routes.ts';

/** The only tags of a page that may run or load something: each leads to a file of our own. */
const LOADING = /<(script|link|img|iframe|object|embed|style|base|svg|meta)\b[^>]*>/g;
const OURS = [
  '<img src="/assets/icon.svg" alt="" width="24" height="24">',
  '<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">',
  '<link rel="stylesheet" href="/assets/console.css">',
  '<meta charset="utf-8">',
  '<meta name="color-scheme" content="light dark">',
  '<meta name="viewport" content="width=device-width, initial-scale=1">',
  '<script src="/assets/console.js" defer>',
];
/** What turns the direction of the writing, hides in it, or is obeyed by a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const MARKS = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/;

/** Fails unless everything on the page that a stranger wrote is text. */
function onlyText({ text, headers, status }: Answer, where: string): void {
  expect(headers.get('x-content-type-options'), where).toBe('nosniff');
  expect(headers.get('content-security-policy'), where).toMatch(/^default-src 'none';/);
  const type = headers.get('content-type') ?? '';
  if (type.includes('json') || where.startsWith('/assets/')) return;
  expect(text, where).not.toMatch(MARKS);
  if (status === 302 || status === 303) return;
  if (type.startsWith('text/plain')) return;
  expect(type, where).toBe('text/html; charset=UTF-8');
  expect(text.match(LOADING)?.sort(), where).toEqual(OURS);
  // Inside a tag, outside of quoted values: there is no handler and no style. And no link leads into a script.
  for (const tag of text.match(/<[a-z][^>]*>/g) ?? []) {
    expect(tag.replaceAll(/"[^"]*"/g, ''), where).not.toMatch(/\s(on\w+|style)\s*=/);
    expect(tag, where).not.toMatch(/\s(href|src|action|formaction)="(?!\/|#|https?:)/);
  }
}

const found = async (system: Console, id: string): Promise<[string, Answer][]> => {
  const all: [string, Answer][] = [];
  const paths = getsOf(system.app).map((path) => addressOf(path, id));
  const strange = encodeURIComponent(HOSTILE);
  const more = [
    `/${strange}`,
    `/incidents/${strange}`,
    `/incidents/${id}?find=${strange}`,
    `/?before=${strange}&from=${strange}`,
  ];
  for (const path of [...paths, ...more]) all.push([path, await system.get(path)]);
  return all;
};

it('what strangers wrote stays text on every page', async () => {
  const system = await console();
  const id = await strangeIncident(system, 'STRANGE', HOSTILE);
  const pages = await found(system, id);
  expect(pages.filter(([, { status }]) => status >= 500).map(([path]) => path)).toEqual([]);
  for (const [path, page] of pages) onlyText(page, path);
  const whole = await system.get(`/incidents/${id}`);
  expect(whole.status).toBe(200);
  expect(whole.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(whole.text).not.toContain('secret');
  expect((await system.get(`/incidents/${id}/evidence.txt`)).text).not.toContain('secret');
});

it('stays text where a word is ten kilobytes long, and fills no page', async () => {
  const system = await console();
  const id = await strangeIncident(system, 'STRANGE', LONG);
  for (const [path, page] of await found(system, id)) {
    onlyText(page, path);
    expect(page.status, path).toBeLessThan(500);
    if (page.headers.get('content-type')?.startsWith('text/html')) expect(page.text.length, path).toBeLessThan(100_000);
  }
});

it('stays text in every form that comes back', async () => {
  const system = await console();
  const id = await strangeIncident(system, 'STRANGE', 'well');
  const strange = Object.fromEntries(
    [
      'by',
      'reason',
      'request',
      'title',
      'place',
      'target',
      'from',
      'minutes',
      'scope',
      'mode',
      'to',
      'severity',
      'text',
      'how',
    ].map((name) => [name, HOSTILE]),
  );
  const posts = system.app.routes.filter(({ method, path }) => method === 'POST' && !path.startsWith('/api/'));
  expect(posts.length).toBeGreaterThan(15);
  for (const { path } of posts) onlyText(await system.send(addressOf(path, id), strange), `POST ${path}`);
});

it('a link of the configuration that is no address of the web is text', async () => {
  const system = await console();
  const [sira] = system.around.systems;
  if (!sira) throw new Error('there is no system');
  const dashboards = sira.dashboards;
  Object.assign(sira, { dashboards: () => ({ [HOSTILE]: HOSTILE, plain: 'https://grafana.example/d/1' }) });
  try {
    const id = await strangeIncident(system, 'STRANGE', HOSTILE);
    const page = await system.get(`/incidents/${id}`);
    onlyText(page, 'an incident');
    expect(page.text).toContain('<a href="https://grafana.example/d/1" rel="noreferrer">');
  } finally {
    Object.assign(sira, { dashboards });
  }
});
