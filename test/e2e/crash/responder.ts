import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Variant } from './plan.ts';

/** So many times faster than the wall: a run takes seconds, and a script still reaches its host within its time. */
export const SPEED = 20;

const CHILD = join(import.meta.dirname, '..', 'crash-child.ts');
const START_MS = 90_000;

/** Local mode in a process of its own. */
export interface Responder {
  url: string;
  /** `kill -9` of this one process. What it started on the simulated host goes on, as on a host of its own. */
  kill(): Promise<void>;
  /** Everything that it said on its error output. */
  complaints(): string;
}

/** Starts the process without waiting until it answers. */
export function launch(variant: Variant, dataDir: string, port: number): { ready: Promise<Responder>; kill(): Promise<void> } {
  const child = spawn(process.execPath, [CHILD, variant, dataDir, String(port), String(SPEED)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Most of a start is reading the sources.
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'firebreak-crash-compiled') },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const kill = () => killed(child);
  const ready = new Promise<Responder>((resolve, reject) => {
    const late = setTimeout(() => {
      // Nobody else knows of it by then.
      void kill();
      reject(new Error(`it did not start within ${START_MS / 1_000} s:\n${said}`));
    }, START_MS);
    child.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`it ended while it started (${code}):\n${said}`));
    });
    createInterface(child.stdout).on('line', (line) => {
      const [, url] = /^ready (\S+)$/.exec(line) ?? [];
      clearTimeout(late);
      if (url) resolve({ url, kill, complaints: () => said });
    });
  });
  // Who kills it while it starts does not wait for it.
  ready.catch(() => {});
  return { ready, kill };
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

/** Whether a script still runs on the simulated host, whoever started it. */
export function scriptsRun(dataDir: string): boolean {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`).startsWith(join(dataDir, 'simulation', 'hosts'));
      } catch {
        return false;
      }
    });
}
