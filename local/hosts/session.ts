import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScriptResult } from '../simulation/fleet.ts';

/** Where and with what a script runs. */
export interface ScriptPlace {
  /** The program that runs it. */
  bash: string;
  /** Folder for the script's file, which is gone when the script has ended. */
  scratch: string;
  cwd: string;
  /** All of its environment: nothing of this process' own reaches it. */
  environment: Record<string, string>;
}

/** More output than this is cut off: Systems Manager itself keeps 24,000 characters. */
const MAX_OUTPUT = 1024 * 1024;
/** A shell's own code for what SIGKILL ended. */
const KILLED = 137;

/**
 * Runs a script with bash in a session of its own, as a file, as Systems Manager's agent does it: commands in the script have an
 * empty input of their own.
 *
 * @param signal kills the script and everything that it started; the result is then exit code 137
 * @throws {Error} when its file cannot be written, or bash not be started
 */
export async function runInSession(place: ScriptPlace, script: string, signal: AbortSignal): Promise<ScriptResult> {
  if (signal.aborted) return { exitCode: KILLED, stdout: '', stderr: '' };
  const folder = mkdtempSync(join(place.scratch, 'script-'));
  try {
    const file = join(folder, 'script.sh');
    writeFileSync(file, script, { mode: 0o700 });
    const result = await run(place, file, signal);
    const shown = (text: string) => text.replaceAll(`${folder}/`, '');
    return { ...result, stdout: shown(result.stdout), stderr: shown(result.stderr) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run({ bash, cwd, environment }: ScriptPlace, file: string, signal: AbortSignal): Promise<ScriptResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(bash, [file], { stdio: ['ignore', 'pipe', 'pipe'], cwd, detached: true, env: environment });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        if (output[name].length < MAX_OUTPUT) output[name] += text;
      });
    }
    const kill = () => killSession(child.pid);
    signal.addEventListener('abort', kill, { once: true });
    child.once('error', reject);
    child.once('close', (code) => {
      signal.removeEventListener('abort', kill);
      resolve({ exitCode: code ?? KILLED, ...output });
    });
  });
}

/** Ends every process of the session, also those that made a process group of their own. */
function killSession(leader: number | undefined): void {
  if (leader === undefined) return;
  const members = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && sessionOf(name) === leader);
  for (const pid of [-leader, ...members.map(Number)]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }
}

function sessionOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything; the fields after it are state, parent, group, session.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3]);
  } catch {
    return undefined;
  }
}
