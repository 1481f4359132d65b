import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const CALL_MS = 120_000;
const run = promisify(execFile);

/** Debian's own tools first: another Docker client on this machine is not what is tried here. */
export const PATH = '/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin';

export interface CallOptions {
  environment?: Record<string, string>;
  cwd?: string;
  input?: string;
  withinMs?: number;
}

/**
 * Runs a program with nothing of this process' environment but what it is given.
 * @returns what it printed, without the last line's end
 * @throws {Error} with what it said, when it fails
 */
export async function call(program: string, words: readonly string[], options: CallOptions = {}): Promise<string> {
  const { environment = {}, cwd = '/', withinMs = CALL_MS } = options;
  const env = { PATH, HOME: '/root', LC_ALL: 'C', ...environment };
  const settings = { env, cwd, timeout: withinMs, maxBuffer: 64 * 1024 * 1024 };
  try {
    const going = run(program, [...words], settings);
    if (options.input !== undefined) going.child.stdin?.end(options.input);
    return (await going).stdout.trimEnd();
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? `${error.message}\n${String(error.stderr).trim()}` : error;
    throw new Error(`${program} ${words.slice(0, 4).join(' ')}: ${String(said).slice(0, 2_000)}`);
  }
}
