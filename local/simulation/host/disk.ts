import { failed, ok, readFlags, UsageError } from '../docker/flags.ts';
import { table } from '../docker/format.ts';
import type { ShimAnswer } from './rpc.ts';
import { GiB, type HostTree, MiB } from './tree.ts';

/** The simulated host's one disk: 40 GiB, so that the 18 GB of logs in the stories are most of what is free. */
export const DISK_BYTES = 40 * GiB;
const DISK_INODES = 2_621_440;
/** What the operating system's own small files take, which nobody made in the sandbox. */
const SYSTEM_INODES = 183_000;

interface FileSystem {
  source: string;
  type: string;
  target: string;
  size: number;
  used: number;
  inodes: number;
  inodesUsed: number;
}

/** How full the root file system is. `df` rounds the percentage up; this is the plain share. */
export function diskUse(tree: HostTree): { usedBytes: number; usedPercent: number } {
  const usedBytes = Math.min(DISK_BYTES, tree.usage().bytes);
  return { usedBytes, usedPercent: (usedBytes / DISK_BYTES) * 100 };
}

/** A disk of its own, mounted over a folder. */
export interface ExtraDisk {
  mount: string;
  size: number;
  free: number;
}

function fileSystems(tree: HostTree, extra: readonly ExtraDisk[]): FileSystem[] {
  const { bytes, inodes } = tree.usage();
  return [
    ...extra.map(({ mount, size, free }, at) => ({
      ...{ source: `/dev/nvme${at + 1}n1`, type: 'ext4', target: mount, size, used: size - free },
      ...{ inodes: 655_360, inodesUsed: 20 },
    })),
    { source: 'devtmpfs', type: 'devtmpfs', target: '/dev', size: 4 * MiB, used: 0, inodes: 1_011_712, inodesUsed: 380 },
    { source: 'tmpfs', type: 'tmpfs', target: '/run', size: 1_600 * MiB, used: MiB, inodes: 819_200, inodesUsed: 690 },
    {
      ...{ source: '/dev/nvme0n1p1', type: 'ext4', target: '/', size: DISK_BYTES, used: Math.min(DISK_BYTES, bytes) },
      ...{ inodes: DISK_INODES, inodesUsed: SYSTEM_INODES + inodes },
    },
  ];
}

const FIELDS: Record<string, [string, (fs: FileSystem, size: (bytes: number) => string) => string] | undefined> = {
  source: ['Filesystem', (fs) => fs.source],
  fstype: ['Type', (fs) => fs.type],
  size: ['1K-blocks', (fs, size) => size(fs.size)],
  used: ['Used', (fs, size) => size(fs.used)],
  avail: ['Avail', (fs, size) => size(fs.size - fs.used)],
  pcent: ['Use%', (fs) => `${Math.ceil((fs.used / fs.size) * 100)}%`],
  itotal: ['Inodes', (fs) => String(fs.inodes)],
  iused: ['IUsed', (fs) => String(fs.inodesUsed)],
  iavail: ['IFree', (fs) => String(fs.inodes - fs.inodesUsed)],
  ipcent: ['IUse%', (fs) => `${Math.ceil((fs.inodesUsed / fs.inodes) * 100)}%`],
  target: ['Mounted on', (fs) => fs.target],
  file: ['File', (fs) => fs.target],
};

/** `df`, in the forms that scripts use: -P -k -m -h -i -T -B, --output, -t, -x, -l, and paths. */
export function df(tree: HostTree, args: string[], extra: readonly ExtraDisk[] = []): ShimAnswer {
  const flags = readFlags(
    args,
    ['block-size|B', 'type|t', 'exclude-type|x'],
    [
      'portability|P',
      'k',
      'm',
      'human-readable|h',
      'si|H',
      'inodes|i',
      'print-type|T',
      'local|l',
      'all|a',
      'sync',
      'no-sync',
      ...outputFlag(args),
    ],
  );
  const missing = flags.words.find((path) => !tree.exists(path));
  if (missing !== undefined) return failed(`df: ${missing}: No such file or directory`);
  const all = fileSystems(tree, extra).filter(
    ({ type }) => !flags.values('exclude-type').includes(type) && (flags.value('type') ?? type) === type,
  );
  const asked = flags.words.map(
    (path) =>
      all.find(({ target }) => target !== '/' && path.startsWith(`${target}`)) ?? all.find(({ target }) => target === '/'),
  );
  const chosen = flags.words.length > 0 ? asked.filter((fs) => fs !== undefined) : all;
  if (chosen.length === 0) return failed('df: no file systems processed');
  const fields = columns(args, flags.has('inodes'), flags.has('print-type'));
  const size = sizes(
    flags.has('human-readable') || flags.has('si') ? 'human' : flags.has('m') ? 'M' : (flags.value('block-size') ?? 'K'),
  );
  const heading = (name: string) =>
    name === 'size'
      ? size.heading
      : name === 'avail' && !args.some((arg) => arg.startsWith('--output'))
        ? 'Available'
        : (FIELDS[name]?.[0] ?? '');
  return ok(
    table(
      fields.map(heading),
      chosen.map((fs) => fields.map((name) => FIELDS[name]?.[1](fs, size.print) ?? '')),
    ),
  );
}

/** `--output` takes its value only with `=`, so it can't be read like the others. */
const outputFlag = (args: string[]) => (args.some((arg) => arg.startsWith('--output')) ? ['output'] : []);

function columns(args: string[], inodes: boolean, type: boolean): string[] {
  const output = args.find((arg) => arg.startsWith('--output'));
  const named = output?.split('=')[1]?.split(',');
  const unknown = named?.find((name) => !(name in FIELDS));
  if (unknown !== undefined) throw new UsageError(`df: option --output: field ‘${unknown}’ unknown`);
  if (named) return named;
  if (output) return Object.keys(FIELDS);
  const kind = type ? ['fstype'] : [];
  return inodes
    ? ['source', ...kind, 'itotal', 'iused', 'iavail', 'ipcent', 'target']
    : ['source', ...kind, 'size', 'used', 'avail', 'pcent', 'target'];
}

function sizes(unit: string): { heading: string; print: (bytes: number) => string } {
  if (unit === 'human') return { heading: 'Size', print: human };
  const factors: Record<string, number> = {
    '1': 1,
    K: 1024,
    '1K': 1024,
    '1k': 1024,
    '1024': 1024,
    M: MiB,
    '1M': MiB,
    G: GiB,
    '1G': GiB,
  };
  const factor = factors[unit];
  if (factor === undefined) throw new UsageError(`df: invalid -B argument '${unit}'`);
  const suffix = /^[MG]$/.test(unit) ? unit : '';
  const heading = { 1: '1B-blocks', 1024: '1K-blocks', [MiB]: '1M-blocks', [GiB]: '1G-blocks' }[factor] ?? '';
  return { heading, print: (bytes) => `${Math.ceil(bytes / factor)}${suffix}` };
}

function human(bytes: number): string {
  const units = ['', 'K', 'M', 'G', 'T'];
  let [value, unit] = [bytes, 0];
  while (value >= 1024) [value, unit] = [value / 1024, unit + 1];
  return `${value < 10 && unit > 0 ? Math.ceil(value * 10) / 10 : Math.ceil(value)}${units[unit]}`;
}
