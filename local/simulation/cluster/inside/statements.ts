import type { Session } from '../state.ts';
import type { World } from '../world.ts';
import { APPLICATION_ROLE, MAX_CONNECTIONS, RESERVED_CONNECTIONS, sessions, terminate } from './postgres.ts';

/** A statement that Save-It's simulated PostgreSQL knows by its gist. The first that fits answers, with rows of columns. */
interface Statement {
  gist: RegExp;
  answer(world: World, sql: string): string[][];
}

/** The text in quotes behind the first of some words. */
const quoted = (sql: string, words: RegExp): string | undefined =>
  new RegExp(`${words.source}\\s*(?:=|in\\s*\\()\\s*'([^']*)'`, 'i').exec(sql)?.[1];

const UNITS: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3_600 };

/** `interval '10 minutes'`, `make_interval(secs => 600)`, `make_interval(mins => 10)`, in seconds. */
function seconds(sql: string): number {
  const [, number, unit = ''] = /interval\s*'(\d+)\s*(second|minute|hour)/i.exec(sql) ?? [];
  if (number !== undefined) return Number(number) * (UNITS[unit.toLowerCase()] ?? 1);
  const made = /(secs|mins|hours)\s*=>\s*'?(\d+)/i.exec(sql);
  const factors: Readonly<Record<string, number>> = { secs: 1, mins: 60, hours: 3_600 };
  return made ? Number(made[2]) * (factors[made[1]?.toLowerCase() ?? ''] ?? 1) : 0;
}

/** The sessions that a statement's conditions on role, database, state and age leave. */
function chosen(world: World, sql: string): Session[] {
  const role = quoted(sql, /\busename/);
  const database = quoted(sql, /\bdatname/);
  const state = quoted(sql, /\bstate/);
  const age = /(query_start|state_change)\s*</i.exec(sql)?.[1]?.toLowerCase();
  const before = world.now - seconds(sql) * 1_000;
  return sessions(world).filter(
    (one) =>
      (role === undefined || one.role === role) &&
      (database === undefined || one.database === database) &&
      (state === undefined || one.state === state) &&
      (age === undefined || Date.parse(age === 'query_start' ? one.queryStart : one.stateChange) < before),
  );
}

/** As PostgreSQL writes an interval. */
function interval(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / 1_000));
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${two(whole / 3_600)}:${two((whole / 60) % 60)}:${two(whole % 60)}`;
}

const longest = (world: World, of: readonly Session[]) =>
  interval(Math.max(0, ...of.map(({ queryStart }) => world.now - Date.parse(queryStart))));

export const STATEMENTS: Statement[] = [
  {
    gist: /pg_(terminate|cancel)_backend\((\d+)\)/i,
    answer: (world, sql) => {
      const pid = Number(/_backend\((\d+)/i.exec(sql)?.[1]);
      return [
        [
          terminate(
            world,
            sessions(world).filter((one) => one.pid === pid),
          ) > 0
            ? 't'
            : 'f',
        ],
      ];
    },
  },
  {
    gist: /pg_terminate_backend/i,
    answer: (world, sql) => {
      const ended = terminate(world, chosen(world, sql));
      return /count\s*\(/i.test(sql) ? [[String(ended)]] : Array.from({ length: ended }, () => ['t']);
    },
  },
  {
    // Counts of a role's sessions in one row, in the order in which SIRA's script asks for them.
    gist: /superuser_reserved_connections/i,
    answer: (world, sql) => {
      const role = quoted(sql, /\busename/) ?? APPLICATION_ROLE;
      const all = sessions(world);
      const own = all.filter((one) => one.role === role);
      const inState = (state: string) => own.filter((one) => one.state === state).length;
      const idle = own.filter(
        (one) => one.state === 'idle' && Date.parse(one.stateChange) < world.now - seconds(sql) * 1_000,
      ).length;
      const counts = [
        MAX_CONNECTIONS,
        RESERVED_CONNECTIONS,
        all.length,
        own.length,
        inState('active'),
        inState('idle in transaction'),
        inState('idle'),
        idle,
      ];
      return [[...counts.map(String), role === APPLICATION_ROLE ? 'ordinary' : 'missing']];
    },
  },
  {
    gist: /GROUP BY usename\s*,\s*state/i,
    answer: (world, sql) => {
      const groups = Map.groupBy(chosen(world, sql), ({ role, state }) => `${role}|${state}`);
      return [...groups].map(([group, all]) => [...group.split('|'), String(all.length)]);
    },
  },
  {
    gist: /count\s*\([\s\S]*max\s*\(\s*now\(\)\s*-\s*query_start/i,
    answer: (world, sql) => [[String(chosen(world, sql).length), longest(world, chosen(world, sql))]],
  },
  { gist: /max\s*\(\s*now\(\)\s*-\s*query_start/i, answer: (world, sql) => [[longest(world, chosen(world, sql))]] },
  { gist: /max_connections/i, answer: () => [[String(MAX_CONNECTIONS)]] },
  { gist: /count\s*\([\s\S]*pg_stat_activity/i, answer: (world, sql) => [[String(chosen(world, sql).length)]] },
  { gist: /^\s*select\s+1\s*;?\s*$/i, answer: () => [['1']] },
];
