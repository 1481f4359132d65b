import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { memoryUsage } from '../../../runbooks/commands/memory-usage.ts';
import { milliseconds } from '../../../runbooks/language/duration.ts';
import { FLAPS_WITHIN } from '../../../runbooks/language/system.ts';
import { until } from '../until.ts';
import type { Runner } from './cut.ts';
import { play } from './play.ts';
import type { Stage } from './stage.ts';
import { acts, type Trial } from './trial.ts';

const ALARM = 'sira-MemoryExhausted';
const SERVICES = ['backend', 'frontend', 'nginx', 'db'] as const;
const SOON_MS = 120_000;
/** It watches for a minute, twice over, and scripts are at the machine's own pace. */
const VERIFIED_MS = 360_000;
const LIMIT_MB = 48;
const HOG = 'somebody-else';
const HOG_MB = 72;

/** SIRA's page, section 7: a service that the kernel kills, once and once more, and memory that somebody else holds. */
export async function memory(stage: Stage, scripts: Runner): Promise<void> {
  await limitedBackend(stage);
  await takeAll(stage);
  await isSeen(stage, scripts);
  await killedTwice(stage);
  await stage.stack.upLongAgo();
  await stage.stack.well();
  await heldOutside(stage);
}

/** The backend as it always is, which takes all the memory that it may have once it is told to: once for each time it is told. */
async function limitedBackend({ stack, place }: Stage): Promise<void> {
  // It begins only when it has its limit: without one it would take the whole machine.
  const waits = 'backend & until [ -e /tmp/begin ]; do busybox sleep 0.2; done; rm /tmp/begin; exec tail /dev/zero';
  await stack.upLongAgo({ command: ['sh', '-c', waits], restart: 'no' });
  const { backend } = stack.settings.containers;
  await place.engine.docker(['update', '--memory', `${LIMIT_MB}m`, '--memory-swap', `${LIMIT_MB}m`, backend]);
  const limit = await place.engine.docker(['inspect', '--format', '{{.HostConfig.Memory}}', backend]);
  if (limit.trim() !== String(LIMIT_MB * 1_024 * 1_024)) throw new Error(`the backend has no limit: ${limit}`);
  await stack.well();
}

/** @returns once the kernel has ended it */
async function takeAll({ stack, place }: Stage): Promise<void> {
  await place.engine.docker(['exec', stack.settings.containers.backend, 'touch', '/tmp/begin']);
  await until('the kernel has ended it', async () => (await stack.container('backend')).state === 'exited', SOON_MS);
}

async function isSeen({ results, stack }: Stage, scripts: Runner): Promise<void> {
  const { stdout } = await scripts.run(memoryUsage({ composeProject: stack.settings.composeProject }), 'memory');
  const told = memoryUsage.facts.parse(JSON.parse(stdout.split('\n', 1)[0] ?? ''));
  const backend = told.containers.find(({ service }) => service === 'backend');
  results.equal(
    'killed for want of memory: it is seen',
    [backend?.state, backend?.oomKilled, backend?.exitCode, backend?.limitMb],
    ['exited', true, 137, LIMIT_MB],
  );
}

/** With one responder: the first time it is restarted, the second time within the hour it is a person's. */
async function killedTwice(stage: Stage): Promise<void> {
  const { stack, results } = stage;
  const name = 'a backend that the kernel has killed';
  const before = await startedAt(stage);
  await play(stage, name, async (trial) => {
    results.holds(`${name}: there is an alarm for it`, trial.alarms.includes(ALARM));
    await trial.fires(ALARM);
    const ended = await trial.ends(
      ({ status, automation }) => status === 'resolved' || automation === 'escalated',
      async () => (await stack.health()).status === 200,
      VERIFIED_MS,
    );
    results.equal(`${name}: resolved`, ended.incident.status, 'resolved');
    results.equal(`${name}: restarted`, acts(ended), ['Restart what is out of memory']);
    results.equal(`${name}: exactly those who are due were told`, await trial.toldFaults(ended.incident.id), []);
    const after = await startedAt(stage);
    results.equal(
      `${name}: exactly the backend was started anew`,
      SERVICES.filter((service) => after[service] !== before[service]),
      ['backend'],
    );
    results.equal(`${name}: it runs`, (await stack.container('backend')).state, 'running');
    await takeAll(stage);
    await killedAgain(stage, trial, ended.incident.id, after);
  });
}

async function killedAgain(stage: Stage, trial: Trial, first: string, before: StartedAt): Promise<void> {
  const { stack, results } = stage;
  const name = 'a backend that the kernel has killed again';
  // Sooner it would be the same incident, open again, for which nothing is started.
  await trial.passes(milliseconds(FLAPS_WITHIN));
  await trial.fires(ALARM);
  const ended = await trial.ends(({ id, automation }) => id !== first && automation === 'escalated');
  results.equal(`${name}: an incident of its own, still open`, ended.incident.status, 'open');
  results.equal(`${name}: no act`, ended.timeline.filter(({ type }) => type === 'act-started').length, 0);
  results.equal(`${name}: exactly those who are due were told`, await trial.toldFaults(ended.incident.id), []);
  const message = await trial.askedOf(ended.incident.id, 'oncall');
  results.holds(`${name}: the page says that the breaker has tripped`, /breaker has tripped: 1 acts? .*used up/.test(message));
  results.holds(`${name}: and what became of the backend`, /backend was killed for want of memory and stayed down/.test(message));
  console.log(`      | ${message.split('\n').slice(0, 4).join('\n      | ')}`);
  results.equal(`${name}: nothing was restarted`, await startedAt(stage), before);
  results.equal(`${name}: it is left as it was`, (await stack.container('backend')).state, 'exited');
}

/** A container of somebody else, with a limit of its own, on a host that runs short: none of ours is the cause. */
async function heldOutside(stage: Stage): Promise<void> {
  const { place, results } = stage;
  const { docker } = place.engine;
  const name = "somebody else's memory";
  // What comes has no end of a line, so that all of it is kept until the end.
  const holds = `(head -c ${HOG_MB}M /dev/zero; exec busybox sleep 900) | tail`;
  const limits = ['--memory', '96m', '--memory-swap', '96m', '--network', 'none'];
  await docker(['run', '--detach', '--init', '--name', HOG, ...limits, 'sira-app:1', 'sh', '-c', holds]);
  try {
    await until('it holds its memory', () => holdsMemory(stage), SOON_MS);
    const before = await startedAt(stage);
    await play({ ...stage, tools: smallMachine(stage) }, name, async (trial) => {
      await trial.fires(ALARM);
      const { incident, timeline } = await trial.ends(
        ({ automation }) => automation === 'escalated',
        () => false,
        VERIFIED_MS,
      );
      results.equal(`${name}: ends at a person, still open`, incident.status, 'open');
      results.equal(`${name}: no act`, timeline.filter(({ type }) => type === 'act-started').length, 0);
      results.equal(`${name}: exactly those who are due were told`, await trial.toldFaults(incident.id), []);
      const page = await trial.askedOf(incident.id, 'oncall');
      results.holds(`${name}: the page says how short it is`, page.includes('40 MB of 1.0 GB can still be had'));
      const named = new RegExp(`tail \\(pid \\d+, ${HOG}\\) \\d+ MB`).exec(page)?.[0];
      results.holds(`${name}: the page names it (${named})`, named !== undefined);
      console.log(`      | ${page.split('\n').slice(0, 4).join('\n      | ')}`);
      results.equal(`${name}: nothing was restarted`, await startedAt(stage), before);
      const left = await docker(['inspect', '--format', '{{.State.Status}} {{.RestartCount}}', HOG]);
      results.equal(`${name}: and it was let be`, left.trim(), 'running 0');
    });
  } finally {
    await docker(['rm', '--force', HOG]);
  }
}

/**
 * The machine under the stories has far more than they may take of it: only what `free` says is a smaller one's.
 * @returns the folder of tools that says so
 */
function smallMachine({ place }: Stage): string {
  const tools = mkdtempSync(join(place.work, 'small-machine-'));
  const said = [
    '               total        used        free      shared  buff/cache   available',
    'Mem:            1024         930          24           1          70          40',
    'Swap:              0           0           0',
  ];
  writeFileSync(join(tools, 'free'), `#!/bin/sh\ncat <<'END'\n${said.join('\n')}\nEND\n`);
  chmodSync(join(tools, 'free'), 0o755);
  return tools;
}

async function holdsMemory({ place }: Stage): Promise<boolean> {
  const listed = await place.engine.docker(['top', HOG, '-eo', 'pid,rss,comm']);
  const kilobytes = /^\s*\d+\s+(\d+)\s+tail$/m.exec(listed)?.[1];
  return Number(kilobytes ?? 0) >= HOG_MB * 1_024;
}

type StartedAt = Record<string, string>;

async function startedAt({ stack }: Stage): Promise<StartedAt> {
  const found = SERVICES.map(async (service) => [service, (await stack.container(service)).startedAt] as const);
  return Object.fromEntries(await Promise.all(found));
}
