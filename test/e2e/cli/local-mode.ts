import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../until.ts';

/** Runbooks verify for minutes; with this they are seconds. */
const SPEED = 30;
const START_MS = 90_000;
const END_MS = 10_000;
const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Local mode as `npm start` runs it, on a port and with data of its own. */
export interface LocalMode {
  url: string;
  /** From its start until it answered, in milliseconds. */
  tookMs: number;
  /** Everything on the simulated hosts' disks: one line a file, with its size and when it was last written. */
  files(): string[];
  /** What it has said, for the person who reads why a check failed. */
  log(): string;
  /** Ends the process, by its id, and removes its data. */
  stop(): Promise<void>;
}

/**
 * @param speed how many times faster than the machine's its minutes pass
 * @throws {Error} when it does not answer in time; with what it said
 */
export async function startLocalMode(speed = SPEED): Promise<LocalMode> {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-cli-'));
  const began = performance.now();
  const child = spawn(process.execPath, ['local/main.ts', '--schedules', 'off', '--speed', String(speed)], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    // 0 is any port that is free: it says which one it has.
    env: { ...process.env, PORT: '0', FIREBREAK_DATA: folder },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const stop = async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  const url = await until('local mode answers', () => answering(child, said), START_MS).catch(async (error: Error) => {
    await stop();
    throw new Error(`${error.message}\n${said}`);
  });
  const tookMs = performance.now() - began;
  return { url, tookMs, files: () => filesUnder(join(folder, 'simulation', 'hosts')), log: () => said, stop };
}

async function answering(child: ChildProcess, said: string): Promise<string | false> {
  if (child.exitCode !== null) throw new Error(`local mode ended with ${child.exitCode}`);
  const [, url] = /runs at (http:\S+?)[,.\s]*\s/.exec(said) ?? [];
  if (!url) return false;
  const answer = await fetch(`${url}/healthz`).catch(() => undefined);
  return answer?.ok === true && url;
}

/**
 * Only what stands for a disk: beside it lie the simulation's own notes. `/proc` is written anew for each script, so it is not even
 * looked into: what was in it a moment ago may be gone.
 */
function filesUnder(hosts: string): string[] {
  return readdirSync(hosts)
    .map((host) => join(hosts, host, 'root'))
    .flatMap((disk) => readdirSync(disk, { withFileTypes: true }))
    .filter((entry) => entry.name !== 'proc')
    .flatMap((entry) => (entry.isDirectory() ? below(join(entry.parentPath, entry.name)) : [entry]))
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const { size, mtimeMs } = statSync(path);
      return `${path.slice(hosts.length)} ${size} ${mtimeMs}`;
    })
    .sort();
}

const below = (folder: string) => readdirSync(folder, { recursive: true, withFileTypes: true });

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const over = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), END_MS);
  await over;
  clearTimeout(late);
}
