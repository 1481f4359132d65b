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
import { memory } from './memory.ts';
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
  await memory(stage, scripts);
}

async function facts(scripts: Runner, call: HostCall<unknown>, key: string) {
  const { exitCode, stdout, stderr } = await scripts.run(call, key);
  return { exitCode, stderr, line: stdout.split('\n', 1)[0] ?? '' };
}

async function queries(stage: Stage, scripts: Runner): Promise<void> {
  const { results, stack } = stage;
  const own = await slowQuery(stage);
  const [pid] = own.split(':');
  await dumpOfApplication(stage);
  let looks = 0;
  const listed = await until(
    'they have run for a second',
    async () => {
      looks += 1;
      // What was done under a key is not done again.
      const { line } = await facts(scripts, activeQueries({ ...databaseOf(stage), overSeconds: 1 }), `list-${looks}`);
      const { queries: found } = activeQueries.facts.parse(JSON.parse(line));
      return found.length >= 3 && found;
    },
    60_000,
  );
  results.equal(
    'slow queries: the application may be cancelled; another role and a dump not',
    listed.map(({ role, application, ordinary, text }) => [role, application, ordinary, text]).sort(),
    [
      ['postgres', 'psql', false, 'SELECT pg_sleep(?)'],
      ['sira', 'pg_dump', false, 'SELECT pg_sleep(?)'],
      ['sira', 'psql', true, 'SELECT pg_sleep(?)'],
    ],
  );
  const dump = listed.find(({ application }) => application === 'pg_dump');
  const refused = await facts(scripts, cancelQueries({ ...databaseOf(stage), queries: [dump?.id ?? ''] }), 'dump');
  results.equal('slow queries: a dump is not cancelled either', refused.line, `{"cancelled":[],"gone":[${dump?.pid}]}`);
  const stale = own.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
  const missed = await facts(scripts, cancelQueries({ ...databaseOf(stage), queries: [stale] }), 'stale');
  results.equal('slow queries: another start time is another query', missed.line, `{"cancelled":[],"gone":[${pid}]}`);
  const done = await facts(scripts, cancelQueries({ ...databaseOf(stage), queries: [own] }), 'cancel');
  results.equal('slow queries: cancelled', done.line, `{"cancelled":[${pid}],"gone":[]}`);
  const left = await stack.query(
    "SELECT usename, application_name FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active' ORDER BY 1",
  );
  results.equal('slow queries: the other role and the dump go on', left, 'postgres|psql\nsira|pg_dump');
  await stack.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'");
}

/** A session as pg_dump has it: of the application's role, and it only reads. */
async function dumpOfApplication({ place, stack: { settings } }: Stage): Promise<void> {
  const { name, applicationRole } = settings.database;
  const session = ['psql', '-U', applicationRole, '-d', name, '-c', 'SELECT pg_sleep(900)'];
  await place.engine.docker(['exec', '-d', '-e', 'PGAPPNAME=pg_dump', settings.containers.db, ...session]);
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
