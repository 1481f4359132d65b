import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScriptResult } from '../fleet.ts';

export interface ScriptPlace {
  /** The host's folder on this machine. */
  home: string;
  bashEnv: string;
  /** Where scripts keep their markers, inside the sandbox. */
  stateDir: string;
}

/** More output than this is cut off: Systems Manager itself keeps 24,000 characters. */
const MAX_OUTPUT = 1024 * 1024;

/**
 * Runs a script with the real bash, in a session of its own, with nothing of this process' environment.
 * Paths in its output are the simulated host's.
 *
 * @param signal kills the script and everything that it started; the result is then exit code 137
 */
export function runScript(
  place: ScriptPlace,
  script: string,
  environment: Record<string, string>,
  signal: AbortSignal,
): Promise<ScriptResult> {
  const { home, bashEnv, stateDir } = place;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve({ exitCode: 137, stdout: '', stderr: '' });
    // A file, as Systems Manager's agent does it: commands in the script have an empty input of their own.
    const folder = mkdtempSync(join(home, 'script-'));
    writeFileSync(join(folder, 'script.sh'), script, { mode: 0o700 });
    const child = spawn(`${home}/tools/bash`, [join(folder, 'script.sh')], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: `${home}/root`,
      detached: true,
      env: {
        ...environment,
        PATH: `${home}/bin`,
        BASH_ENV: bashEnv,
        HOME: `${home}/root/root`,
        TMPDIR: `${home}/root/tmp`,
        FIREBREAK_STATE: stateDir,
        LC_ALL: 'C',
        TZ: 'UTC',
      },
    });
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
      rmSync(folder, { recursive: true, force: true });
      const shown = (text: string) => hostPaths(home, text.replaceAll(`${folder}/`, ''));
      resolve({ exitCode: code ?? 137, stdout: shown(output.stdout), stderr: shown(output.stderr) });
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

/** Without the folders of this machine: what a tool complains about, it complains about as on the host. */
function hostPaths(home: string, text: string): string {
  const [root, held, tools] = [`${home}/root`, `${home}/held`, `${home}/tools`];
  return text.replaceAll(`${tools}/`, '').replaceAll(`${root}/`, '/').replaceAll(root, '/').replaceAll(`${held}/`, '/');
}
