import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../e2e/until.ts';

const READY_MS = 120_000;
/** How long a program may take to end before it is killed. */
const GRACE_MS = 10_000;
const SHOWN_BYTES = 3_000;

export interface Running {
  name: string;
  pid: number;
  stop(): Promise<void>;
}

export interface Start {
  name: string;
  program: string;
  args: readonly string[];
  /** Where its log goes, `<name>.log`. */
  folder: string;
  env?: Record<string, string>;
  /** Whether it does its work yet. What is thrown counts as "not yet". */
  ready: () => Promise<boolean> | boolean;
}

/**
 * Starts a program and waits until it does its work.
 * @throws {Error} when it ended or was not ready in time, with the end of its log; nothing is left running
 */
export async function startProgram({ name, program, args, folder, env = {}, ready }: Start): Promise<Running> {
  const path = join(folder, `${name}.log`);
  const log = openSync(path, 'a');
  // Nothing of this machine's own: neither a cluster that somebody is logged in to, nor a proxy.
  const child = spawn(program, args, {
    cwd: folder,
    stdio: ['ignore', log, log],
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: folder, ...env },
  });
  closeSync(log);
  let broken: Error | undefined;
  child.once('error', (error) => {
    broken = error;
  });
  // A test that dies half-way must not leave a cluster behind.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const over = () => broken !== undefined || child.exitCode !== null || child.signalCode !== null;
  const stop = async () => {
    if (over()) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    await ended;
    clearTimeout(killer);
  };
  try {
    await until(
      `${name} is ready`,
      async () => {
        if (over())
          throw new Error(`${name} ended by itself: ${broken?.message ?? `exit ${child.exitCode ?? child.signalCode}`}`);
        return await Promise.resolve()
          .then(ready)
          .catch(() => false);
      },
      READY_MS,
    );
  } catch (error) {
    await stop();
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${why}\n${readFileSync(path, 'utf8').slice(-SHOWN_BYTES)}`);
  }
  return { name, pid: child.pid ?? 0, stop };
}
