import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort } from '../free-port.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const END_MS = 10_000;
/** The port that the page speaks of. Another may be at work there. */
const PAGES_PORT = 4600;

export interface Typed {
  exitCode: number;
  said: string;
}

/** Somebody who has cloned the repository and does what a page says. */
export interface Reader {
  /** Where the console is for them. */
  url: string;
  /** Types lines into bash. What goes on until it is ended (`npm start`) is left running, in a terminal of its own. */
  type(lines: string): Promise<Typed>;
  write(path: string, text: string): void;
  exists(path: string): boolean;
  /** What the program in the other terminal has said. */
  other(): string;
  /** Ends what runs, by its id, and removes the copy. */
  leave(): Promise<void>;
}

/** A copy of what git knows, with the same packages installed. */
export async function newReader(): Promise<Reader> {
  const home = mkdtempSync(join(tmpdir(), 'firebreak-guide-'));
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  for (const file of files.split('\0').filter((name) => name !== '' && existsSync(join(ROOT, name)))) {
    mkdirSync(dirname(join(home, file)), { recursive: true });
    cpSync(join(ROOT, file), join(home, file));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(home, 'node_modules'));
  const port = await freePort();
  const environment = {
    ...process.env,
    PORT: String(port),
    PATH: `${join(home, 'node_modules', '.bin')}:${process.env.PATH ?? ''}`,
  };
  const bash = (lines: string, detached: boolean) =>
    spawn('bash', ['-euo', 'pipefail', '-c', lines.replaceAll(String(PAGES_PORT), String(port))], {
      cwd: home,
      env: environment,
      detached,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  let running: ChildProcess | undefined;
  let other = '';
  return {
    url: `http://127.0.0.1:${port}`,
    type: async (lines) => {
      if (!/^npm start\b/m.test(lines)) return await ended(bash(lines, false));
      running = bash(lines, true);
      heard(running, (text) => {
        other += text;
      });
      return { exitCode: 0, said: '' };
    },
    write: (path, text) => {
      mkdirSync(dirname(join(home, path)), { recursive: true });
      writeFileSync(join(home, path), text);
    },
    exists: (path) => existsSync(join(home, path)),
    other: () => other,
    leave: async () => {
      await end(running);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The page, as it is read. */
export const guide = () => readFileSync(join(ROOT, 'docs', 'adding-a-system.md'), 'utf8');

async function ended(child: ChildProcess): Promise<Typed> {
  let said = '';
  heard(child, (text) => {
    said += text;
  });
  const exitCode = await new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  return { exitCode, said };
}

function heard(child: ChildProcess, hear: (text: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', hear);
}

/** npm and what it has started are one group, whose id is the first one's. */
async function end(child: ChildProcess | undefined): Promise<void> {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const group = -child.pid;
  const over = new Promise((resolve) => child.once('close', resolve));
  process.kill(group, 'SIGTERM');
  const late = setTimeout(() => process.kill(group, 'SIGKILL'), END_MS);
  await over;
  clearTimeout(late);
}
