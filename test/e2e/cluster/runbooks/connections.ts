import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as z from 'zod';
import { apply } from '../../../cluster/apply.ts';
import { acts } from '../../hosts/trial.ts';
import { until } from '../../until.ts';
import { client, connection, type Postgres, postgres, SUPERUSER } from '../postgres.ts';
import { facts, looked } from './by-hand.ts';
import type { Lane } from './lane.ts';
import { escalates, play, resolves } from './play.ts';
import { anyLeft } from './seen.ts';
import { backends, whole } from './settle.ts';
import type { Said, Story } from './story.ts';

const RUNBOOK = 'saveit/database-connections';
const RESTART = 'Restart the backend, pod by pod';
const alert = { name: 'DatabaseConnectionFailures', value: 100 };
const APPLICATION = { user: 'saveit', password: 'never-leaves' };
const LONG_MS = 240_000;
/** With what the server keeps back for its superuser, all that it takes. */
const [CONNECTIONS, KEPT] = [20, 3];
const COUNT = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'saveit'";
const run = promisify(execFile);

/** A real PostgreSQL, which the real Jobs of the cluster ask with a real psql; the pods' pools are clients of the test. */
export async function openDatabase(lane: Lane, connections: number): Promise<Postgres> {
  const server = await postgres({ ownAddress: true, connections });
  server.say(`CREATE ROLE saveit LOGIN PASSWORD '${APPLICATION.password}'`);
  server.say('CREATE DATABASE saveit OWNER saveit');
  const metadata = { name: 'firebreak-database', namespace: lane.name };
  const stringData = { host: server.address, username: SUPERUSER.user, password: SUPERUSER.password };
  await apply(lane.admin, [{ apiVersion: 'v1', kind: 'Secret', metadata, stringData }]);
  return server;
}

/** Connections of the application that do nothing: begun early, because they must have done so for a minute. */
export function takeAll(server: Postgres): () => void {
  const clients = Array.from({ length: CONNECTIONS - KEPT }, () => client(server, APPLICATION, 'SELECT 1;'));
  return () => {
    for (const end of clients) end();
  };
}

export async function connections(lane: Lane, server: Postgres, end: () => void): Promise<void> {
  await checked(lane, server);
  await idle(lane, server);
  end();
  await until('the connections are given back', () => server.say(COUNT) === '0', LONG_MS);
  await leaked(lane, server);
  await stopped(lane, server);
}

/** The page's quick check, of all that is taken. */
async function checked(lane: Lane, server: Postgres): Promise<void> {
  const name = 'a database quick check';
  await full(server);
  await play(lane, name, { runbook: 'saveit/database-check' }, async (trial) => {
    const found = await looked(lane, name, trial, 'saveit/database-check');
    const Sessions = z.object({ reach: z.string(), most: z.number(), application: z.object({ all: z.number() }) });
    const { reach, most, application } = Sessions.parse(facts(found, 'sessions'));
    lane.results.equal(`${name}: what PostgreSQL says`, [reach, most, application.all], ['ok', CONNECTIONS, CONNECTIONS - KEPT]);
    await noJobs(lane, name);
  });
}

/** By hand, because for an alarm they would have to sit idle for ten minutes. */
async function idle(lane: Lane, server: Postgres): Promise<void> {
  const name = 'idle sessions that take every connection';
  const old = `${COUNT} AND state = 'idle' AND state_change < now() - interval '61 seconds'`;
  await until('they have been idle for a minute', () => server.say(old) === String(CONNECTIONS - KEPT), LONG_MS);
  const before = (await backends(lane)).sort();
  await play(lane, name, { runbook: RUNBOOK, inside: (asked) => python(server, asked.program) }, async (trial) => {
    await trial.api.startByHand(RUNBOOK, { idleMinutes: 1 });
    const ended = await trial.ends(({ status, automation }) => status === 'resolved' || automation === 'escalated');
    lane.results.equal(`${name}: resolved`, [ended.incident.status, trial.why(ended)], ['resolved', '']);
    lane.results.equal(`${name}: by ending them`, acts(ended), ['End sessions that sit idle']);
    lane.results.equal(`${name}: PostgreSQL has ended them`, server.say(COUNT), '0');
    lane.results.equal(`${name}: and no pod was made new`, (await backends(lane)).sort(), before);
    await noJobs(lane, name);
  });
}

/** The pods hold all of them, and none for long: new pods have pools of their own. */
async function leaked(lane: Lane, server: Postgres): Promise<void> {
  const name = 'pools that have taken every connection';
  const before = await backends(lane);
  const end = takeAll(server);
  await full(server);
  const story: Story = {
    runbook: RUNBOOK,
    alert,
    ill: (seen) => anyLeft(seen, before) || server.say(COUNT) !== '0',
    inside: ({ program }) => python(server, program),
    // What a pod holds, it holds until it goes.
    react: async (seen) => {
      if (!anyLeft(seen, before)) end();
    },
  };
  await play(lane, name, story, async (trial) => {
    await resolves(lane, name, trial, [RESTART]);
    lane.results.equal(
      `${name}: no pod is one from before`,
      (await backends(lane)).filter((pod) => before.includes(pod)),
      [],
    );
    await noJobs(lane, name);
  });
  end();
  await whole(lane);
}

async function stopped(lane: Lane, server: Postgres): Promise<void> {
  const name = 'a database that refuses everybody';
  const before = (await backends(lane)).sort();
  server.stop();
  const story: Story = { runbook: RUNBOOK, alert, ill: () => true, inside: ({ program }) => python(server, program) };
  await play(lane, name, story, async (trial) => {
    const page = await escalates(lane, name, trial, /refuses connections/, [], 'dba');
    lane.results.holds(`${name}: its address is not told`, !page.includes(server.address));
    lane.results.equal(`${name}: no pod was made new`, (await backends(lane)).sort(), before);
    await noJobs(lane, name);
  });
  server.start();
}

async function full(server: Postgres): Promise<void> {
  await until('every ordinary connection is taken', () => server.say(COUNT) === String(CONNECTIONS - KEPT), LONG_MS);
}

async function noJobs(lane: Lane, name: string): Promise<void> {
  const { items } = await lane.batch.listNamespacedJob({ namespace: lane.name });
  lane.results.equal(`${name}: no Job is left`, items.filter(({ metadata }) => !metadata?.deletionTimestamp).length, 0);
}

/** What the application's engine would say: libpq's own words, as the application's role. */
async function python(server: Postgres, program: string): Promise<Said> {
  if (program !== 'python') return { exitCode: 127, text: `${program}: not found` };
  const env = { ...process.env, ...connection(server, APPLICATION), PGDATABASE: 'saveit', PGCONNECT_TIMEOUT: '5' };
  return await run('psql', ['-X', '-w', '-q', '-A', '-t', '-c', 'SELECT 1'], { env }).then(
    () => ({ exitCode: 0, text: '<sqlalchemy.engine.base.Connection object>' }),
    (error: { stderr?: string }) => ({ exitCode: 1, text: `(psycopg2.OperationalError) ${error.stderr ?? ''}` }),
  );
}
