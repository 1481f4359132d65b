import type { DockerEngine } from './engine.ts';

/** A statement that fails as it would in PostgreSQL: the message without its `ERROR:`. */
export class SqlError extends Error {
  override readonly name = 'SqlError';
}

/** Where a statement is said: to which server, and connected to which of its databases. */
export interface Connection {
  engine: DockerEngine;
  database: string;
}

/** A statement that the simulated database knows by its gist. The first that fits answers, with rows of columns. */
export interface Statement {
  gist: RegExp;
  answer(connection: Connection, sql: string): string[][];
}

/** The text in quotes that follows some words: `named(sql, 'usename = ')`. */
export const named = (sql: string, words: string): string => sql.split(words)[1]?.split("'")[1] ?? '';
