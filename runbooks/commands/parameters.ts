import * as z from 'zod';

/**
 * What commands take, each with the pattern that Systems Manager checks before a host sees the value. None allows a blank, a
 * quote, a `$`, a newline, a dash in front, or `..` as a part of a path, and each says how long a value may be.
 *
 * The agent reads the pattern as Go does: it looks for it anywhere, so it has both anchors; it knows no look-ahead; and it takes
 * no count, nor counts in one another multiplied, above 1000.
 */
export const containerName = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/);
export const serviceName = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}$/);
/** Sixteen folders deep, each of up to 64 letters: `.` and `..` are no parts of it. */
export const absolutePath = z
  .string()
  .regex(/^\/(\.?[A-Za-z0-9_-][A-Za-z0-9._-]{0,61}(\/\.?[A-Za-z0-9_-][A-Za-z0-9._-]{0,61}){0,15}\/?)?$/);
export const databaseWord = z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]{0,62}$/);
/** No two dots in a row. */
export const url = z.string().regex(/^https?:\/\/(\.?[A-Za-z0-9_~:/?&=%+,@-]){1,500}$/);
export const filePrefix = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
export const backupName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}\.sql\.gz$/);
/** Of a container or an image: the whole digest, so that it can mean nothing else. */
export const dockerId = z.string().regex(/^(sha256:)?[0-9a-f]{12,64}$/);
export const volumeName = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/);
export const buildCacheId = z.string().regex(/^[a-z0-9]{8,64}$/);
export const domainName = z.string().regex(/^([a-z0-9][a-z0-9-]{0,62}\.){1,8}[a-z][a-z0-9-]{0,62}$/);
/** A name or an IPv4 address. */
export const hostName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,62}(\.[A-Za-z0-9][A-Za-z0-9-]{0,62}){0,9}$/);

/** Where a stack's compose file lies, and what Compose calls the stack. */
export const stack = {
  composeFile: z.string().regex(/^\.?[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/),
  projectDir: absolutePath,
  composeProject: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/),
};

/** The name of a parameter of Systems Manager: up to fifteen parts. */
export const ssmParameter = z.string().regex(/^(\/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,61}){1,15}$/);

/** Words by which a log names services outside, in small letters: `mistral`. */
export const outsideServices = z
  .array(z.string().regex(/^[a-z][a-z0-9]{0,30}$/))
  .max(10)
  .default([]);

/** Files older than this are past their retention. A week, as the runbook page says, if not said. */
export const olderThanDays = z.number().int().min(1);
/** How many of the newest backups stay, however old they are. */
export const keepNewest = z.number().int().min(1).default(3);

/** Megabytes of 2^20 bytes, with one decimal. */
export const mb = z.number().min(0);

/** A session that waits for its application for less than half a minute is likely to be used again. */
export const idleSeconds = z.number().int().min(30).max(86_400);

/** A backup by its name, or the newest one. */
export const backupChoice = z.string().regex(/^(latest|[A-Za-z0-9][A-Za-z0-9._-]{0,199}\.sql\.gz)$/);
export const tableRows = z.array(z.object({ name: z.string(), rows: z.number() }));

/** @param whose what has to end, as a person reads it: `the backend` */
export const stopTimeoutOf = (whose: string) =>
  z.number().int().min(0).max(120).default(30).describe(`How long ${whose} has to end by itself before it is killed, in seconds`);
