import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../until.ts';
import { aside, digest, dropKept, dumpTo, sessionsOf, sitIdle } from './database-fixtures.ts';
import { play } from './play.ts';
import type { Stage } from './stage.ts';
import { acts } from './trial.ts';

const SOON_MS = 120_000;
const ALARM = 'sira-DatabaseDown';

/** PostgreSQL that is stopped, that recovers, whose connections are taken, and that goes back to a backup. */
export async function database(stage: Stage): Promise<void> {
  await stopped(stage);
  await recovering(stage);
  await aside(stage, 'DROP ROLE IF EXISTS sira, watcher', 'CREATE ROLE sira LOGIN', 'CREATE ROLE watcher LOGIN');
  await sitIdle(stage, 'sira', 94);
  await sitIdle(stage, 'watcher', 1);
  await until('the sessions are there', async () => (await sessionsOf(stage, 'sira')) === 'idle|94', SOON_MS);
  // Meanwhile they sit idle for a minute; they are not connected to the database that is restored.
  await restored(stage);
  await unusable(stage, 'a corrupt archive', (file) => truncateSync(file, 300), 'cannot be unpacked to its end');
  await unusable(
    stage,
    'a dump that leads elsewhere',
    (file) => dumpTo(stage, file, (dump) => `\\connect sira\n${dump}`).then(() => undefined),
    'would do more than fill a database',
  );
  await exhausted(stage);
  await dropKept(stage);
}

async function stopped(stage: Stage): Promise<void> {
  const { place, stack, results } = stage;
  const name = 'a stopped database';
  const [rows, before] = [await digest(stage), await stack.container('db')];
  await place.engine.docker(['stop', stack.settings.containers.db]);
  await play(stage, name, async (trial) => {
    await trial.fires(ALARM);
    const ended = await trial.ends(
      ({ status }) => status === 'resolved',
      async () => (await stack.health()).status === 200,
    );
    results.equal(`${name}: restarted`, acts(ended), ['Restart the database']);
    results.equal(`${name}: exactly those who are due were told`, await trial.toldFaults(ended.incident.id), []);
    const after = await stack.container('db');
    results.equal(`${name}: the same container`, [after.id, after.state], [before.id, 'running']);
    results.equal(`${name}: its rows are there`, await digest(stage), rows);
  });
}

/** It waits for an archive of its log of changes, and rejects everybody until that has answered: once it was seen to. */
async function recovering(stage: Stage): Promise<void> {
  const { place, stack, results } = stage;
  const name = 'a database that recovers';
  const { db } = stack.settings.containers;
  const data = join(place.engine.root, 'volumes', 'sira_db_data', '_data');
  const [rows, settings] = [await digest(stage), readFileSync(join(data, 'postgresql.auto.conf'), 'utf8')];
  await place.engine.docker(['kill', db]);
  appendFileSync(
    join(data, 'postgresql.auto.conf'),
    "restore_command = 'while [ -e /data/hold ]; do sleep 1; done; false'\nhot_standby = off\nrecovery_target_timeline = 'current'\n",
  );
  writeFileSync(join(data, 'recovery.signal'), '');
  writeFileSync(join(data, 'hold'), '');
  await place.engine.docker(['start', db]);
  const { startedAt } = await stack.container('db');
  await play(stage, name, async (trial) => {
    await trial.fires(ALARM);
    const seen = async () => {
      const [incident] = await trial.api.incidents();
      return incident && JSON.stringify(await trial.api.whole(incident.id)).includes('running, rejecting');
    };
    await until('it is seen to reject', seen, SOON_MS).finally(() => rmSync(join(data, 'hold')));
    const ended = await trial.ends(
      ({ status, automation }) => status === 'resolved' || automation === 'escalated',
      async () => (await stack.health()).status === 200,
    );
    results.equal(`${name}: it was waited for`, [acts(ended), ended.incident.status], [[], 'resolved']);
    results.equal(`${name}: it was not restarted`, (await stack.container('db')).startedAt, startedAt);
    results.equal(`${name}: its rows are there`, await digest(stage), rows);
  });
  await until('it takes writes again', async () => (await aside(stage, 'SELECT pg_is_in_recovery()')) === 'f', SOON_MS);
  writeFileSync(join(data, 'postgresql.auto.conf'), settings);
}

/** Row by row what the backup has, while what was written since is kept under another name. */
async function restored(stage: Stage): Promise<void> {
  const { stack, results } = stage;
  const name = 'a restore';
  const file = join(stack.settings.backups.folder, 'sira_good.sql.gz');
  const then = await digest(stage);
  await dumpTo(stage, file);
  await stack.query('INSERT INTO visits SELECT generate_series(9000, 9009)');
  const now = await digest(stage);
  await play(stage, name, async (trial) => {
    await trial.api.startByHand('sira/restore-database');
    const question = await trial.answer('approve', 'Grace');
    results.holds(
      `${name}: another person is asked (${question.slice(0, 120)})`,
      /sira_good\.sql\.gz is \d+ \w+ old and whole/.test(question),
    );
    const ended = await trial.ends(({ automation }) => ['succeeded', 'escalated'].includes(automation));
    results.equal(`${name}: done`, [acts(ended), ended.incident.status], [['Restore the backup'], 'resolved']);
    results.equal(`${name}: every row is the backup's`, await digest(stage), then);
    const kept = await aside(stage, "SELECT datname FROM pg_database WHERE datname LIKE 'sira\\_before\\_%'");
    await stack.query(`ALTER DATABASE "${kept}" RENAME TO sira_looked_at`);
    const words = ['exec', stack.settings.containers.db, 'psql', '-U', 'postgres', '-d', 'sira_looked_at', '-At', '-c'];
    const old = await stage.place.engine.docker([
      ...words,
      "SELECT count(*) || ' ' || md5(string_agg(id::text, ',' ORDER BY id)) FROM visits",
    ]);
    results.equal(`${name}: every row that there was is kept beside it`, old, now);
    await aside(stage, 'DROP DATABASE sira_looked_at');
    results.equal(`${name}: the API answers`, (await stack.health()).status, 200);
  });
  rmSync(file);
}

/** A backup that cannot be used changes nothing, and a person hears why. */
async function unusable(stage: Stage, name: string, spoil: (file: string) => void | Promise<void>, why: string): Promise<void> {
  const { stack, results } = stage;
  const file = join(stack.settings.backups.folder, 'sira_spoilt.sql.gz');
  const rows = await digest(stage);
  await dumpTo(stage, file);
  await spoil(file);
  await play(stage, name, async (trial) => {
    await trial.api.startByHand('sira/restore-database', { backup: 'sira_spoilt.sql.gz' });
    const ended = await trial.ends(({ automation }) => automation === 'escalated');
    results.equal(`${name}: nothing was done`, acts(ended), []);
    results.holds(`${name}: what the admin is asked says why`, (await trial.askedOf(ended.incident.id, 'dba')).includes(why));
    results.equal(`${name}: every row is as it was`, await digest(stage), rows);
  });
  rmSync(file);
}

/** Idle sessions of the application take every connection that it may have; one is at work, and one is somebody else's. */
async function exhausted(stage: Stage): Promise<void> {
  const { place, stack, results } = stage;
  const name = 'exhausted connections';
  const work = ['psql', '-U', 'sira', '-d', 'postgres', '-c', 'SELECT pg_sleep(900)'];
  await place.engine.docker(['exec', '--detach', stack.settings.containers.db, ...work]);
  const long = `SELECT count(*) FROM pg_stat_activity WHERE usename = 'sira' AND state = 'idle' AND state_change < now() - interval '1 minute'`;
  await until('all have been idle for a minute', async () => (await aside(stage, long)) === '94', SOON_MS);
  const refused = await place.engine
    .docker(['exec', stack.settings.containers.db, 'psql', '-U', 'sira', '-d', 'sira', '-c', 'SELECT 1'])
    .catch((error: unknown) => String(error));
  console.log(`      | ${refused.split('\n').at(-1)?.slice(0, 160)}`);
  await play(stage, name, async (trial) => {
    await trial.api.startByHand('sira/database-down', { idleMinutes: 1 });
    const ended = await trial.ends(({ automation }) => ['succeeded', 'escalated'].includes(automation));
    results.equal(`${name}: what was done`, acts(ended), ['End sessions that sit idle']);
    results.equal(`${name}: the one at work stays`, await sessionsOf(stage, 'sira'), 'active|1');
    results.equal(`${name}: the other role's stays`, await sessionsOf(stage, 'watcher'), 'idle|1');
    const said = ended.timeline.flatMap((event) => (event.type === 'act-finished' ? [event.says] : [])).join();
    results.holds(
      `${name}: it tells the numbers before and after (${said})`,
      /94 sessions ended: \d+ clients before, \d+ after/.test(said),
    );
  });
}
