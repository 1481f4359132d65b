import { appendFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as z from 'zod';

/** Records by id. A record is on disk when `put` returns; a reader sees all of it or none of it. */
export interface Folder<T> {
  all(): T[];
  get(id: string): T | undefined;
  put(id: string, record: T): void;
  remove(id: string): void;
}

/** Lines that are only ever added to, by id: cheap to write, read seldom. */
export interface Journal<T> {
  append(id: string, line: T): void;
  read(id: string): T[];
}

export interface Store {
  folder<T>(name: string, record: z.ZodType<T>): Folder<T>;
  journal<T>(name: string, line: z.ZodType<T>): Journal<T>;
}

/**
 * Where the local services keep what must outlive the process. What is written survives the process' sudden end;
 * against the machine's own (a power failure) nothing is done: this is no production store.
 *
 * @param dataDir a folder, made if it is absent; `undefined` keeps everything in memory, for tests
 */
export function createStore(dataDir: string | undefined): Store {
  return {
    folder: (name, record) => (dataDir === undefined ? folderInMemory() : folderOnDisk(join(dataDir, name), record)),
    journal: (name, line) => (dataDir === undefined ? journalInMemory() : journalOnDisk(join(dataDir, name), line)),
  };
}

function folderInMemory<T>(records = new Map<string, T>()): Folder<T> {
  return {
    all: () => [...records.values()],
    get: (id) => records.get(id),
    put: (id, record) => records.set(id, record),
    remove: (id) => records.delete(id),
  };
}

function folderOnDisk<T>(path: string, schema: z.ZodType<T>): Folder<T> {
  mkdirSync(path, { recursive: true });
  const records = new Map<string, T>();
  const fileOf = (id: string) => join(path, `${encodeURIComponent(id)}.json`);
  for (const file of readdirSync(path).filter((name) => name.endsWith('.json'))) {
    const id = decodeURIComponent(file.slice(0, -'.json'.length));
    records.set(id, schema.parse(JSON.parse(readFileSync(join(path, file), 'utf8'))));
  }
  const inMemory = folderInMemory(records);
  return {
    ...inMemory,
    put: (id, record) => {
      const file = fileOf(id);
      writeFileSync(`${file}.part`, JSON.stringify(record));
      renameSync(`${file}.part`, file);
      inMemory.put(id, record);
    },
    remove: (id) => {
      rmSync(fileOf(id), { force: true });
      inMemory.remove(id);
    },
  };
}

function journalInMemory<T>(): Journal<T> {
  const lines = new Map<string, T[]>();
  return {
    append: (id, line) => {
      const before = lines.get(id);
      if (before) before.push(line);
      else lines.set(id, [line]);
    },
    read: (id) => lines.get(id) ?? [],
  };
}

function journalOnDisk<T>(path: string, schema: z.ZodType<T>): Journal<T> {
  mkdirSync(path, { recursive: true });
  const fileOf = (id: string) => join(path, `${encodeURIComponent(id)}.jsonl`);
  const whole = new Set<string>();
  return {
    append: (id, line) => {
      // What an earlier process left torn must not become the beginning of this line.
      if (!whole.has(id)) cutTornLine(fileOf(id));
      whole.add(id);
      appendFileSync(fileOf(id), `${JSON.stringify(line)}\n`);
    },
    read: (id) => linesOf(fileOf(id)).map((line) => schema.parse(JSON.parse(line))),
  };
}

/** Whole lines only: a process that ended in the middle of one leaves a torn one at the end. */
function linesOf(file: string): string[] {
  const text = textOf(file);
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '');
}

function cutTornLine(file: string): void {
  const text = textOf(file);
  const end = text.lastIndexOf('\n') + 1;
  if (end < text.length) truncateSync(file, Buffer.byteLength(text.slice(0, end)));
}

/** Nothing for a file that is not there. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
