import type { ShimAnswer } from '../host/rpc.ts';
import type { DockerEngine } from './engine.ts';
import type { Row } from './format.ts';
import { render } from './templates.ts';

/** One of docker's commands, with the words that follow it. */
export type Command = (engine: DockerEngine, args: string[]) => ShimAnswer;

/** What was found is printed even when something else was not; then the exit code is 1. */
export function inspected(found: Row[], missing: string[], format: string | undefined): ShimAnswer {
  const stdout =
    format === undefined || format === 'json'
      ? `${JSON.stringify(found, null, format ? 0 : 4)}\n`
      : found.map((one) => `${render(format, one)}\n`).join('');
  return { exitCode: missing.length > 0 ? 1 : 0, stdout, stderr: missing.map((line) => `${line}\n`).join('') };
}
