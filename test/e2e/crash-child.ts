import { flushCompileCache } from 'node:module';
import { log } from '../../functions/log.ts';
import { pages } from '../../local/pages.ts';
import { rememberedClock } from '../../local/remembered-clock.ts';
import { startLocal } from '../../local/responder.ts';
import { registry as everything } from '../../runbooks/registry.ts';
import { countedRunbook } from '../functions/counted-runbook.ts';
import { isVariant } from './crash/plan.ts';

/**
 * Local mode as `local/main.ts` starts it, with the counted runbook in the place of the real ones: what `crash.ts` kills.
 * `node crash-child.ts <variant> <data folder> <port> <speed>`; it says `ready <url>` when it answers.
 */

/** The auditor comes round more often than in earnest, so that it is killed at its work, too. Milliseconds of the clock. */
const WATCH_EVERY_MS = 60_000;

const [variant = '', dataDir = '', port = '0', speed = '1'] = process.argv.slice(2);
if (!isVariant(variant)) throw new Error(`there is no variant "${variant}"`);
log.setLogLevel('ERROR');
const runbook =
  variant === 'fails' ? countedRunbook(true) : variant === 'temporary' ? countedRunbook(false, '30s') : countedRunbook(false);
const registry = { systems: everything.systems.filter(({ id }) => id === runbook.system.id), runbooks: [runbook] };
const clock = rememberedClock(dataDir, Number(speed));
const local = await startLocal({ registry, clock, dataDir, port: Number(port), pages });
console.log(`ready ${local.url}`);
// Its end will be too sudden for that.
flushCompileCache();

for (;;) {
  await local.watch().catch((error: unknown) => console.error(error));
  await clock.sleep(WATCH_EVERY_MS);
}
