import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { approval } from './browser/approval.ts';
import { byHand } from './browser/by-hand.ts';
import { startChromium } from './browser/chromium.ts';
import { everyPage } from './browser/every-page.ts';
import { keyboard } from './browser/keyboard.ts';
import { ladder } from './browser/ladder.ts';
import { redButton } from './browser/red-button.ts';
import { review } from './browser/review.ts';
import { type Story, tell } from './browser/scene.ts';
import { takenOver } from './browser/taken-over.ts';
import { tally } from './tally.ts';

/**
 * What people do at the console, done in a real browser: Debian's Chromium, before local mode as `npm start` runs it. Every story is
 * told with scripts and without, on a phone's width and on a desk's.
 * `--only <text>` tells the stories that have it in their name; `--pictures <folder>` keeps what the windows showed.
 */
/** The longest first. */
const STORIES: readonly Story[] = [everyPage, ladder, byHand, redButton, takenOver, approval, review, keyboard];

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, pictures: { type: 'string', default: '' } },
});
// So that whoever is interrupted still ends what it has started.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const toTell = STORIES.filter(({ name }) => name.includes(values.only)).flatMap((story) =>
  story.ways.map((way) => ({ story, way })),
);
const results = tally();
let browser: Browser | undefined;
try {
  browser = await startChromium();
  console.log(`Chromium ${browser.version()}`);
  // Two at once: each waits most of its time.
  await Promise.all([lane(browser), lane(browser)]);
} catch (error) {
  results.failed('the browser', error);
} finally {
  await browser?.close();
}
process.exitCode = results.end();

/** Tells what is still to be told, one after the other. */
async function lane(window: Browser): Promise<void> {
  for (let next = toTell.shift(); next; next = toTell.shift()) await tell(next.story, next.way, window, results, values.pictures);
}
