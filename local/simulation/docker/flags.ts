import type { ShimAnswer } from '../host/rpc.ts';

/** A command line that the real tool would refuse, or that the simulation does not know. The caller prints it and exits. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly exitCode: number;
  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

export interface Flags {
  words: string[];
  has(name: string): boolean;
  /** The last value given, as with the real tools. */
  value(name: string): string | undefined;
  values(name: string): string[];
}

/**
 * Reads a command line as Docker's own parser does: `--name value`, `--name=value`, `-n value`, `-qa`; words and flags mixed.
 *
 * @param takesValue flags with a value, in the form `filter|f`: every way to spell it, the first being its name
 * @param switches flags without one, in the same form
 * @param stopAtWord everything from the first word on belongs to another command (`docker exec`)
 * @throws {UsageError} for a flag that is not among them
 */
export function readFlags(args: string[], takesValue: string[], switches: string[], stopAtWord = false): Flags {
  const spelt = (list: string[]) =>
    new Map(list.flatMap((entry) => entry.split('|').map((way) => [way, entry.split('|')[0] ?? ''])));
  const [valued, plain] = [spelt(takesValue), spelt(switches)];
  const found = new Map<string, string[]>();
  const add = (name: string, value: string) => found.set(name, [...(found.get(name) ?? []), value]);
  const words: string[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--') words.push(...rest.splice(0));
    else if (!arg.startsWith('-') || arg === '-') {
      words.push(arg);
      if (stopAtWord) words.push(...rest.splice(0));
    } else if (arg.startsWith('--')) long(arg);
    else short(arg);
  }
  return {
    words,
    has: (name) => found.has(name) && found.get(name)?.at(-1) !== 'false',
    value: (name) => found.get(name)?.at(-1),
    values: (name) => found.get(name) ?? [],
  };

  function long(arg: string): void {
    const [way = '', ...after] = arg.slice(2).split('=');
    const given = after.length > 0 ? after.join('=') : undefined;
    const [withValue, without] = [valued.get(way), plain.get(way)];
    if (withValue !== undefined) add(withValue, given ?? next(arg));
    else if (without !== undefined) add(without, given ?? 'true');
    else throw new UsageError(`unknown flag: --${way}`, 125);
  }

  function short(arg: string): void {
    for (let at = 1; at < arg.length; at += 1) {
      const way = arg[at] ?? '';
      const [withValue, without] = [valued.get(way), plain.get(way)];
      if (withValue !== undefined) {
        const attached = arg.slice(at + 1).replace(/^=/, '');
        add(withValue, attached || next(`-${way}`));
        return;
      }
      if (without === undefined) throw new UsageError(`unknown shorthand flag: '${way}' in ${arg}`, 125);
      add(without, 'true');
    }
  }

  function next(flag: string): string {
    const value = rest.shift();
    if (value === undefined) throw new UsageError(`flag needs an argument: ${flag}`, 125);
    return value;
  }
}

export const ok = (stdout = ''): ShimAnswer => ({
  exitCode: 0,
  stdout: stdout && !stdout.endsWith('\n') ? `${stdout}\n` : stdout,
  stderr: '',
});

export const failed = (stderr: string, exitCode = 1, stdout = ''): ShimAnswer => ({ exitCode, stdout, stderr: `${stderr}\n` });
