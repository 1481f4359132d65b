import { readdirSync, readFileSync, statSync, truncateSync, utimesSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { pgDump } from '../docker/dump.ts';
import type { DockerEngine } from '../docker/engine.ts';
import { failed, ok } from '../docker/flags.ts';
import type { BackupTrouble } from './backup-trouble.ts';
import type { ShimAnswer } from './rpc.ts';
import { type HostTree, MiB } from './tree.ts';

const HOUR = 3_600_000;
/** A night's backup of a well host. */
export const BACKUP_BYTES = 2 * MiB;
/** How long cron's own takes where a fault makes it late. */
export const UNDER_WAY_MS = 4 * 60_000;

/** Backups of so many hours of age, and no other; each whole, or cut off in its midst. */
export function setBackups(
  { tree, engine }: { tree: HostTree; engine: DockerEngine },
  hours: { old: number; whole?: boolean }[],
): void {
  const { folder } = engine.parts.settings.backups;
  tree.removeOlder([folder], Number.POSITIVE_INFINITY, new RegExp(`^${engine.parts.settings.backups.prefix}`));
  for (const { old, whole = true } of hours) {
    const at = engine.now() - old * HOUR;
    const path = `${folder}/${nameAt(engine, at)}`;
    tree.backup(path, BACKUP_BYTES, at);
    if (whole) continue;
    truncateSync(tree.real(path), 200);
    utimesSync(tree.real(path), at / 1_000, at / 1_000);
  }
}

const nameAt = (engine: DockerEngine, at: number) =>
  `${engine.parts.settings.backups.prefix}${new Date(at).toISOString().slice(0, 16).replace('T', '_').replace(':', '')}.sql.gz`;

/** The backup script: it dumps the database into the folder, under the minute's name. */
export function runBackupScript(tree: HostTree, engine: DockerEngine, { script }: BackupTrouble): ShimAnswer {
  const { settings } = engine.parts;
  if (script === 'fails')
    return failed('pg_dump: error: connection to server at "db", port 5432 failed: FATAL:  password authentication failed', 1);
  if (!engine.serves('db'))
    return failed('pg_dump: error: connection to server at "db", port 5432 failed: Connection refused', 1);
  const dump = pgDump(engine, settings.database.name).stdout;
  const kept = script === 'breaks-off' ? dump.slice(0, dump.length / 2) : dump;
  const path = `${settings.backups.folder}/${nameAt(engine, engine.now())}`;
  tree.text(path, gzipSync(kept), engine.now());
  truncateSync(tree.real(path), script === 'too-small' ? BACKUP_BYTES / 8 : BACKUP_BYTES);
  utimesSync(tree.real(path), engine.now() / 1_000, engine.now() / 1_000);
  return ok(`backup written to ${path}`);
}

/** Hours since the last backup that unpacks to the last line of its dump; 1,000 where there is none. */
export function hoursSinceBackup(tree: HostTree, engine: DockerEngine): number {
  const { folder, prefix } = engine.parts.settings.backups;
  const files = readdirSync(tree.real(folder))
    .filter((name) => name.startsWith(prefix))
    .map((name) => ({ file: tree.real(`${folder}/${name}`), at: statSync(tree.real(`${folder}/${name}`)).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  const last = files.find(({ file }) => whole(file));
  return last ? Math.max(0, engine.now() - last.at) / HOUR : 1_000;
}

function whole(file: string): boolean {
  try {
    return gunzipSync(readFileSync(file)).includes('PostgreSQL database dump complete');
  } catch {
    // It does not unpack to its end.
    return false;
  }
}

/** Cron's own backup where it is late and not done yet: how many seconds it runs. */
export function lateBackup(engine: DockerEngine): number | undefined {
  const since = engine.state.faults['backup-under-way']?.since;
  if (since === undefined) return undefined;
  const ms = engine.now() - Date.parse(since);
  return ms < UNDER_WAY_MS ? Math.floor(ms / 1_000) : undefined;
}
