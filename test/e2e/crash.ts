import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type Plan, plans, VARIANTS, type Variant } from './crash/plan.ts';
import { type Came, play, undisturbed } from './crash/round.ts';

/**
 * `kill -9` of local mode at a random moment of a run, and a restart; see `crash/proof.ts` for what must hold then.
 *
 * CRASH_ROUNDS says how many rounds (50), CRASH_SEED repeats the moments of an earlier run, CRASH_ROUND plays one of them only.
 */
const AT_ONCE = 2;

const seed = numberFrom('CRASH_SEED', randomInt(2 ** 31));
const rounds = numberFrom('CRASH_ROUNDS', 50);
const only = numberFrom('CRASH_ROUND', 0);
console.log(`seed ${seed}`);

const durations = new Map<Variant, number>();
let [passed, failed] = [0, 0];
for (const variant of VARIANTS) {
  const { ms, ...came } = await undisturbed(variant);
  durations.set(variant, ms);
  count(`undisturbed ${variant} ${Math.round(ms)} ms`, came, '');
}

const waiting = plans(seed, Math.max(rounds, only)).filter(({ round }) => only === 0 || round === only);
await Promise.all(Array.from({ length: AT_ONCE }, worker));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function worker(): Promise<void> {
  for (let plan = waiting.shift(); plan; plan = waiting.shift()) await playOne(plan);
}

async function playOne(plan: Plan): Promise<void> {
  const name = `round ${String(plan.round).padStart(2)} ${plan.variant.padEnd(10)}`;
  const repeat = `repeat with: CRASH_SEED=${seed} CRASH_ROUND=${plan.round} npm run e2e:crash`;
  try {
    count(name, await play(plan, durations.get(plan.variant) ?? 0), repeat);
  } catch (error) {
    count(
      name,
      { story: '', wrong: [error instanceof Error ? (error.stack ?? error.message) : String(error)], dataDir: '' },
      repeat,
    );
  }
}

function count(name: string, { story, wrong, dataDir }: Came, repeat: string): void {
  console.log(`${wrong.length === 0 ? 'ok  ' : 'FAIL'}  ${name}${story}`);
  if (wrong.length === 0) {
    passed += 1;
    rmSync(dataDir, { recursive: true, force: true });
    return;
  }
  failed += 1;
  for (const one of wrong) console.log(`      ${one}`);
  console.log(`      its data is kept in ${dataDir}${repeat && `; ${repeat}`}`);
}

function numberFrom(name: string, otherwise: number): number {
  const given = process.env[name];
  if (given === undefined || given === '') return otherwise;
  const number = Number(given);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new Error(`${name}: expected a whole number, got "${given}"`);
}
