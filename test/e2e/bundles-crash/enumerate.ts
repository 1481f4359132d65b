import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { log } from '../../../functions/log.ts';
import { type Tally, tally } from '../tally.ts';
import { countedBundles, type Variant } from './counted-bundles.ts';
import type { Fate } from './fault-point.ts';
import { type Came, play, stopExecutions } from './play.ts';
import { broken, CLEAN } from './proof.ts';
import { registry as resolves } from './registries/resolves.ts';
import { registry as undoes } from './registries/undoes.ts';
import { stage as makeStage, type Stage } from './stage.ts';

/**
 * Every call of one variant's run, with each of the three deaths: `node enumerate.ts resolves|undoes`, and for one death only
 * `<which> <call>` after that. See `../bundles-crash.ts`.
 */
const DEATHS = {
  'dies before': () => ({ when: 'before' }),
  'dies after': () => ({ when: 'after' }),
  'is stopped after': (stage) => ({ when: 'after', afterwards: () => stopExecutions(stage) }),
} satisfies Record<string, (stage: Stage) => Fate>;
/** More than any run makes: an enumeration that does not come to its end is a failure, and no endless loop. */
const MOST_CALLS = 400;

const [given, onlyDeath = '', onlyCall = ''] = process.argv.slice(2);
const variant: Variant = given === 'undoes' ? 'undoes' : 'resolves';
log.setLogLevel('SILENT');
const folder = mkdtempSync(join(tmpdir(), `firebreak-bundles-${variant}-`));
const proven = tally((line) => console.log(line.replace(/ {2}/, `  ${variant} `)));
try {
  await enumerated(proven);
} catch (error) {
  proven.failed('the enumeration', error);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = proven.end();

async function enumerated({ equal, holds, failed }: Tally): Promise<void> {
  let calls = 0;
  let planned: { at: number; fate: Fate; met: boolean; target: string } | undefined;
  const asset = await countedBundles(folder, variant);
  const stage = await makeStage(variant === 'undoes' ? undoes : resolves, asset, join(folder, 'data'), (target) => {
    calls += 1;
    if (planned?.at !== calls) return undefined;
    Object.assign(planned, { met: true, target });
    return planned.fate;
  });
  const undisturbed = async () => {
    calls = 0;
    planned = undefined;
    const came = await play(stage);
    return Object.fromEntries(Object.keys(CLEAN[variant]).map((key) => [key, came[key as keyof Came]]));
  };
  try {
    stage.lambda.alwaysCold(true);
    equal('undisturbed, each invocation in an environment of its own', await undisturbed(), CLEAN[variant]);
    stage.lambda.alwaysCold(false);
    await undisturbed();
    equal('undisturbed, in environments that are used again', await undisturbed(), CLEAN[variant]);
    const ofARun = calls;
    for (const [death, fateOf] of Object.entries(DEATHS)) {
      if (onlyDeath && onlyDeath !== death) continue;
      for (let at = Number(onlyCall) || 1; at <= MOST_CALLS; at += 1) {
        calls = 0;
        planned = { at, fate: fateOf(stage), met: false, target: '' };
        const name = () => `${death} call ${at}, ${planned?.target}`;
        try {
          const came = await play(stage);
          if (!planned.met) {
            holds(`${death} each of ${at - 1} calls; an undisturbed run makes ${ofARun}`, at > ofARun);
            break;
          }
          const wrong = broken(came, variant);
          if (wrong.length === 0) holds(name(), true);
          else failed(name(), new Error(`${wrong.join(', ')}: ${JSON.stringify(came)}`));
        } catch (error) {
          // What is left of it is in the way of the next: the rest is for when this holds.
          failed(name(), error);
          return;
        }
        if (onlyCall) break;
      }
    }
  } finally {
    await stage.close();
  }
}
