import type { Browser } from 'playwright-core';
import { startChromium } from '../e2e/browser/chromium.ts';
import { consoleApi } from '../e2e/cli/console.ts';
import { startLocalMode } from '../e2e/cli/local-mode.ts';
import { until } from '../e2e/until.ts';
import { type Percentiles, percentiles } from './percentiles.ts';

/** By page: from the request until the browser has painted something of it, in milliseconds. */
export type FirstPaint = Record<'incidents' | 'incident', Percentiles>;

const FAULT = 'backend-broken';
const SOON_MS = 120_000;
const PAINTED = `new Promise((painted) => {
  new PerformanceObserver((list) => {
    const paint = list.getEntriesByName('first-contentful-paint')[0];
    if (paint) painted(paint.startTime);
  }).observe({ type: 'paint', buffered: true });
})`;

/** In Debian's Chromium, before local mode as `npm start` runs it: each visit is of somebody who has never been there. */
export async function firstPaint(visits: number): Promise<FirstPaint> {
  const local = await startLocalMode(1);
  const browser = await startChromium();
  try {
    const api = consoleApi(local.url);
    await until('the monitoring finds everything well', async () => (await api.alarmStates()).length > 0, SOON_MS);
    await fetch(`${local.url}/api/simulation/faults/${FAULT}`, { method: 'POST' });
    const incident = await until('an incident', async () => (await api.incidents())[0], SOON_MS);
    return {
      incidents: await visited(browser, `${local.url}/`, visits),
      incident: await visited(browser, `${local.url}/incidents/${incident.id}`, visits),
    };
  } finally {
    await browser.close();
    await local.stop();
  }
}

async function visited(browser: Browser, url: string, visits: number): Promise<Percentiles> {
  const took: number[] = [];
  for (let visit = 0; visit < visits; visit += 1) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(url);
    took.push(await page.evaluate<number>(PAINTED));
    await context.close();
  }
  return percentiles(took);
}
