import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle, ENTRIES, type Entry, loadedAtStart } from '../../infra/bundle.ts';

const KILOBYTE = 1_024;
const first = mkdtempSync(join(tmpdir(), 'firebreak-bundle-'));
const second = mkdtempSync(join(tmpdir(), 'firebreak-bundle-'));
let metafile: Metafile;

beforeAll(async () => {
  metafile = await bundle(first);
});
afterAll(() => {
  for (const folder of [first, second]) rmSync(folder, { recursive: true, force: true });
});

const entries = Object.keys(ENTRIES) as Entry[];
const pages = /^functions\/console\/pages\//;
const kubernetes = /(^|\/)@kubernetes\//;
const web = /(^|\/)node_modules\/(hono|@hono)\//;
const scripts = /\.sh$|^runbooks\/commands\/document\.ts$/;
const notOurs = /^(infra|local|test|docs)\//;
const wholeZod = /node_modules\/zod\/v4\/locales\/(?!en\.)/;

/** What must never be loaded when a function starts, by function. */
const STRANGERS: Record<Entry, readonly RegExp[]> = {
  intake: [web, pages],
  'run-step': [web, pages],
  watch: [web, pages],
  escalate: [web, pages],
  mode: [web, pages],
  promote: [web, pages],
  approve: [web, pages],
  console: [],
  links: [],
  widgets: [],
};

describe('the one asset of all functions', () => {
  it.each(entries)('gives %s nothing that it has no use for', (entry) => {
    const { inputs, bytes } = loadedAtStart(metafile, entry);
    expect(inputs.size).toBeGreaterThan(50);
    for (const stranger of [...STRANGERS[entry], kubernetes, scripts, notOurs, wholeZod])
      expect([...inputs].filter((input) => stranger.test(input))).toEqual([]);
    expect(bytes).toBeLessThan(1_400 * KILOBYTE);
  });

  it('is in all a small part of the 250 MB that Lambda takes', () => {
    const total = Object.values(metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0);
    expect(total).toBeLessThan(4_500 * KILOBYTE);
  });

  it('is the same byte for byte when it is made again elsewhere: a deployment of the same code changes nothing', async () => {
    await bundle(second);
    const files = readdirSync(first).sort();
    expect(readdirSync(second).sort()).toEqual(files);
    for (const file of files) expect(readFileSync(join(second, file)).equals(readFileSync(join(first, file)))).toBe(true);
  });

  it('has no other file that Lambda would take for a function', () => {
    const scripts = readdirSync(first).filter((name) => /\.(js|cjs)$/.test(name) || !name.includes('.'));
    expect(scripts).toEqual([]);
  });

  it('keeps the names of functions, which a stack trace shows', () => {
    const all = readdirSync(first).map((file) => readFileSync(join(first, file), 'utf8'));
    expect(all.some((text) => text.includes('function openIncident('))).toBe(true);
  });
});
