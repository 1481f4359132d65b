import { askDatabase } from '../../../runbooks/cluster/ask-database.ts';
import { databaseSessions } from '../../../runbooks/cluster/database-sessions.ts';
import { endIdleSessions } from '../../../runbooks/cluster/end-idle-sessions.ts';
import type { ClusterCommand, ClusterProgress } from '../../../runbooks/language/cluster.ts';
import { withinRules } from '../../../runbooks/language/within-rules.ts';
import { type Tally, tally } from '../tally.ts';
import { until } from '../until.ts';
import { JobRunner } from './job-runner.ts';
import { client, type Postgres, postgres, SUPERUSER } from './postgres.ts';

const DATABASE = {
  ...{ database: 'saveit', secret: 'firebreak-database', image: 'docker.io/library/postgres:16-alpine' },
  ...{ hostKey: 'host', userKey: 'username', passwordKey: 'password' },
};
/** The least that the commands take. */
const IDLE_SECONDS = 30;
const PASSWORD = 'never-leaves';
const LONG_MS = 60_000;
const application = { user: 'saveit', password: PASSWORD };
const asked = { ...DATABASE, role: 'saveit', idleSeconds: IDLE_SECONDS };

interface Scene {
  results: Tally;
  server: Postgres;
  cluster: JobRunner;
}

/** The statements of the cluster's Jobs on a real PostgreSQL, through the same `sh` and `psql` as in their containers. */
async function sql(): Promise<0 | 1> {
  const results = tally();
  const server = await postgres();
  const cluster = new JobRunner();
  cluster.around = { PGPORT: String(server.port) };
  as(cluster, SUPERUSER);
  const clients: (() => void)[] = [];
  try {
    for (const one of ROLES) server.say(one);
    server.say('CREATE DATABASE saveit');
    const scene = { results, server, cluster };
    await well(scene);
    await notThere(scene);
    await valuesStayValues(scene);
    await exhausted(scene, clients);
    await endings(scene);
    await stopped(scene);
  } catch (error) {
    results.failed('the statements on a real PostgreSQL', error);
  } finally {
    for (const end of clients) end();
    server.end();
  }
  return results.end();
}

const ROLES = [
  `CREATE ROLE saveit LOGIN PASSWORD '${PASSWORD}'`,
  `CREATE ROLE report LOGIN PASSWORD '${PASSWORD}'`,
  `CREATE ROLE watcher LOGIN PASSWORD '${PASSWORD}' IN ROLE pg_monitor, pg_signal_backend`,
  `CREATE ROLE blind LOGIN PASSWORD '${PASSWORD}'`,
];

function as(cluster: JobRunner, { user, password }: { user: string; password: string }, host = '127.0.0.1'): void {
  cluster.secret = { host, username: user, password };
}

let steps = 0;
/** All turns of a step, each within the command's own rights. @returns its facts, or why it failed */
async function step(
  cluster: JobRunner,
  command: ClusterCommand,
  parameters: Parameters<ClusterCommand>[0],
  startedAt = new Date(),
): Promise<unknown> {
  steps += 1;
  const key = `01J9ZK3V5Q8XN4C2W7H6T0RBDM-1-1-sql-${steps}`;
  const limited = withinRules(cluster, command.rights([]));
  const turn = { key, startedAt: startedAt.toISOString(), now: new Date().toISOString() };
  try {
    let progress: ClusterProgress<unknown> = { waitsFor: 'the first turn' };
    for (let turns = 0; 'waitsFor' in progress && turns < 5; turns += 1)
      progress = await command.run(limited, command(parameters).parameters, turn);
    return 'facts' in progress ? progress.facts : progress.waitsFor;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
const count = (cluster: JobRunner, role = 'saveit') => step(cluster, databaseSessions, { ...asked, role });
const facts = async (cluster: JobRunner, role?: string) => {
  const found = await count(cluster, role);
  if (typeof found === 'string') throw new Error(found);
  return databaseSessions.facts.parse(found);
};

async function well({ results, cluster }: Scene): Promise<void> {
  const found = await facts(cluster);
  results.equal('it is reached', [found.reach, found.words], ['ok', '']);
  results.equal('how many it takes, and keeps back', [found.most, found.reserved, found.roleMost], [20, 3, -1]);
  results.equal('only the one that asks is there', [found.clients, found.page.connections], [1, 1]);
  results.equal('the role is an ordinary one', found.role, 'ordinary');
  results.equal('who asks may all', found.asker, { seesAll: true, mayEnd: true, keptBack: true });
  results.equal('and its name is not told', found.groups, [{ role: '(the role that asks)', state: 'active', sessions: 1 }]);
  results.equal('a superuser is told', (await facts(cluster, SUPERUSER.user)).role, 'superuser');
  results.equal('a role that is not there is told', (await facts(cluster, 'nobody_of_this')).role, 'missing');
  const written = JSON.stringify(cluster.created[0]);
  results.holds(
    'no value of the Secret is in its Job',
    ![...Object.values(cluster.secret)].some((value) => written.includes(value)),
  );
  results.equal('each Job is removed', cluster.removed, cluster.created.length);
}

async function notThere({ results, cluster }: Scene): Promise<void> {
  as(cluster, { ...application, password: 'wrong' });
  const wrong = await facts(cluster);
  results.equal('a wrong password is told', wrong.reach, 'authentication');
  results.holds('without the role or the host', !/saveit|127\.0/.test(wrong.words));
  as(cluster, application, 'no-such-host.invalid');
  results.equal('a name that is not known is told', (await facts(cluster)).reach, 'no-name');
  as(cluster, { user: 'watcher', password: PASSWORD });
  const watcher = await facts(cluster);
  results.equal('what a monitoring role may', watcher.asker, { seesAll: true, mayEnd: true, keptBack: false });
  as(cluster, { user: 'blind', password: PASSWORD });
  results.equal('and one without rights', (await facts(cluster)).asker, { seesAll: false, mayEnd: false, keptBack: false });
  const none = 'the role that asks does not see who is idle (grant pg_monitor): no session was ended';
  results.equal('which ends nothing', await step(cluster, endIdleSessions, asked), none);
  as(cluster, SUPERUSER);
}

async function valuesStayValues({ results, cluster }: Scene): Promise<void> {
  const value = `'; DROP ROLE saveit; -- $(id) \`id\` "$HOME" :'other' \\! id`;
  const question = { statements: "SELECT json_build_object('value', :'value');", variables: { value } };
  const turn = { key: '01J9ZK3V5Q8XN4C2W7H6T0RBDM-1-1-values', startedAt: '', now: '' };
  await askDatabase(cluster, turn, DATABASE, question);
  const reply = await askDatabase(cluster, turn, DATABASE, question);
  results.equal('a variable stays a value, whatever is in it', reply, { is: 'answered', answer: { value } });
}

/** Eleven idle, one at work, one in a transaction; two of another role are idle as well, and two more take what is left. */
async function exhausted({ results, server, cluster }: Scene, clients: (() => void)[]): Promise<void> {
  const other = { user: 'report', password: PASSWORD };
  for (let n = 0; n < 11; n += 1) clients.push(client(server, application, 'SELECT 1;'));
  clients.push(client(server, application, 'SELECT pg_sleep(600);'));
  clients.push(client(server, application, 'BEGIN; SELECT 1;'));
  for (let n = 0; n < 4; n += 1) clients.push(client(server, other, 'SELECT 1;'));
  const theirs = "FROM pg_stat_activity WHERE usename IN ('saveit', 'report')";
  const taken = `SELECT usename, state, count(*) ${theirs} GROUP BY 1, 2 ORDER BY 1, 2`;
  const each = 'report|idle|4\nsaveit|active|1\nsaveit|idle|11\nsaveit|idle in transaction|1';
  await until('every ordinary connection is taken, and at what it is to be at', () => server.say(taken) === each, LONG_MS);
  as(cluster, application);
  const refused = await facts(cluster);
  results.equal('an ordinary role gets no connection', refused.reach, 'too-many');
  as(cluster, SUPERUSER);
  const fresh = await facts(cluster);
  const states = { all: 13, active: 1, inTransaction: 1, idle: 11, idleLong: 0 };
  results.equal('one that is kept back counts', [fresh.reach, fresh.clients, fresh.application], ['ok', 18, states]);
  results.equal('by role and state', fresh.groups.find(({ role, state }) => role === 'report' && state === 'idle')?.sessions, 4);
  results.equal('who is not idle for long is left alone', await step(cluster, endIdleSessions, asked), {
    before: 18,
    ended: 0,
    after: 18,
  });
  const long = `SELECT count(*) ${theirs} AND state = 'idle' AND state_change < now() - interval '${IDLE_SECONDS + 1} seconds'`;
  await until('they have been idle for long', () => server.say(long) === '15', LONG_MS);
  const ripe = await facts(cluster);
  results.equal('then they are counted as such', ripe.application, { ...states, idleLong: 11 });
  results.holds('the longest query is the one at work', ripe.longestActiveSeconds >= IDLE_SECONDS);
  results.holds("and the page's own figure is as old", ripe.page.longestSeconds >= IDLE_SECONDS && ripe.page.connections === 18);
}

async function endings({ results, server, cluster }: Scene): Promise<void> {
  const late = new Date(Date.now() - 600_000);
  const over = 'by the clock of the database its time was over: no session was ended';
  results.equal('too late nothing is ended', await step(cluster, endIdleSessions, asked, late), over);
  const superuser = await step(cluster, endIdleSessions, { ...asked, role: SUPERUSER.user });
  results.equal("nor a superuser's", superuser, `the role ${SUPERUSER.user} is a superuser: no session was ended`);
  results.equal(
    'nor those of a role that is not there',
    await step(cluster, endIdleSessions, { ...asked, role: 'gone' }),
    'the role gone is not there: no session was ended',
  );
  const ended = await step(cluster, endIdleSessions, asked);
  results.equal('idle sessions of the application are ended', ended, { before: 18, ended: 11, after: 7 });
  const left =
    "SELECT usename, state, count(*) FROM pg_stat_activity WHERE usename IN ('saveit', 'report') GROUP BY 1, 2 ORDER BY 1, 2";
  const others = 'report|idle|4\nsaveit|active|1\nsaveit|idle in transaction|1';
  results.equal('and no others', server.say(left), others);
  results.equal('once more it finds none', await step(cluster, endIdleSessions, asked), { before: 7, ended: 0, after: 7 });
  as(cluster, application);
  results.equal('and the application gets connections again', (await facts(cluster)).reach, 'ok');
  as(cluster, SUPERUSER);
  server.say('ALTER ROLE saveit CONNECTION LIMIT 2');
  results.equal("a role's own limit is told", (await facts(cluster)).roleMost, 2);
  as(cluster, application);
  results.equal('and one that reaches it has too many', (await facts(cluster)).reach, 'too-many');
  as(cluster, SUPERUSER);
}

async function stopped({ results, server, cluster }: Scene): Promise<void> {
  server.stop();
  const found = await facts(cluster);
  results.equal('a database that is stopped refuses', found.reach, 'refused');
  results.holds('and its address is not told', !found.words.includes('127.0.0.1'));
  results.holds(
    'nothing can be ended there',
    String(await step(cluster, endIdleSessions, asked)).startsWith('the database refuses connections'),
  );
  server.start();
  results.equal('started again, it answers', (await facts(cluster)).reach, 'ok');
  results.equal('every Job was removed', cluster.removed, cluster.created.length);
}

process.exitCode = await sql();
