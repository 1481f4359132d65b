import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { until } from '../until.ts';
import { call, PATH } from './shell.ts';

const GONE_MS = 20_000;

export interface Ended {
  code: number | null;
  /** The last line that it printed; the others were passed on. */
  last: string;
}

/**
 * Runs a program of ours in a world of its own: its processes, mounts and network are its own, and whatever it leaves running or
 * mounted is gone when it ends, however it ends. The first process there is Docker's own init, which buries what is orphaned.
 */
export async function inOwnWorld(program: string, words: readonly string[]): Promise<Ended> {
  const apart = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const inside = 'mount -t tmpfs tmpfs /run && ip link set lo up && exec "$@"';
  const first = ['bash', '-c', inside, 'inside', process.execPath, program, ...words];
  const environment = { ...process.env, PATH };
  const child = spawn('unshare', [...apart, 'docker-init', '--', ...first], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environment,
  });
  const end = () => child.kill('SIGKILL');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  let last: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    if (last !== undefined) console.log(last);
    last = line;
  }
  return { code: await ended, last: last ?? '' };
}

/** What a folder's world has left behind: processes, mounts and loop devices. The kernel takes them down after the last process' end. */
export async function leftBy(folder: string): Promise<string[]> {
  let left: string[] = [];
  const none = async () => {
    left = await standing(folder);
    return left.length === 0;
  };
  await until('nothing is left', none, GONE_MS).catch(() => undefined);
  return left;
}

async function standing(folder: string): Promise<string[]> {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const loops = (await call('losetup', ['--list', '--noheadings', '--output', 'NAME,BACK-FILE'])).split('\n');
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return [...mounts, ...loops, ...processes.map(commandLine)].filter((line) => line.includes(`${folder}/`));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // Gone already.
    return '';
  }
}
