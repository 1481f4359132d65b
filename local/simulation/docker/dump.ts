import type { ShimAnswer } from '../host/rpc.ts';
import { databaseCalled } from './database.ts';
import type { DockerEngine } from './engine.ts';
import { failed, ok } from './flags.ts';

/** A database as `pg_dump` writes it: its tables, so many rows each, and the last line by which one knows that it is whole. */
export function dumpText(tables: Readonly<Record<string, number>>, at: number): string {
  const head = [
    ...['--', '-- PostgreSQL database dump', '--', '', `-- Started on ${new Date(at).toISOString()}`, ''],
    ...['SET statement_timeout = 0;', "SET client_encoding = 'UTF8';", ''],
  ];
  const body = Object.entries(tables).flatMap(([table, rows]) => [
    `CREATE TABLE public.${table} (id integer NOT NULL, label text);`,
    '',
    `COPY public.${table} (id, label) FROM stdin;`,
    ...Array.from({ length: rows }, (_, at) => `${at + 1}\t${table} ${at + 1}`),
    '\\.',
    '',
  ]);
  return [...head, ...body, '--', '-- PostgreSQL database dump complete', '--', ''].join('\n');
}

/** `pg_dump` of one database. */
export function pgDump(engine: DockerEngine, name: string): ShimAnswer {
  const database = databaseCalled(engine, name);
  if (!database) return failed(`pg_dump: error: connection to server failed: FATAL:  database "${name}" does not exist`, 1);
  return ok(dumpText(database.tables, engine.now()));
}

/** How many rows a dump has for each table. */
export function dumpTables(dump: string): Record<string, number> {
  const blocks = dump.matchAll(/^COPY (?:public\.)?"?(\w+)"? .*FROM stdin;\n([\s\S]*?)^\\\.$/gm);
  return Object.fromEntries([...blocks].map(([, table = '', rows = '']) => [table, rows.split('\n').length - 1]));
}

/** psql reads a dump: all of it or, at the first statement that fails, nothing. */
export function restoreInto(engine: DockerEngine, name: string, dump: string): ShimAnswer {
  const database = databaseCalled(engine, name);
  if (!database) return failed(`psql: error: FATAL:  database "${name}" does not exist`, 2);
  const tables: Record<string, number> = {};
  let copying: string | undefined;
  for (const [at, line] of dump.split('\n').entries()) {
    const begun = /^COPY (?:public\.)?"?(\w+)"? .*FROM stdin;$/.exec(line)?.[1];
    if (copying !== undefined) {
      if (line === '\\.') copying = undefined;
      else tables[copying] = (tables[copying] ?? 0) + 1;
    } else if (begun !== undefined) {
      copying = begun;
      tables[begun] = 0;
    } else if (!/^(--|SET |SELECT |CREATE |ALTER |\\(un)?restrict |$)/.test(line))
      return failed(`psql:<stdin>:${at + 1}: ERROR:  syntax error at or near "${line.split(' ')[0]}"`, 3);
  }
  Object.assign(database, { tables, bytes: Math.max(database.bytes, 8_000_000) });
  return ok();
}
