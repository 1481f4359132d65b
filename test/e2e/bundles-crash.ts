import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * The bundles as they are deployed, each in processes of its own, against local mode's AWS; and a `kill -9` at every call that
 * they make of it, from the intake of the alarm to the auditor's round: before the call, after it, and after it with the state
 * machine stopped at the same moment, which is what a restart of local mode leaves to the auditor. `bundles-crash/proof.ts` says
 * what must hold then.
 *
 * Both variants at once, because there are two cores. `node bundles-crash/enumerate.ts <variant> <death> <call>` repeats one.
 */
const ENUMERATE = join(import.meta.dirname, 'bundles-crash', 'enumerate.ts');
/** The machine's own milliseconds. */
const PATIENCE_MS = 900_000;

const counts = await Promise.all(['resolves', 'undoes'].map(enumerated));
const [passed, failed] = [0, 1].map((at) => counts.reduce((sum, count) => sum + (count[at] ?? 0), 0));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** @returns how many of its checks passed, and how many failed; a program that does not say has failed */
async function enumerated(variant: string): Promise<[passed: number, failed: number]> {
  const program = spawn(process.execPath, [ENUMERATE, variant], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: PATIENCE_MS,
  });
  let counted: [number, number] | undefined;
  const lines = createInterface(program.stdout);
  lines.on('line', (line) => {
    const [, good, bad] = /^(\d+) passed, (\d+) failed$/.exec(line) ?? [];
    if (good !== undefined && bad !== undefined) counted = [Number(good), Number(bad)];
    else console.log(line);
  });
  await new Promise((resolve) => program.once('close', resolve));
  if (counted) return counted;
  console.log(`FAIL  ${variant} did not come to its end`);
  return [0, 1];
}
