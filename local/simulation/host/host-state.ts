import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';

const instant = z.iso.datetime();

/** A stretch of time in which a container ran. `until` is missing while it runs. */
const Run = z.strictObject({ from: instant, until: instant.optional() });

const LogLine = z.strictObject({ at: instant, stream: z.enum(['stdout', 'stderr']), text: z.string() });
export type LogLine = z.infer<typeof LogLine>;

export const Container = z.strictObject({
  id: z.string(),
  service: z.string(),
  name: z.string(),
  image: z.string(),
  imageId: z.string(),
  configHash: z.string(),
  /** Set where an override file gives it another command than the compose file does. */
  command: z.array(z.string()).optional(),
  state: z.enum(['running', 'exited', 'created']),
  createdAt: instant,
  startedAt: instant,
  finishedAt: instant.optional(),
  exitCode: z.number(),
  oomKilled: z.boolean(),
  restartCount: z.number(),
  /** Named volumes by the path at which the container sees them. */
  volumes: z.record(z.string(), z.string()),
  /** The last stretches in which it ran, oldest first: what its periodic log lines are made from. */
  runs: z.array(Run),
  /** What it said at a certain moment; periodic lines are made when they are asked for. */
  said: z.array(LogLine),
});
export type Container = z.infer<typeof Container>;

export const Image = z.strictObject({
  id: z.string(),
  tags: z.array(z.string()),
  /** Empty for an image that was built here and can't be pulled again. */
  digests: z.array(z.string()),
  createdAt: instant,
  bytes: z.int(),
});
export type Image = z.infer<typeof Image>;

export const Volume = z.strictObject({
  name: z.string(),
  createdAt: instant,
  labels: z.record(z.string(), z.string()),
  bytes: z.int(),
});
export type Volume = z.infer<typeof Volume>;

export const BuildCache = z.strictObject({
  id: z.string(),
  type: z.string(),
  description: z.string(),
  bytes: z.int(),
  createdAt: instant,
  lastUsedAt: instant,
});
export type BuildCache = z.infer<typeof BuildCache>;

/** A client's connection to PostgreSQL that a fault has made. Those of a well system are made when they are asked for. */
const DatabaseSession = z.strictObject({
  pid: z.int(),
  role: z.string(),
  database: z.string(),
  application: z.string(),
  state: z.enum(['active', 'idle', 'idle in transaction']),
  /** When it connected; a PostgreSQL that was started later does not have it. */
  since: instant,
  stateChange: instant,
  queryStart: instant,
  query: z.string(),
});
export type DatabaseSession = z.infer<typeof DatabaseSession>;

const Database = z.strictObject({
  name: z.string(),
  owner: z.string(),
  bytes: z.int(),
  /** How many rows each table has: that is all that is known of them. */
  tables: z.record(z.string(), z.int()),
  /** Whether anybody may connect. */
  open: z.boolean(),
  comment: z.string(),
});
export type Database = z.infer<typeof Database>;

/** What PostgreSQL keeps. No database at all means that nobody has asked yet: then there is a healthy one. */
const DatabaseServer = z.strictObject({ databases: z.array(Database), sessions: z.array(DatabaseSession) });

/** A container that is no service's: `docker run` made it. */
const Scratch = z.strictObject({
  id: z.string(),
  name: z.string(),
  image: z.string(),
  labels: z.record(z.string(), z.string()),
  /** What was restored into it: how many rows each table has. */
  tables: z.record(z.string(), z.int()),
});
export type Scratch = z.infer<typeof Scratch>;

/** Everything about one simulated host that is not a file in its sandbox. */
export const HostState = z.strictObject({
  v: z.literal(1),
  /** Counts what was made, so that ids differ without chance. */
  serial: z.number(),
  /** Counts deployments: a service's configuration hash is made from it. */
  revisions: z.record(z.string(), z.number()),
  containers: z.array(Container),
  images: z.array(Image),
  volumes: z.array(Volume),
  buildCache: z.array(BuildCache),
  scratch: z.array(Scratch).default(() => []),
  database: DatabaseServer.default(() => ({ databases: [], sessions: [] })),
  /** What nginx has read of its certificate's file, and when. */
  tls: z.strictObject({ loaded: z.string(), at: instant }).optional(),
  /** By the fault's id: since when it is on, and what it needs to know to be switched off again. */
  faults: z.record(z.string(), z.strictObject({ since: instant, curedAt: instant.optional() })),
});
export type HostState = z.infer<typeof HostState>;

/** Times of this century; `0001-01-01` means never. */
const INSTANTS = /"(2\d{3}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[.\d]*Z)"/g;

/**
 * Keeps a value in a file. It is written beside the old one and renamed over it, so a crash leaves the old or the new.
 * @throws {Error} when the file holds something else than the schema says
 */
export class StateFile<T> {
  readonly #path: string;
  readonly #schema: z.ZodType<T>;
  readonly #latest: (text: string) => number;

  /** @param latest the time at which a file was left, in milliseconds, where it tells of times to come; the latest in it if not said */
  constructor(path: string, schema: z.ZodType<T>, latest = latestIn) {
    this.#path = path;
    this.#schema = schema;
    this.#latest = latest;
  }

  /**
   * @param now milliseconds. A clock that ran fast leaves times ahead of the next start's: they are moved back together,
   * so that the latest of them is now.
   */
  load(now: number): T | undefined {
    if (!existsSync(this.#path)) return undefined;
    const text = readFileSync(this.#path, 'utf8');
    const latest = this.#latest(text);
    const moved = text.replace(INSTANTS, (_, at: string) => `"${new Date(Date.parse(at) + now - latest).toISOString()}"`);
    return this.#schema.parse(JSON.parse(latest > now ? moved : text));
  }

  save(value: T): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileSync(`${this.#path}.new`, JSON.stringify(value, null, 1));
    renameSync(`${this.#path}.new`, this.#path);
  }
}

const latestIn = (text: string): number => Math.max(0, ...[...text.matchAll(INSTANTS)].map(([, at = '']) => Date.parse(at)));
