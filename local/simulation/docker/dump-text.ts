// What a dump looks like. It knows of no engine and no files, so that both can be furnished with one.

/** Rows of each table as the nightly backup has them: the day's work is missing. */
export const backedUp: Readonly<Record<string, number>> = { users: 40, recommendations: 60, api_keys: 7 };

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

/** How many rows a dump has for each table. */
export function dumpTables(dump: string): Record<string, number> {
  const blocks = dump.matchAll(/^COPY (?:public\.)?"?(\w+)"? .*FROM stdin;\n([\s\S]*?)^\\\.$/gm);
  return Object.fromEntries([...blocks].map(([, table = '', rows = '']) => [table, rows.split('\n').length - 1]));
}
