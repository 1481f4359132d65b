import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { LOCAL_ACCOUNT } from '../../runbooks/language/names.ts';
import { until } from '../e2e/until.ts';
import { type Percentiles, percentiles } from './percentiles.ts';
import { skippingClock } from './skipping-clock.ts';
import { onStage } from './stage.ts';

const COLD_HANDLER = fileURLToPath(new URL('./cold-handler.ts', import.meta.url));
const MAIN = fileURLToPath(new URL('../../local/main.ts', import.meta.url));
const PATIENCE_MS = 60_000;
const Cold = z.object({ imported: z.number(), answered: z.number(), refusal: z.literal('Error: there is no incident COLD') });

/** Each in a fresh process, TypeScript as it is, unbundled: a deployed function is bundled and loads less. In milliseconds. */
export interface ColdStart {
  stepFunctionImported: Percentiles;
  stepFunctionFirstAnswer: Percentiles;
  localModeServes: Percentiles;
}

export async function coldStart(times: number): Promise<ColdStart> {
  const cold = await onStage(skippingClock(), async ({ url }) => {
    const all: z.infer<typeof Cold>[] = [];
    for (let made = 0; made < times; made += 1) all.push(await coldHandler(url));
    return all;
  });
  const serves: number[] = [];
  for (let made = 0; made < times; made += 1) serves.push(await localServes());
  return {
    stepFunctionImported: percentiles(cold.map(({ imported }) => imported)),
    stepFunctionFirstAnswer: percentiles(cold.map(({ answered }) => answered)),
    localModeServes: percentiles(serves),
  };
}

async function coldHandler(url: string) {
  const config = { account: LOCAL_ACCOUNT, region: 'us-east-1', consoleUrl: url };
  const environment = { ...process.env, FIREBREAK_CONFIG: JSON.stringify(config), POWERTOOLS_LOG_LEVEL: 'SILENT' };
  const program = spawn(process.execPath, [COLD_HANDLER], { stdio: ['ignore', 'pipe', 'inherit'], env: environment });
  const said = await text(program.stdout);
  return Cold.parse(JSON.parse(said.trimEnd().split('\n').at(-1) ?? ''));
}

/** From the start of the process until the console's first page has been answered. */
async function localServes(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-cold-'));
  const began = performance.now();
  const program = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PORT: '0', FIREBREAK_DATA: join(folder, 'data') },
  });
  try {
    const url = await announced(program);
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
    return performance.now() - began;
  } finally {
    const over = new Promise((resolve) => program.once('exit', resolve));
    if (program.exitCode === null && program.kill('SIGTERM')) await over;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function announced(program: ChildProcess): Promise<string> {
  let said = '';
  program.stdout?.setEncoding('utf8').on('data', (part: string) => {
    said += part;
  });
  return until('local mode says where it is', () => /runs at (http:\S+?)[,.]?\s/.exec(said)?.[1], PATIENCE_MS);
}
