import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { freePort } from '../free-port.ts';
import { until } from '../until.ts';
import type { Plan, Variant } from './plan.ts';
import { broken } from './proof.ts';
import { launch, type Responder, scriptsRun } from './responder.ts';
import { effects, isAtRest, type Outside, outside, type Standing } from './standing.ts';

/** The machine's own milliseconds: how long a restart may take until nothing is left to happen. */
const MENDED_WITHIN_MS = 180_000;

export interface Came {
  /** Where the run stood when it was killed, and how it ended, in words. */
  story: string;
  /** What does not hold. */
  wrong: string[];
  dataDir: string;
}

/** An undisturbed run of a variant. @returns how long it takes from the alarm to its end, in the machine's milliseconds */
export async function undisturbed(variant: Variant): Promise<{ ms: number } & Came> {
  const dataDir = mkdtempSync(join(tmpdir(), `firebreak-crash-${variant}-`));
  const responder = await launch(variant, dataDir, 0).ready;
  const seen = outside(responder.url);
  try {
    await seen.setAlarm('ALARM');
    const began = performance.now();
    const standing = await rest(seen, dataDir);
    const ms = performance.now() - began;
    return { ms, ...(await told(seen, standing, dataDir, '')) };
  } finally {
    await end(seen, responder);
  }
}

/** One round: an alarm, a `kill -9`, perhaps another while it restarts, and what came of it. */
export async function play({ round, variant, part, againMs }: Plan, undisturbedMs: number): Promise<Came> {
  const dataDir = mkdtempSync(join(tmpdir(), `firebreak-crash-${round}-`));
  // It comes back to the port that it had, so nobody else may be given that meanwhile.
  const port = await freePort();
  const first = await launch(variant, dataDir, port).ready;
  const before = outside(first.url);
  const atMs = part * undisturbedMs;
  await before.setAlarm('ALARM');
  const clearing = clearWhenActed(before);
  await new Promise((resolve) => setTimeout(resolve, atMs));
  await first.kill();
  await clearing.stop();
  before.close();

  let story = `killed ${Math.round(atMs)} ms after the alarm`;
  if (againMs !== null) {
    const second = launch(variant, dataDir, port);
    await new Promise((resolve) => setTimeout(resolve, againMs));
    await second.kill();
    story += ` and again ${againMs} ms into the restart`;
  }
  const last = await launch(variant, dataDir, port).ready;
  const seen = outside(last.url);
  try {
    return await told(seen, await rest(seen, dataDir), dataDir, story);
  } catch (error) {
    const why = `${error instanceof Error ? error.message : String(error)} ${last.complaints()}`;
    return { story, wrong: [why, JSON.stringify(await seen.standing())], dataDir };
  } finally {
    await end(seen, last);
  }
}

/** Clears the alarm when the act is over, as monitoring would, and waits until nothing is left to happen. */
async function rest(seen: Outside, dataDir: string): Promise<Standing> {
  const clearing = clearWhenActed(seen);
  try {
    const over = async () => isAtRest(await seen.standing()) && !scriptsRun(dataDir);
    await until('the end of it all', over, MENDED_WITHIN_MS);
    // Anew: what was read while the last thing happened is of before and after it.
    return await seen.standing();
  } finally {
    await clearing.stop();
  }
}

/** The alarm clears when the cause is gone. Who asks a process that is being killed gets no answer: that is no error. */
function clearWhenActed(seen: Outside): { stop(): Promise<void> } {
  let stopped = false;
  const acted = async () => (await seen.standing()).incidents.some(({ acts }) => acts.some(({ status }) => status === 'done'));
  const clear = async () => {
    while (!stopped) {
      try {
        if (await acted()) return await seen.setAlarm('OK');
      } catch (error) {
        if (!(error instanceof Error)) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const cleared = clear();
  return {
    stop: () => {
      stopped = true;
      return cleared;
    },
  };
}

async function told(seen: Outside, standing: Standing, dataDir: string, story: string): Promise<Came> {
  const histories = await seen.histories();
  const [incident] = standing.incidents;
  const [acts, undone] = [effects(dataDir, 'acts').length, effects(dataDir, 'undone').length];
  const ended = `${incident?.status}, automation ${incident?.automation}: act ${acts}, undone ${undone}, pages ${standing.inbox.length}`;
  return {
    story: `${story}, in ${lastState(histories)} -> ${ended}`,
    wrong: broken(standing, histories, dataDir),
    dataDir,
  };
}

/** The state that was entered last before the execution was cut off, or that it ended after. */
function lastState(histories: HistoryEvent[][]): string {
  const [history = []] = histories;
  const name = history.flatMap(({ stateEnteredEventDetails: entered }) => (entered?.name ? [entered.name] : [])).at(-1);
  const aborted = history.some(({ type }) => type === 'ExecutionAborted');
  return aborted ? `"${name ?? 'its start'}"` : 'no state (before it began, or after its end)';
}

async function end(seen: Outside, responder: Responder): Promise<void> {
  seen.close();
  await responder.kill();
}
