import type { ShimAnswer } from '../host/rpc.ts';
import { databaseCalled } from './database.ts';
import { dumpText } from './dump-text.ts';
import type { DockerEngine } from './engine.ts';
import { failed, ok } from './flags.ts';

/** `pg_dump` of one database. */
export function pgDump(engine: DockerEngine, name: string): ShimAnswer {
  const database = databaseCalled(engine, name);
  if (!database) return failed(`pg_dump: error: connection to server failed: FATAL:  database "${name}" does not exist`, 1);
  return ok(dumpText(database.tables, engine.now()));
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
