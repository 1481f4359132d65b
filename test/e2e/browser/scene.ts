import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { type ConsoleApi, consoleApi, type Incident } from '../cli/console.ts';
import { type LocalMode, startLocalMode } from '../cli/local-mode.ts';
import type { Tally } from '../tally.ts';
import { until } from '../until.ts';
import { type Visitor, visitor, type Way } from './visitor.ts';

/** Where a story is told: a local mode of its own, and somebody with a browser before it. */
export interface Scene {
  local: LocalMode;
  /** For what is not looked at in the page: what the responder holds to be so. */
  api: ConsoleApi;
  browser: Browser;
  visitor: Visitor;
  results: Tally;
  /** Keeps what the window shows, where pictures are wanted. */
  picture(name: string): Promise<void>;
}

export interface Story {
  name: string;
  /** Who it is told by. Each has a local mode of their own. */
  ways: readonly Way[];
  /** How many times faster minutes pass: fast enough to wait for, slow enough to answer a question. */
  speed: number;
  tell(scene: Scene): Promise<void>;
}

const SOON_MS = 180_000;
const SHOWN_OF_A_PAGE = 1_500;

/** Tells a story in one way. What breaks on the way is one failure, with what the window showed. */
export async function tell(story: Story, way: Way, browser: Browser, results: Tally, pictures: string): Promise<void> {
  const began = performance.now();
  const name = `${story.name}, ${way.script ? 'live' : 'without scripts'}, ${way.width} px`;
  const told = named(name, results);
  let local: LocalMode | undefined;
  let person: Visitor | undefined;
  try {
    local = await startedWell(story.speed);
    const api = consoleApi(local.url);
    person = await visitor(browser, local.url, way, told);
    await story.tell({ local, api, browser, visitor: person, results: told, picture: photographer(person, pictures) });
  } catch (error) {
    told.failed('to its end', error);
    console.log(local?.log() ?? '');
    console.log((await person?.page.locator('main').innerText().catch(String))?.slice(0, SHOWN_OF_A_PAGE) ?? '');
  } finally {
    await person?.page.context().close();
    await local?.stop();
  }
  console.log(`${name}: ${Math.round((performance.now() - began) / 1_000)} s`);
}

/** Two stories are told at once: each line says of which it is. */
function named(name: string, results: Tally): Tally {
  return {
    ...results,
    equal: (what, found, expected) => results.equal(`${name}: ${what}`, found, expected),
    holds: (what, holds) => results.holds(`${name}: ${what}`, holds),
    failed: (what, error) => results.failed(`${name}: ${what}`, error),
  };
}

function photographer({ page, way }: Visitor, folder: string): Scene['picture'] {
  return async (name) => {
    if (folder === '') return;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}-${way.script ? 'live' : 'plain'}-${way.width}.png`) });
  };
}

/**
 * Local mode in which the monitoring finds everything well. A machine that is busy enough is ill for a moment, as the simulation
 * sees it: what begins with an incident is another story, so it is begun anew.
 */
async function startedWell(speed: number, starts = 3): Promise<LocalMode> {
  const local = await startLocalMode(speed);
  const api = consoleApi(local.url);
  try {
    const ill = await until('the monitoring has looked', () => looked(api), SOON_MS);
    if (ill.incidents === 0) return local;
    if (starts === 1) throw new Error(`it begins with ${ill.incidents} incidents`);
  } catch (error) {
    await local.stop();
    throw error;
  }
  await local.stop();
  return startedWell(speed, starts - 1);
}

/** @returns nothing until it is known whether all is well */
async function looked(api: ConsoleApi): Promise<{ incidents: number } | false> {
  const [states, { length: incidents }] = [await api.alarmStates(), await api.incidents()];
  const well = states.length > 0 && states.every((state) => state === 'OK');
  return (well || incidents > 0) && { incidents };
}

/** The incident that a story is about, as the responder has it. */
export async function incidentOf({ api }: Scene, alert: string): Promise<Incident> {
  return await until(`an incident of ${alert}`, async () => (await api.incidents()).find((one) => one.alert === alert), SOON_MS);
}

/** Switches a fault on in the page, and comes to the incident by the list. */
export async function fallsIll(scene: Scene, fault: string, alert: string, title: RegExp): Promise<Incident> {
  const { visitor: ada } = scene;
  await ada.go('/faults');
  await ada.presses(`Switch on: ${fault}`);
  await ada.sees(`${fault} is on`, ada.page.getByRole('button', { name: `Switch off: ${fault}` }));
  await ada.go('/');
  const link = ada.page.getByRole('link', { name: title });
  await ada.comes('the incident is in the list', link);
  await link.first().click();
  await ada.page.getByRole('heading', { level: 1, name: title }).waitFor();
  return await incidentOf(scene, alert);
}
