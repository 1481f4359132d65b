import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { deploymentFile } from '../functions/deployment-file.ts';
import { asError, log } from '../functions/log.ts';
import type { Deployment } from '../runbooks/language/deployment.ts';
import { registry } from '../runbooks/registry.ts';
import { SiraSettings } from '../runbooks/sira/system.ts';
import { dockerScene } from './hosts/docker-scene.ts';
import { HostsError } from './hosts/this-machine.ts';
import { pages } from './pages.ts';
import { rememberedClock } from './remembered-clock.ts';
import { type Responder, startLocal, startResponder } from './responder.ts';
import { startSchedules } from './schedules.ts';

/** How often the auditor goes round, in milliseconds of the clock. */
const WATCH_EVERY_MS = 3 * 60_000;
/** How far the clock that a data folder remembers may be ahead of the machine's, in milliseconds, where the hosts are real. */
const MOST_AHEAD_MS = 5_000;

const HELP = `npm start [-- --speed N]            simulated hosts; minutes pass N times faster
npm start -- --hosts docker         this machine and its Docker as SIRA's host: docs/hosts.md
npm start -- --schedules off        no runbook starts at a time of its own
PORT (4600), FIREBREAK_DATA (.firebreak, or .firebreak/docker for real hosts), FIREBREAK_DEPLOY (firebreak.json) and
FIREBREAK_LOG=info are read from the environment.`;

const { values } = parseArgs({
  options: {
    speed: { type: 'string', default: '1' },
    hosts: { type: 'string', default: 'simulated' },
    schedules: { type: 'string', default: 'on' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const speed = Number(values.speed);
if (!(speed >= 1 && speed <= 10_000)) fail(`--speed: expected a number from 1 to 10000, got "${values.speed}"`);
const real = values.hosts === 'docker';
if (!real && values.hosts !== 'simulated') fail(`--hosts: expected simulated or docker, got "${values.hosts}"`);
if (!['on', 'off'].includes(values.schedules)) fail(`--schedules: expected on or off, got "${values.schedules}"`);
// A real host's minutes last as long as they do, and its scripts refuse by its own clock what comes too late.
if (real && speed !== 1) fail('--hosts docker: a real host has no other speed than 1');
const port = Number(process.env.PORT ?? '4600');
if (!Number.isInteger(port) || port < 0 || port > 65_535)
  fail(`PORT: expected a number from 0 to 65535, got "${process.env.PORT}"`);
// Incidents of simulated hosts are no incidents of this machine.
const dataDir = resolve(process.env.FIREBREAK_DATA ?? (real ? '.firebreak/docker' : '.firebreak'));
mkdirSync(dataDir, { recursive: true });
log.setLogLevel(process.env.FIREBREAK_LOG === 'info' ? 'INFO' : 'WARN');

const clock = rememberedClock(dataDir, speed);
const local = await start().catch((error: Error & { code?: string }) => {
  if (error instanceof HostsError) fail(error.message);
  fail(
    error.code === 'EADDRINUSE'
      ? `port ${port} is taken: another Firebreak? Set PORT to use another`
      : String(error.stack ?? error),
  );
});
void auditor();
if (values.schedules === 'on') startSchedules(local.around, clock, (error) => log.error('a schedule', asError(error)));
console.log(
  `Firebreak runs at ${local.url}${speed === 1 ? '' : `, ${speed} times faster than the clock on the wall`}. Data is under ${dataDir}. Ctrl-C ends it.`,
);

let ending = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end());

async function start(): Promise<Responder> {
  const options = { registry, clock, dataDir, port, pages };
  const { sira } = readSystems();
  if (!sira) throw new Error('SIRA is not registered');
  if (!real) {
    const simulated = await startLocal({ ...options, sira: SiraSettings.parse(sira.settings) });
    simulated.monitoring.start();
    return simulated;
  }
  if (clock.now().getTime() > Date.now() + MOST_AHEAD_MS)
    throw new HostsError(
      `the data under ${dataDir} is from a clock that is ahead of this machine's`,
      'give this mode data of its own with FIREBREAK_DATA',
    );
  const scene = await dockerScene({ sira, dataDir });
  const [host] = scene.settings.hosts;
  console.log(`SIRA's only host is this machine, ${host?.name}, with what runs from ${scene.settings.projectDir}.`);
  return await startResponder(options, async () => scene);
}

function readSystems(): Deployment['systems'] {
  try {
    return deploymentFile(registry.systems).systems;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

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
