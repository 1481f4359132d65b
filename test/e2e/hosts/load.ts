import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { activeQueries } from '../../../runbooks/commands/active-queries.ts';
import { addWorkers } from '../../../runbooks/commands/add-workers.ts';
import { answerTimes } from '../../../runbooks/commands/answer-times.ts';
import { cancelQueries } from '../../../runbooks/commands/cancel-queries.ts';
import { diskIo } from '../../../runbooks/commands/disk-io.ts';
import { memorySamples } from '../../../runbooks/commands/memory-samples.ts';
import { memoryUsage } from '../../../runbooks/commands/memory-usage.ts';
import { restoreWorkers } from '../../../runbooks/commands/restore-workers.ts';
import { workerState } from '../../../runbooks/commands/worker-state.ts';
import type { HostCall } from '../../../runbooks/language/command.ts';
import { stackOf } from '../../../runbooks/sira/stack.ts';
import { until } from '../until.ts';
import { type Runner, runner } from './cut.ts';
import type { Stage } from './stage.ts';
import type { Trying } from './trying.ts';

const backendOf = ({ stack }: Stage) => ({ ...stackOf(stack.settings), service: stack.settings.services.backend });
const databaseOf = ({ stack: { settings } }: Stage) => ({
  ...{ container: settings.containers.db, user: settings.database.user, database: settings.database.name },
  role: settings.database.applicationRole,
});

/** The looks of the runbooks for slow answers and for memory. */
export function loadLooks(stage: Stage): HostCall<unknown>[] {
  const { containers, composeProject, urls } = stage.stack.settings;
  return [
    activeQueries({ ...databaseOf(stage), overSeconds: 5 }),
    answerTimes({ url: urls.api, samples: 3 }),
    diskIo({}),
    memorySamples({ containers: [containers.backend, containers.db], samples: 3, everySeconds: 1 }),
    memoryUsage({ composeProject }),
    workerState(backendOf(stage)),
  ];
}

/** And their acts, beside those that other runbooks have as well. */
export function loadTryings(stage: Stage): Trying[] {
  const { docker } = stage.place.engine;
  const format = '{{.Names}} {{.Image}} {{.Command}} {{.State}}';
  const state = async () => (await docker(['ps', '--all', '--no-trunc', '--format', format])).split('\n').filter(Boolean).sort();
  const sleepers = async () =>
    (await stage.stack.query("SELECT DISTINCT usename FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"))
      .split('\n')
      .filter(Boolean);
  const prepare = () => asWritten(stage, 2);
  return [
    { cuts: 3, state, prepare: () => prepare().then(() => addWorkers({ ...backendOf(stage), workers: 4, stopTimeout: 5 })) },
    { cuts: 3, state, prepare: () => prepare().then(() => restoreWorkers({ ...backendOf(stage), stopTimeout: 5 })) },
    {
      cuts: 2,
      state: sleepers,
      prepare: async () => cancelQueries({ ...databaseOf(stage), queries: [await slowQuery(stage)] }),
    },
  ];
}

/** The backend as the compose file says, with so many workers, and nothing left of what was added to it. */
async function asWritten({ place, stack }: Stage, workers: number): Promise<void> {
  for (const folder of readdirSync(place.work).filter((name) => name.startsWith('cut-')))
    rmSync(join(place.work, folder, 'markers', 'workers-sira-backend.yml'), { force: true });
  stack.write({ command: ['backend', '--workers', String(workers)] });
  await stack.compose(['up', '-d', '--no-deps', '--timeout', '5', 'backend']);
}

/** Begins a query of the application that takes long, beside one of another role. @returns which it is */
async function slowQuery(stage: Stage): Promise<string> {
  const { place, stack } = stage;
  const { db } = stack.settings.containers;
  const { user, name, applicationRole } = stack.settings.database;
  await stack.query(
    `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${applicationRole}') THEN CREATE ROLE ${applicationRole} LOGIN; END IF; END $$`,
  );
  const sleeping = (role: string) =>
    stack.query(
      `SELECT pid || ':' || (extract(epoch FROM backend_start) * 1000000)::bigint || ':' || (extract(epoch FROM query_start) * 1000000)::bigint FROM pg_stat_activity WHERE usename = '${role}' AND state = 'active' AND query LIKE 'SELECT pg_sleep%' LIMIT 1`,
    );
  for (const role of [user, applicationRole]) {
    if (await sleeping(role)) continue;
    await place.engine.docker(['exec', '-d', db, 'psql', '-U', role, '-d', name, '-c', 'SELECT pg_sleep(900)']);
    await until(`${role} sleeps`, async () => (await sleeping(role)) !== '', 20_000);
  }
  return await sleeping(applicationRole);
}

/** Slow queries of a real PostgreSQL, workers of a real stack, and a real program that takes all the memory it may have. */
export async function load(stage: Stage): Promise<void> {
  const scripts = await runner(stage.place, stage.home);
  await queries(stage, scripts);
  await workers(stage, scripts);
  await killedForMemory(stage, scripts);
}

async function facts(scripts: Runner, call: HostCall<unknown>, key: string) {
  const { exitCode, stdout, stderr } = await scripts.run(call, key);
  return { exitCode, stderr, line: stdout.split('\n', 1)[0] ?? '' };
}

async function queries(stage: Stage, scripts: Runner): Promise<void> {
  const { results, stack } = stage;
  const own = await slowQuery(stage);
  const [pid] = own.split(':');
  await until(
    'it has run for a second',
    async () => {
      const found = await facts(scripts, activeQueries({ ...databaseOf(stage), overSeconds: 1 }), 'list');
      return found.line.includes(own) && found.line;
    },
    30_000,
  ).then((line) => {
    const listed = activeQueries.facts.parse(JSON.parse(line)).queries.map(({ role, ordinary, text }) => [role, ordinary, text]);
    results.equal('slow queries: the application may be cancelled, the other role not', listed.sort(), [
      ['postgres', false, 'SELECT pg_sleep(?)'],
      ['sira', true, 'SELECT pg_sleep(?)'],
    ]);
  });
  const stale = own.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
  const missed = await facts(scripts, cancelQueries({ ...databaseOf(stage), queries: [stale] }), 'stale');
  results.equal('slow queries: another start time is another query', missed.line, `{"cancelled":[],"gone":[${pid}]}`);
  const done = await facts(scripts, cancelQueries({ ...databaseOf(stage), queries: [own] }), 'cancel');
  results.equal('slow queries: cancelled', done.line, `{"cancelled":[${pid}],"gone":[]}`);
  const left = await stack.query("SELECT usename FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'");
  results.equal('slow queries: the other role goes on', left, 'postgres');
  await stack.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'");
}

async function workers(stage: Stage, scripts: Runner): Promise<void> {
  const { results, stack } = stage;
  await asWritten(stage, 2);
  const command = async () =>
    (await stage.place.engine.docker(['inspect', '--format', '{{json .Config.Cmd}}', stack.settings.containers.backend])).trim();
  const before = await stack.container('backend');
  const added = await facts(scripts, addWorkers({ ...backendOf(stage), workers: 4, stopTimeout: 5 }), 'add');
  results.equal('more workers: added', [added.stderr, added.line], ['', '{"before":2,"workers":4,"changed":true}']);
  results.equal('more workers: it runs with them', await command(), '["backend","--workers","4"]');
  const restored = await facts(scripts, restoreWorkers({ ...backendOf(stage), stopTimeout: 5 }), 'restore');
  results.equal('more workers: taken back', [restored.exitCode, restored.stderr], [0, '']);
  const after = await stack.container('backend');
  results.equal(
    'more workers: as the file says again',
    [await command(), after.hash, after.image],
    ['["backend","--workers","2"]', before.hash, before.image],
  );
  stack.write({ command: ['backend', '--workers', '3'] });
  const refused = await facts(scripts, addWorkers({ ...backendOf(stage), workers: 4, stopTimeout: 5 }), 'changed');
  results.equal('more workers: none where the compose file has changed', refused.exitCode, 1);
  results.holds('more workers: and it is said why', refused.stderr.includes('what runs is not what the compose file says'));
  results.equal('more workers: nothing was brought up', (await stack.container('backend')).id, after.id);
}

/** The program takes what it can, with a limit of its own, until the kernel ends it. */
async function killedForMemory(stage: Stage, scripts: Runner): Promise<void> {
  const { results, stack, place } = stage;
  // It begins only when it is told to: first it is given its limit, and without one it would take the whole machine.
  const waits = 'until [ -e /tmp/begin ]; do busybox sleep 0.2; done; exec tail /dev/zero';
  await stack.upLongAgo({ command: ['sh', '-c', waits], restart: 'no' });
  const { backend } = stack.settings.containers;
  await place.engine.docker(['update', '--memory', '48m', '--memory-swap', '48m', backend]);
  const limit = await place.engine.docker(['inspect', '--format', '{{.HostConfig.Memory}}', backend]);
  if (limit.trim() !== String(48 * 1_024 * 1_024)) throw new Error(`the backend has no limit: ${limit}`);
  await place.engine.docker(['exec', backend, 'touch', '/tmp/begin']);
  await until('the kernel has ended it', async () => (await stack.container('backend')).state === 'exited', 60_000);
  const found = await facts(scripts, memoryUsage({ composeProject: stack.settings.composeProject }), 'memory');
  const told = memoryUsage.facts.parse(JSON.parse(found.line)).containers.find(({ service }) => service === 'backend');
  results.equal(
    'killed for want of memory: it is seen',
    [told?.state, told?.oomKilled, told?.exitCode, told?.limitMb],
    ['exited', true, 137, 48],
  );
  await stack.upLongAgo();
  await stack.well();
}
