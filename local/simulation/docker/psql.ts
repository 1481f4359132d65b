import type { Container } from '../host/host-state.ts';
import type { ShimAnswer } from '../host/rpc.ts';
import { framed, interpolated, split } from '../psql-text.ts';
import { databaseCalled, MAX_CONNECTIONS, sessions, slotsLeft } from './database.ts';
import { restoreInto } from './dump.ts';
import type { DockerEngine } from './engine.ts';
import { failed, readFlags, UsageError } from './flags.ts';
import { SqlError } from './sql.ts';
import { STATEMENTS } from './statements.ts';

/** As psql starts its complaint about a connection that did not come about. */
const SOCKET = 'psql: error: connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed:';

/**
 * `psql` inside the database's container: `-c`, and scripts that come in (`-f -` or nothing). It knows the statements of
 * {@link STATEMENTS} by their gist, variables in scripts, and how to read a dump.
 */
export function psql(engine: DockerEngine, container: Container, args: string[], input: string): ShimAnswer {
  const flags = readFlags(
    args,
    ['username|U', 'dbname|d', 'command|c', 'file|f', 'host|h', 'port|p', 'set|v|variable', 'pset|P', 'field-separator|F'],
    ['no-align|A', 'tuples-only|t', 'no-psqlrc|X', 'quiet|q', 'no-password|w', 'single-transaction|1'],
  );
  const user = flags.value('username') ?? 'postgres';
  const name = flags.value('dbname') ?? user;
  const refused = whyNot(engine, container, user, name);
  if (refused !== undefined) return failed(`${SOCKET} ${refused}`, 2);
  const commands = flags.values('command');
  const variables = Object.fromEntries(flags.values('set').map((one) => one.split(/=(.*)/s).slice(0, 2)));
  const script = commands.length === 0;
  if (script && /^COPY .* FROM stdin;$/m.test(input)) return restoreInto(engine, name, input);
  const statements = script ? split(interpolated(input, variables)) : commands;
  const separator = flags.value('field-separator') ?? '|';
  const plain = flags.has('tuples-only');
  const answer = { exitCode: 0, stdout: '', stderr: '' };
  for (const sql of statements) {
    try {
      const rows = run(engine, name, sql);
      answer.stdout += plain ? rows.map((row) => `${row.join(separator)}\n`).join('') : framed(rows);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      answer.stderr += `${script ? 'psql:<stdin>:1: ' : ''}ERROR:  ${error.message}\n`;
      answer.exitCode = script ? 3 : 1;
      if (script && variables.ON_ERROR_STOP !== undefined) return answer;
    }
  }
  return answer;
}

/** Why there is no connection, in the server's words; `undefined` when there is one. */
function whyNot(engine: DockerEngine, container: Container, user: string, name: string): string | undefined {
  const { answers } = engine.parts.database();
  if (engine.spec(container).key !== 'db') return 'No such file or directory';
  if (answers === 'nothing') return 'timeout expired';
  if (!engine.booted(container) || answers === 'rejecting') return 'FATAL:  the database system is starting up';
  if (sessions(engine).length >= MAX_CONNECTIONS) return 'FATAL:  sorry, too many clients already';
  if (slotsLeft(engine) <= 0 && user !== engine.parts.settings.database.user)
    return 'FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute';
  const database = databaseCalled(engine, name);
  if (!database) return `FATAL:  database "${name}" does not exist`;
  return database.open ? undefined : `FATAL:  database "${name}" is not currently accepting connections`;
}

function run(engine: DockerEngine, database: string, sql: string): string[][] {
  const known = STATEMENTS.find(({ gist }) => gist.test(sql));
  if (!known) throw new UsageError(`ERROR:  the simulated database does not know this statement: ${sql}`);
  return known.answer({ engine, database }, sql);
}
