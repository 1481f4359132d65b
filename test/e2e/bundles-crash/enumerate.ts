import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { log } from '../../../functions/log.ts';
import { tally } from '../tally.ts';
import type { Fate } from './fault-point.ts';
import { type Came, play, stopExecutions } from './play.ts';
import { broken } from './proof.ts';
import { stage as makeStage } from './stage.ts';
import { isVariant, VARIANTS, type Variant } from './variants.ts';

/**
 * `node enumerate.ts <variant>` plays the run of a variant again and again, until each of its calls has been met by a death before
 * and one after it, and some by one that stops the state machine, too; `node enumerate.ts <variant> <death> <call>` plays one of
 * them only, and `node enumerate.ts <variant> together <n>`
 * the n-th run of several deaths. See `../bundles-crash.ts`.
 */
const DEATHS = {
  'dies before': () => ({ when: 'before' }),
  'dies after': () => ({ when: 'after' }),
  'is stopped after': () => ({ when: 'after', afterwards: () => stopExecutions(stage) }),
} satisfies Record<string, () => Fate>;
type Death = keyof typeof DEATHS;
/**
 * A run whose state machine is stopped goes on minutes later, by the auditor: of those deaths every so-manieth call is met, another
 * set of calls each time. Each call of a run and of a look at a ladder is died at in each test run, in one process
 * (`test/functions/crash-everywhere.ts`, `test/functions/escalate/crash.test.ts`).
 */
const EVERY = 5;
/** A run makes fewer calls than another by this part of them at most. */
const SHORTER = 20;
/** More than any run makes: an enumeration that does not come to its end is a failure, and no endless loop. */
const MOST_CALLS = 400;

const [name = '', onlyDeath = '', onlyCall = ''] = process.argv.slice(2);
if (!isVariant(name)) throw new Error(`there is no variant "${name}": expected ${Object.keys(VARIANTS).join(', ')}`);
const variant: Variant = VARIANTS[name];
log.setLogLevel('SILENT');
const folder = mkdtempSync(join(tmpdir(), `firebreak-bundles-${name}-`));
const { equal, holds, failed, end } = tally((line) => console.log(line.replace(/^(ok|FAIL) +/, `$& ${name} `)));

/** What becomes of which call, from 1; and which of them came, by what they asked for. */
const fates = new Map<number, Fate>();
const met: string[] = [];
let intakeDied = 0;
let calls = 0;
/** Whether a call is one of the run's: what comes when all is made as it was, is none. */
let counts = true;
const stage = await makeStage(variant.registry, await variant.build(folder), join(folder, 'data'), (target, functionName) => {
  if (!counts) return undefined;
  calls += 1;
  const fate = fates.get(calls);
  if (fate) met.push(`${calls} (${target.split('.').at(-1)})`);
  if (fate && functionName.endsWith('-intake')) intakeDied += 1;
  return fate;
});
try {
  await undisturbed('each invocation in an environment of its own', true);
  await undisturbed('in environments that stay', false);
  // What an environment asks for once and keeps (where a queue is) is no call of the runs after that.
  await undisturbed('in environments that are used again', false);
  const ofARun = calls;
  if (isDeath(onlyDeath)) await enumerated(onlyDeath, ofARun, Number(onlyCall) || 1, 1);
  else if (variant.together || onlyDeath === 'together') await together(ofARun, ['dies before', 'dies after']);
  else {
    await together(ofARun, ['dies after']);
    const from = Number(process.env.BUNDLES_FROM) || randomInt(EVERY) + 1;
    console.log(
      `stopped after every ${EVERY}th call, from call ${from} on; repeat with: BUNDLES_FROM=${from} npm run e2e:bundles`,
    );
    await enumerated('is stopped after', ofARun, from, EVERY);
    // What AWS has seen before a call is what it had seen after the one before it: only where a function begins it is not.
    await together(ofARun, ['dies before']);
  }
} catch (error) {
  failed('the enumeration', error);
} finally {
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
}
// Of a task that a killed process never answers, the library of state machines keeps the timer for years.
process.exit(end());

async function undisturbed(how: string, cold: boolean): Promise<void> {
  stage.lambda.alwaysCold(cold);
  const came = await played([]);
  const same = Object.entries(variant.clean).every(([key, value]) => isDeepStrictEqual(came[key as keyof Came], value));
  equal(`undisturbed, ${how}`, same ? variant.clean : came, variant.clean);
}

/**
 * Every so-manieth call of a run with this death, one a run, until a run ends before the call comes. Two runs need not be alike to
 * the call: how often a state is asked for depends on what answers first. So the last calls of an undisturbed run may have no match.
 */
async function enumerated(death: Death, ofARun: number, from: number, every: number): Promise<void> {
  const shortest = ofARun - Math.ceil(ofARun / SHORTER);
  for (let at = from; at <= MOST_CALLS; at += every) {
    const came = await played([[at, DEATHS[death]()]]);
    if (met.length === 0) return holds(`${death} calls up to the ${at - 1}th; an undisturbed run makes ${ofARun}`, at > shortest);
    proven(`${death} call ${met[0]}`, came);
    if (onlyCall) return;
  }
}

/** Eight deaths in each run, an eighth of it apart, in turns; and so many runs that each call is met by each of them. */
async function together(ofARun: number, kinds: readonly Death[]): Promise<void> {
  const eighth = Math.ceil(ofARun / 8);
  for (let at = Number(onlyCall) || 1; at <= kinds.length * eighth; at += 1) {
    const planned = Array.from({ length: 8 }, (_, turn) => {
      const call = ((at + turn * eighth - 1) % (8 * eighth)) + 1;
      return [call, DEATHS[kinds[turn % kinds.length] ?? 'dies before']()] as const;
    });
    const came = await played(planned);
    proven(`${kinds.join(', ')} each of calls ${met.join(', ')}`, came);
    if (onlyCall) return;
  }
}

function isDeath(text: string): text is Death {
  return Object.hasOwn(DEATHS, text);
}

function proven(what: string, came: Came): void {
  const wrong = broken(came, variant.traces, intakeDied);
  if (wrong.length === 0) holds(what, true);
  else failed(what, new Error(`${wrong.join(', ')}: ${JSON.stringify(came)}`));
}

async function played(planned: readonly (readonly [call: number, fate: Fate])[]): Promise<Came> {
  calls = 0;
  met.length = 0;
  intakeDied = 0;
  fates.clear();
  for (const [call, fate] of planned) fates.set(call, fate);
  counts = true;
  return play(stage, variant.scenario, () => {
    counts = false;
  });
}
