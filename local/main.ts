import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { log } from '../functions/log.ts';
import { registry } from '../runbooks/registry.ts';
import { pages } from './pages.ts';
import { rememberedClock } from './remembered-clock.ts';
import { startLocal } from './responder.ts';

/** How often the auditor goes round, in milliseconds of the clock. */
const WATCH_EVERY_MS = 3 * 60_000;

const { values } = parseArgs({ options: { speed: { type: 'string', default: '1' }, help: { type: 'boolean', default: false } } });
if (values.help) {
  console.log(
    'npm start [-- --speed N]     minutes pass N times faster; PORT (4600) and FIREBREAK_DATA (.firebreak) are read from the environment',
  );
  process.exit(0);
}
const speed = Number(values.speed);
if (!(speed >= 1 && speed <= 10_000)) fail(`--speed: expected a number from 1 to 10000, got "${values.speed}"`);
const port = Number(process.env.PORT ?? '4600');
if (!Number.isInteger(port) || port < 0 || port > 65_535)
  fail(`PORT: expected a number from 0 to 65535, got "${process.env.PORT}"`);
const dataDir = resolve(process.env.FIREBREAK_DATA ?? '.firebreak');
mkdirSync(dataDir, { recursive: true });
log.setLogLevel(process.env.FIREBREAK_LOG === 'info' ? 'INFO' : 'WARN');

const clock = rememberedClock(dataDir, speed);
const local = await startLocal({ registry, clock, dataDir, port, pages }).catch((error: Error & { code?: string }) =>
  fail(
    error.code === 'EADDRINUSE'
      ? `port ${port} is taken: another Firebreak? Set PORT to use another`
      : String(error.stack ?? error),
  ),
);
local.monitoring.start();
void auditor();
console.log(
  `Firebreak runs at ${local.url}${speed === 1 ? '' : `, ${speed} times faster than the clock on the wall`}. Data is under ${dataDir}. Ctrl-C ends it.`,
);

let ending = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end());

/** The first round is at once: it takes up what an earlier process left. */
async function auditor(): Promise<void> {
  for (;;) {
    await local.watch().catch((error: unknown) => log.error('watch', error instanceof Error ? error : new Error(String(error))));
    await clock.sleep(WATCH_EVERY_MS);
  }
}

async function end(): Promise<void> {
  if (ending) process.exit(1);
  ending = true;
  await local.close();
  process.exit(0);
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
