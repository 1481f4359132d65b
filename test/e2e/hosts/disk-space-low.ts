import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../until.ts';
import { play } from './play.ts';
import { startRegistry } from './registry.ts';
import { call } from './shell.ts';
import type { Stage } from './stage.ts';
import { acts, type Trial } from './trial.ts';

const ENOUGH_PERCENT = 25;
const SOON_MS = 20_000;

/** Logs that were rotated away, by the application in its folders and by Docker for its containers. */
export async function fullOfLogs(stage: Stage): Promise<void> {
  const { place, stack, results } = stage;
  const name = 'a disk full of logs';
  const [folder = ''] = stack.settings.logFolders;
  const outside = join(place.work, 'outside.log');
  for (const [file, days] of [
    ['access.log', 0],
    ['access.log.1', 3],
    ['access.log.2.gz', 9],
    ['access.log-20240504', 400],
  ] as const) {
    await call('fallocate', ['-l', '50M', join(folder, file)]);
    age(join(folder, file), days);
  }
  writeFileSync(outside, 'of somebody else');
  age(outside, 30);
  symlinkSync(outside, join(folder, 'linked.log'));
  const { nginx } = stack.settings.containers;
  const noise = 'head -c 90000000 /dev/zero | tr "\\0" x | fold -w 4000 >/proc/1/fd/1';
  await place.engine.docker(['exec', nginx, 'sh', '-c', noise]);
  const containerLogs = join(place.engine.root, 'containers', (await stack.container('nginx')).id);
  const rotated = () => readdirSync(containerLogs).filter((file) => /-json\.log\.\d+$/.test(file));
  await until('Docker has rotated the log', () => rotated().length >= 3, SOON_MS);
  for (const file of rotated()) age(join(containerLogs, file), 9);
  await place.disk.leave(16);

  await play(stage, name, async (trial) => {
    await trial.fires(alarmOf(trial));
    const ended = await trial.ends(
      ({ status }) => status === 'resolved',
      () => place.disk.freePercent() >= ENOUGH_PERCENT,
    );
    results.equal(`${name}: what was deleted, in order`, acts(ended), [
      'Delete logs older than a week',
      'Delete rotated container logs',
    ]);
    results.equal(`${name}: exactly those who are due were told`, await trial.toldFaults(ended.incident.id), []);
    results.holds(
      `${name}: there is room (${place.disk.freePercent().toFixed(1)} % free)`,
      place.disk.freePercent() >= ENOUGH_PERCENT,
    );
    results.equal(`${name}: young and live logs are there, and the link`, readdirSync(folder).sort(), [
      'access.log',
      'access.log.1',
      'linked.log',
    ]);
    results.holds(`${name}: what the link led to is there`, existsSync(outside));
    results.equal(`${name}: the container's rotated logs are gone`, rotated(), []);
    results.holds(`${name}: its live log can be read`, (await place.engine.docker(['logs', '--tail', '1', nginx])).length > 0);
    results.equal(`${name}: the stack answers`, (await stack.health()).status, 200);
  });
  await call('rm', ['-f', ...readdirSync(folder).map((file) => join(folder, file))]);
}

/** Images that nothing uses: one that a registry has goes; one that only this host has, and one in use, stay. */
export async function fullOfImages(stage: Stage): Promise<void> {
  const { place, stack, results } = stage;
  const name = 'a disk full of images';
  const { docker } = place.engine;
  const registry = await startRegistry(place.work, place.engine);
  try {
    const old = await registry.oldImage('sira/old:1', 250);
    const used = await registry.oldImage('sira/used:1', 5);
    await docker(['create', '--name', 'somebodys', used]);
    const before = await images(stage);
    await place.disk.leave(15);
    await play(stage, name, async (trial) => {
      await trial.fires(alarmOf(trial));
      const ended = await trial.ends(
        ({ status }) => status === 'resolved',
        () => place.disk.freePercent() >= ENOUGH_PERCENT,
      );
      results.equal(`${name}: what was removed`, acts(ended), ['Remove images that nothing names']);
      results.equal(`${name}: exactly those who are due were told`, await trial.toldFaults(ended.incident.id), []);
      results.holds(
        `${name}: there is room (${place.disk.freePercent().toFixed(1)} % free)`,
        place.disk.freePercent() >= ENOUGH_PERCENT,
      );
      results.equal(
        `${name}: only the one that can be had again is gone`,
        await images(stage),
        before.filter((id) => id !== old),
      );
      results.equal(`${name}: the stack answers`, (await stack.health()).status, 200);
    });
    await docker(['rm', 'somebodys']);
    await docker(['image', 'rm', used]);
  } finally {
    registry.stop();
  }
}

/** Room that comes back only when a process ends: a person is told which, and nothing is deleted. */
export async function heldOpen(stage: Stage): Promise<void> {
  const { place, results } = stage;
  const name = 'a deleted file held open';
  const held = join(place.disk.path, 'export.csv');
  await call('fallocate', ['-l', '250M', held]);
  const holder = spawn('tail', ['-f', '-c', '1', held], { stdio: 'ignore' });
  try {
    await until('it is open', () => openBy(holder.pid, held), SOON_MS);
    await call('rm', [held]);
    await place.disk.leave(15);
    const before = [...(await everything(stage)), ...files(place.disk.path)];
    await play(stage, name, async (trial) => {
      await trial.fires(alarmOf(trial));
      const { incident, timeline } = await trial.ends(({ automation }) => automation === 'escalated');
      results.equal(`${name}: no act`, timeline.filter(({ type }) => type === 'act-started').length, 0);
      results.equal(`${name}: exactly those who are due were told`, await trial.toldFaults(incident.id, 'devops'), []);
      const told = (await trial.askedOf(incident.id, 'devops')).split('\n').find((line) => line.includes('deleted')) ?? '';
      console.log(`      | ${told}`);
      results.holds(
        `${name}: it names the process, its pid and the file`,
        told.includes(`tail (pid ${holder.pid}) holds ${held}`),
      );
      results.equal(`${name}: nothing was deleted`, [...(await everything(stage)), ...files(place.disk.path)], before);

      holder.kill('SIGKILL');
      await until('the room is back', () => place.disk.freePercent() >= ENOUGH_PERCENT, SOON_MS);
      await trial.api.runAgain(incident.id, 'the process was ended');
      const again = await trial.ends(
        ({ run, status }) => run === 2 && status === 'resolved',
        () => true,
      );
      results.equal(`${name}: "run again" finds room and does nothing`, acts(again), []);
    });
  } finally {
    holder.kill('SIGKILL');
  }
}

/** A database whose container was taken away: to Docker its volume looks unused, and it is all that there is of the data. */
export async function unusedVolume(stage: Stage): Promise<void> {
  const { place, stack, results } = stage;
  const name = 'a full disk and a database without its container';
  const rows = await stack.query('SELECT count(*), sum(id) FROM visits');
  await stack.compose(['rm', '--stop', '--force', 'db']);
  await place.engine.docker(['volume', 'create', 'nobodys']);
  await place.disk.leave(15);
  const before = await everything(stage);
  await play(stage, name, async (trial) => {
    await trial.fires(alarmOf(trial));
    const { incident, timeline } = await trial.ends(({ automation }) => automation === 'escalated');
    results.equal(
      `${name}: no act, and nobody is asked for one`,
      timeline.filter(({ type }) => type === 'act-started' || type === 'approval-asked').length,
      0,
    );
    results.equal(`${name}: exactly those who are due were told`, await trial.toldFaults(incident.id, 'devops'), []);
    results.equal(`${name}: every volume, image and container is there`, await everything(stage), before);
  });
  await call('rm', ['-f', join(place.disk.path, 'customers.data')]);
  await place.engine.docker(['volume', 'rm', 'nobodys']);
  await stack.compose(['up', '--detach', 'db']);
  results.equal(
    `${name}: its rows are there when it is brought up again`,
    await stack.query('SELECT count(*), sum(id) FROM visits'),
    rows,
  );
}

/** The alarm of the small disk, beside that of `/`. */
function alarmOf({ alarms }: Trial): string {
  const found = alarms.find((name) => name.startsWith('sira-DiskSpaceLow-'));
  if (!found) throw new Error(`no alarm speaks of the small disk: ${alarms.join(', ')}`);
  return found;
}

async function images({ place }: Stage): Promise<string[]> {
  return (await place.engine.docker(['image', 'ls', '--all', '--quiet', '--no-trunc'])).split('\n').sort();
}

/** What Docker holds. */
async function everything(stage: Stage): Promise<string[]> {
  const { docker } = stage.place.engine;
  const volumes = await docker(['volume', 'ls', '--quiet']);
  const containers = await docker(['ps', '--all', '--no-trunc', '--format', '{{.ID}} {{.Names}} {{.State}}']);
  return [...volumes.split('\n'), ...containers.split('\n'), ...(await images(stage))].sort();
}

/** The disk's own files. Docker's and the databases' are not looked at: they come and go while they are read. */
function files(path: string): string[] {
  return readdirSync(path)
    .filter((name) => !['docker', 'lost+found'].includes(name))
    .flatMap((name) => [name, ...below(path, name)])
    .sort();
}

function below(path: string, name: string): string[] {
  if (!statSync(join(path, name)).isDirectory()) return [];
  return readdirSync(join(path, name), { recursive: true, encoding: 'utf8' }).map((file) => join(name, file));
}

function age(file: string, days: number): void {
  const at = new Date(Date.now() - days * 86_400_000);
  utimesSync(file, at, at);
}

/** Whether the process holds the file open. It may close another one between its being listed and read: that one is not it. */
function openBy(pid: number | undefined, file: string): boolean {
  return readdirSync(`/proc/${pid}/fd`).some((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`) === file;
    } catch {
      return false;
    }
  });
}
