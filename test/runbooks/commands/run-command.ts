import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scriptOf } from '../../../runbooks/commands/document.ts';
import { type HostCommand, parameterText } from '../../../runbooks/language/command.ts';

export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
  /** The first line of the output, read as JSON. */
  facts: () => unknown;
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'firebreak-'));
}

export interface Delivery {
  key?: string;
  /** Seconds since 1970. */
  notAfter?: number;
  /** Where the host keeps its markers; a folder of its own for each call if not said. */
  state?: string;
  /** Raw values that no pattern has seen, in place of checked ones. */
  raw?: Record<string, string>;
}

/** Runs a script as Systems Manager does: parameters are variables, and never text. */
export function runScript(script: string, environment: Record<string, string>): { ended: Promise<Ended>; kill: () => void } {
  const child = spawn('bash', ['-s'], { env: { PATH: process.env.PATH, ...environment }, detached: true, cwd: tmpdir() });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(script);
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (status) => resolve({ status, stdout, stderr, facts: () => JSON.parse(stdout.split('\n')[0] ?? '') }));
  });
  return {
    ended,
    kill: () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    },
  };
}

export function variables(parameters: Record<string, string>, delivery: Delivery = {}): Record<string, string> {
  return {
    ...Object.fromEntries(Object.entries(parameters).map(([name, value]) => [`SSM_${name}`, value])),
    SSM_key: delivery.key ?? 'step-1',
    SSM_notAfter: String(delivery.notAfter ?? 4_102_444_800),
    FIREBREAK_STATE: delivery.state ?? temporaryFolder(),
  };
}

/** Runs a real command with parameters that its own schema has checked. */
export function runCommand(
  command: Pick<HostCommand, 'name' | 'safety'>,
  parameters: Record<string, string | number | boolean | string[]>,
  delivery: Delivery = {},
): Promise<Ended> {
  const texts = Object.entries(parameters).map(([name, value]) => [name, parameterText(value)] as const);
  return runScript(scriptOf(command), variables({ ...Object.fromEntries(texts), ...delivery.raw }, delivery)).ended;
}
