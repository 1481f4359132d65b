import { readFlags } from '../../docker/flags.ts';
import { framed, interpolated, split } from '../../psql-text.ts';
import type { World } from '../world.ts';
import { jsonRows } from './json-statements.ts';
import { refusal } from './postgres.ts';
import type { Ended } from './program.ts';
import { STATEMENTS } from './statements.ts';

/** `psql` in a pod: host and user come from its environment, statements from `-c` or from what it reads. */
export function psql(world: World, args: string[], environment: Readonly<Record<string, string>>, input: string): Ended {
  const flags = readFlags(
    args,
    ['username|U', 'dbname|d', 'command|c', 'file|f', 'host|h', 'port|p', 'set|v|variable', 'pset|P', 'field-separator|F'],
    ['no-align|A', 'tuples-only|t', 'no-psqlrc|X', 'quiet|q', 'no-password|w', 'single-transaction|1'],
  );
  const refused = refusal(world, flags.value('username') ?? environment.PGUSER ?? 'postgres');
  if (refused !== undefined) return { exitCode: 2, stdout: '', stderr: `psql: error: ${refused}\n` };
  const commands = flags.values('command');
  const variables = Object.fromEntries(flags.values('set').map((one) => one.split(/=(.*)/s).slice(0, 2)));
  const statements = commands.length > 0 ? commands : split(interpolated(input, variables));
  const answer = { exitCode: 0, stdout: '', stderr: '', seconds: 0 };
  for (const sql of statements) {
    const [, sleeps] = /pg_sleep\((\d+)\)/.exec(sql) ?? [];
    if (sleeps !== undefined) {
      answer.seconds += Number(sleeps);
      continue;
    }
    const rows = jsonRows(world, sql) ?? STATEMENTS.find(({ gist }) => gist.test(sql))?.answer(world, sql);
    if (!rows) return { ...answer, exitCode: 1, stderr: `ERROR:  the simulated database does not know this statement: ${sql}\n` };
    const separator = flags.value('field-separator') ?? '|';
    answer.stdout += flags.has('tuples-only') ? rows.map((row) => `${row.join(separator)}\n`).join('') : framed(rows);
  }
  return answer;
}
