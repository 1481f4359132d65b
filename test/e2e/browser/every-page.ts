import type { Page } from 'playwright-core';
import { until } from '../until.ts';
import { faultsOf } from './accessible.ts';
import { fallsIll, type Scene, type Story } from './scene.ts';
import { NAME } from './visitor.ts';

const SOON_MS = 120_000;
/** Of pages of one kind, such as one incident: how many are looked at. */
const OF_A_KIND = 2;
/** What must have been met by following links from the first page, whatever else there is. */
const KINDS = [
  '/',
  '/automation',
  '/changes',
  '/faults',
  '/inbox',
  '/incidents/*',
  '/maintenance',
  '/numbers',
  '/reviews',
  '/reviews/*',
  '/reviews/*/edit',
  '/runbooks',
  '/runbooks/*/*',
];

/** Every page that links lead to, and those that only a mail or a mistake leads to: axe finds nothing wrong with any of them. */
export const everyPage: Story = {
  name: 'every page',
  ways: [{ script: true, width: 1440 }],
  speed: 20,
  tell: async (scene) => {
    const { visitor: ada, results, api } = scene;
    await fallsIll(scene, 'disk-full-volumes', 'DiskSpaceLow', /disk/i);
    await ada.comes('it asks', ada.page.getByText(/^It waits for a person/));
    await wellFor(scene, 'an incident that asks');
    const begin = ada.page.getByRole('region', { name: 'Review', exact: true });
    await begin.getByLabel('Your name').fill(NAME);
    await ada.presses('Open a draft', begin);
    await api.setMode('observe', 'So that something stands there');
    const seen = await everyLink(scene);
    const missing = KINDS.filter((kind) => !seen.includes(kind));
    results.equal(`links lead to every kind of page (${seen.join(' ')})`, missing, []);
    await ada.page.goto('/no-such-page');
    await wellFor(scene, 'what is not there');
    await beforeARun(scene);
    await ada.go('/');
    await ada.page.getByText('Declare an incident').click();
    await ada.page.getByLabel('What is wrong').fill('x'.repeat(200));
    await ada.page.getByLabel('Your name').fill(NAME);
    await ada.page.getByLabel('System and severity').selectOption({ index: 1 });
    await ada.presses('Declare it and page');
    await wellFor(scene, 'an incident of one long word');
    await byMail(scene);
  },
};

async function everyLink(scene: Scene): Promise<string[]> {
  const { page } = scene.visitor;
  const times = new Map<string, number>();
  const waiting = ['/'];
  const met = new Set(waiting);
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const kind = kindOf(path);
    const before = times.get(kind) ?? 0;
    if (before >= OF_A_KIND) continue;
    times.set(kind, before + 1);
    await scene.visitor.go(path);
    await wellFor(scene, path);
    for (const link of await linksOf(page)) {
      if (met.has(link)) continue;
      met.add(link);
      waiting.push(link);
    }
  }
  return [...times.keys()].sort();
}

/** Where a page's links lead within the console; what has a file's name is no page. */
async function linksOf(page: Page): Promise<string[]> {
  const addresses = await page.locator('a[href]').evaluateAll((links) => links.map((link) => String(link)));
  return addresses
    .map((address) => new URL(address))
    .filter(({ origin, pathname }) => origin === new URL(page.url()).origin && !/^\/l\/|\.\w+$/.test(pathname))
    .map(({ pathname, search }) => pathname + search);
}

/** `/incidents/7Q2M9VXKT4B1` and its like are one kind; the first word of an address is the page's own. */
const kindOf = (path: string) => {
  const [, first = '', ...rest] = path.replace(/\?.*/, '').split('/');
  return ['', first, ...rest.map((word) => (/^[a-z]+$/.test(word) && first !== 'runbooks' ? word : '*'))].join('/');
};

async function wellFor({ visitor: { page }, results }: Scene, where: string): Promise<void> {
  results.equal(`axe finds nothing wrong with ${where}`, await faultsOf(page), []);
}

/** What a form says of a wrong parameter, and what is said before a run may act. */
async function beforeARun(scene: Scene): Promise<void> {
  const { visitor: ada } = scene;
  await ada.go('/runbooks/sira/disk-space-low');
  const free = ada.page.locator('#parameter-freeAtLeast');
  await free.fill('much');
  await ada.presses(/^Run it/);
  await wellFor(scene, 'a form that comes back');
  await free.fill('30');
  await ada.page.locator('#start-reason').fill('To see what it may do');
  await ada.page.locator('#start-by').fill(NAME);
  await ada.presses(/^Run it/);
  await ada.page.getByRole('button', { name: 'Start it' }).waitFor();
  await wellFor(scene, 'the summary before a run');
}

/** The pages behind the links of a mail: what they ask, what they say when it is done, and when there is nothing to do. */
async function byMail(scene: Scene): Promise<void> {
  const { visitor: ada, api } = scene;
  const link = await until(
    'a page with a link',
    async () => /^Acknowledge: (\S+)$/m.exec((await api.notifications()).at(-1)?.message ?? '')?.[1],
    SOON_MS,
  );
  await ada.go(link);
  await wellFor(scene, "a mail's link");
  await ada.presses('Acknowledge: I have it');
  await wellFor(scene, 'what its button answers');
  await ada.page.goto(link);
  await wellFor(scene, 'a link that was used');
}
