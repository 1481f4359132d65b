import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * The bundles that the stack deploys, each in processes of its own, against local mode's AWS; and a `kill -9` at every call that
 * they make of it, from the intake of the alarm to the auditor's round: before the call and after it, eight deaths a run. At every
 * fifth call, alone, the state machine is stopped as well, which is what a restart of local mode leaves to the auditor.
 * `bundles-crash/proof.ts` says what must hold then, `bundles-crash/variants.ts` what is played: two runbooks that leave a trace of
 * each time they act, in bundles that are built with them; and a real one, in the asset as it is.
 *
 * Two at once, because there are two cores. `node test/e2e/bundles-crash/enumerate.ts <variant> <death> <call>` repeats one.
 */
const ENUMERATE = join(import.meta.dirname, 'bundles-crash', 'enumerate.ts');
/** The machine's own milliseconds: ten minutes on two cores, and other things may be at work beside it. */
const PATIENCE_MS = 2_700_000;
const AT_ONCE = 2;

/** The longest first: the other core takes what is left. */
const waiting = ['undoes', 'resolves', 'real'];
const counts: [passed: number, failed: number][] = [];
await Promise.all(Array.from({ length: AT_ONCE }, worker));
const [passed, failed] = [0, 1].map((at) => counts.reduce((sum, count) => sum + (count[at] ?? 0), 0));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function worker(): Promise<void> {
  for (let variant = waiting.shift(); variant; variant = waiting.shift()) counts.push(await enumerated(variant));
}

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
