import {
  closeSync,
  type Dirent,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { SiraSettings } from '../../../runbooks/sira/system.ts';
import { backedUp, dumpText } from '../docker/dump-text.ts';

export const MiB = 1024 * 1024;
export const GiB = 1024 * MiB;
const DAY = 86_400_000;

/** A host's files, in a folder of this machine. Big files are holes: they have a size and take no room. */
export class HostTree {
  readonly home: string;
  readonly root: string;
  /** Files that are deleted on the host and still held open by a process: only `/proc/<pid>/fd` leads to them. */
  readonly held: string;

  constructor(home: string) {
    this.home = home;
    this.root = join(home, 'root');
    this.held = join(home, 'held');
  }

  /** Where a path of the host lies on this machine. */
  real(path: string): string {
    return join(this.root, join('/', path));
  }

  exists(path: string): boolean {
    return statSync(this.real(path), { throwIfNoEntry: false }) !== undefined;
  }

  /**
   * Written beside the tree and renamed into it: a script that reads meanwhile has the old text or the new, and never none.
   * @param at its modification time, in milliseconds
   */
  text(path: string, content: string | Buffer, at: number, mode = 0o644): void {
    const written = join(this.home, 'written');
    mkdirSync(dirname(this.real(path)), { recursive: true });
    writeFileSync(written, content, { mode });
    utimesSync(written, at / 1_000, at / 1_000);
    renameSync(written, this.real(path));
  }

  read(path: string): string | undefined {
    return this.exists(path) ? readFileSync(this.real(path), 'utf8') : undefined;
  }

  /** Makes a folder, with those above it, where it is not there. */
  folder(path: string): void {
    mkdirSync(this.real(path), { recursive: true });
  }

  sized(path: string, bytes: number, at: number): void {
    sparse(this.real(path), bytes, at);
  }

  /** A whole dump as `gzip -t` accepts it: a small one, followed by the zeros that gzip ignores. */
  backup(path: string, bytes: number, at: number, changed = (whole: string) => whole): void {
    this.text(path, gzipSync(changed(dumpText(backedUp, at))), at);
    truncateSync(this.real(path), bytes);
    utimesSync(this.real(path), at / 1_000, at / 1_000);
  }

  /** Leaves the beginning of a file. */
  cut(path: string, bytes: number, at: number): void {
    truncateSync(this.real(path), bytes);
    utimesSync(this.real(path), at / 1_000, at / 1_000);
  }

  hold(path: string, bytes: number, at: number): string {
    const file = `${join(this.held, path)} (deleted)`;
    sparse(file, bytes, at);
    return file;
  }

  link(path: string, target: string): void {
    mkdirSync(dirname(this.real(path)), { recursive: true });
    rmSync(this.real(path), { force: true });
    symlinkSync(target, this.real(path));
  }

  remove(path: string): void {
    rmSync(this.real(path), { recursive: true, force: true });
  }

  /** Deletes the files of some folders that were last changed before `before` and whose name matches. */
  removeOlder(folders: string[], before: number, name = /./): void {
    for (const folder of folders)
      for (const file of readdirSync(this.real(folder)))
        if (name.test(file) && statSync(this.real(`${folder}/${file}`)).mtimeMs < before) this.remove(`${folder}/${file}`);
  }

  /** Lets go of every file that is deleted and still held open. */
  releaseAll(): void {
    for (const pid of this.processes()) this.remove(`/proc/${pid}/fd/9`);
    rmSync(this.held, { recursive: true, force: true });
    mkdirSync(this.held, { recursive: true });
  }

  /** The ids of the processes that `/proc` shows. */
  processes(): string[] {
    return this.exists('/proc') ? readdirSync(this.real('/proc')).filter((name) => /^\d+$/.test(name)) : [];
  }

  /** What all files together take, in bytes and in inodes. */
  usage(): { bytes: number; inodes: number } {
    const total = { bytes: 0, inodes: 0 };
    const folders = [this.root, this.held];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      for (const entry of listing(folder)) {
        const path = join(folder, entry.name);
        total.inodes += 1;
        // Links are not followed: Node's own recursive listing does, and a link to a folder above would never end.
        if (entry.isDirectory()) folders.push(path);
        else if (entry.isFile()) total.bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      }
    }
    return total;
  }
}

/** Nothing where a script has just deleted the folder. */
function listing(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function sparse(file: string, bytes: number, at: number): void {
  mkdirSync(dirname(file), { recursive: true });
  const handle = openSync(file, 'w');
  ftruncateSync(handle, Math.round(bytes));
  closeSync(handle);
  utimesSync(file, at / 1_000, at / 1_000);
}

/** `2026-10-04`, in UTC, as dated files are named. */
export const day = (at: number) => new Date(at).toISOString().slice(0, 10);

/** The files of any healthy host, and its compose file: about 9 GiB that are not Docker's. */
export function furnishMachine(tree: HostTree, settings: SiraSettings, composeFile: string, now: number): void {
  for (const folder of [tree.root, tree.held, tree.real('/tmp'), tree.real('/root'), tree.real('/var/lib/firebreak')])
    mkdirSync(folder, { recursive: true });
  tree.sized('/usr/lib/modules.img', 7 * GiB, now - 90 * DAY);
  tree.sized('/swapfile', 2 * GiB, now - 90 * DAY);
  tree.sized('/var/cache/dnf/packages.solv', 400 * MiB, now - 20 * DAY);
  tree.text(`${settings.projectDir}/${settings.composeFile}`, composeFile, now - 12 * DAY);
  tree.text('/proc/loadavg', '0.42 0.38 0.35 2/311 48213\n', now);
  tree.text('/proc/meminfo', 'MemTotal:        8127996 kB\nMemFree:         1210432 kB\nMemAvailable:    5302112 kB\n', now);
  tree.text('/proc/mounts', '/dev/nvme0n1p1 / ext4 rw,noatime 0 0\n', now);
}

/** The files of a healthy SIRA host: logs and backups beside it. */
export function furnish(tree: HostTree, settings: SiraSettings, composeFile: string, now: number): void {
  furnishMachine(tree, settings, composeFile, now);
  for (const [at, folder] of settings.logFolders.entries()) {
    const name = at === 0 ? 'access' : 'app';
    tree.sized(`${folder}/${name}.log`, 60 * MiB, now);
    for (let age = 1; age <= 6; age += 1) tree.sized(`${folder}/${name}-${day(now - age * DAY)}.log`, 60 * MiB, now - age * DAY);
  }
  const { folder, prefix } = settings.backups;
  for (let age = 0; age < 7; age += 1) {
    const at = now - age * DAY - 3_600_000;
    tree.backup(`${folder}/${prefix}${day(at)}.sql.gz`, 2 * MiB, at);
  }
}

/** What the host's own cron does: a backup a day. Whatever clock the host lives by, the newest is never a day old. */
export function nightlyBackup(tree: HostTree, { backups }: SiraSettings, now: number): void {
  const files = readdirSync(tree.real(backups.folder)).filter((name) => name.startsWith(backups.prefix));
  // A name that is no UTF-8 is read as another, which is not there.
  const changed = (name: string) => statSync(tree.real(`${backups.folder}/${name}`), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const newest = Math.max(0, ...files.map(changed));
  if (now - newest < DAY) return;
  const at = now - 3_600_000;
  tree.backup(`${backups.folder}/${backups.prefix}${day(at)}.sql.gz`, 2 * MiB, at);
}
