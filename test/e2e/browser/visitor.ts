import type { Browser, Locator, Page } from 'playwright-core';
import type { Tally } from '../tally.ts';
import { until } from '../until.ts';

/** How a person comes to the console. */
export interface Way {
  /** Without one, what is new comes with the next reload. */
  script: boolean;
  width: Width;
}

/** Of the window, in pixels: a desk's, and a phone's. */
export const WIDTHS = [1440, 390] as const;
export type Width = (typeof WIDTHS)[number];

/** Of the machine's time: a run works at the machine's own pace, whatever the speed, and the machine may be busy. */
const COMES_MS = 180_000;
const ACTION_MS = 60_000;
const HEIGHTS = { 390: 844, 1440: 900 } as const;
export const windowOf = (width: Width) => ({ width, height: HEIGHTS[width] });
/** Who does by the console what a person does there. */
export const NAME = 'Ada';

/** A person with a browser. What they see is counted. */
export interface Visitor {
  page: Page;
  way: Way;
  go(path: string): Promise<void>;
  /** Something comes to the page that they are on: by itself where scripts run, else when they load it again. */
  comes(what: string, locator: Locator): Promise<void>;
  /** Something stands on the page as it is. */
  sees(what: string, locator: Locator): Promise<void>;
  /** Presses a button, and has the page that this leads to. */
  presses(button: string | RegExp, within?: Locator): Promise<void>;
}

/** @param url where the console is */
export async function visitor(browser: Browser, url: string, way: Way, results: Tally): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: url,
    javaScriptEnabled: way.script,
    viewport: windowOf(way.width),
  });
  context.setDefaultTimeout(ACTION_MS);
  const page = await context.newPage();
  let loads = 0;
  page.on('framenavigated', () => {
    loads += 1;
  });
  const broken: string[] = [];
  page.on('pageerror', ({ message }) => broken.push(message));
  // What is not there, or was refused, is an error to Chromium, too. Of our own files none is missing.
  const isAnswer = (from: string) => !from.includes('/assets/');
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    if (message.text().startsWith('Failed to load resource') && isAnswer(message.location().url)) return;
    broken.push(message.text());
  });

  /** What must hold wherever they are. */
  const wellMade = async (where: string) => {
    const over = await wider(page);
    if (over > 0) results.failed(`${where}: nothing lies beside the window`, `${page.url()} is ${over} px wider`);
    for (const message of broken.splice(0)) results.failed(`${where}: no script breaks`, message);
  };
  const sees = async (what: string, locator: Locator) => {
    results.holds(what, await locator.first().isVisible());
    await wellMade(what);
  };
  return {
    page,
    way,
    sees,
    go: async (path) => {
      await page.goto(path);
      await wellMade(path);
    },
    comes: async (what, locator) => {
      const before = loads;
      if (way.script) await locator.first().waitFor({ state: 'visible', timeout: COMES_MS });
      else await until(what, () => reloadedTo(page, locator), COMES_MS);
      results.holds(way.script ? `${what}, without a reload` : what, !way.script || loads === before);
      await wellMade(what);
    },
    presses: async (button, within) => {
      const loaded = page.waitForEvent('load');
      await (within ?? page.locator('body')).getByRole('button', { name: button }).first().click();
      await loaded;
      await wellMade(`after ${button}`);
    },
  };
}

/** By how much a page is wider than its window, in pixels. */
export function wider(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

async function reloadedTo(page: Page, locator: Locator): Promise<boolean> {
  if (await locator.first().isVisible()) return true;
  await page.reload();
  return await locator.first().isVisible();
}
