/** What `disk-usage` finds, as far as the decisions of SIRA's disk runbook need it. */
interface Disk {
  filesystems: { mount: string; freePercent: number; inodesUsedPercent: number }[];
}
interface Wanted {
  mount: string;
  freeAtLeast: number;
}

/** Above this a disk is full for whoever wants to make a file, however much room it has. */
const INODES_FULL_PERCENT = 95;

/** Only the filesystem in question: deleting on one gives another no room. */
const judged = (disk: Disk, { mount }: Wanted) => disk.filesystems.find((filesystem) => filesystem.mount === mount);

/** Whether there is room, for bytes and for files. A filesystem that is not there has none. */
export function enough(disk: Disk, wanted: Wanted): boolean {
  const filesystem = judged(disk, wanted);
  return (
    filesystem !== undefined && filesystem.freePercent >= wanted.freeAtLeast && filesystem.inodesUsedPercent < INODES_FULL_PERCENT
  );
}

/** How much is free, in a sentence: `/ has 8.7 % free`. */
export function free(disk: Disk, wanted: Wanted): string {
  const filesystem = judged(disk, wanted);
  if (!filesystem) return `there is no filesystem at ${wanted.mount}`;
  const { mount, freePercent, inodesUsedPercent } = filesystem;
  return `${mount} has ${freePercent} % free${inodesUsedPercent >= INODES_FULL_PERCENT ? `, and ${inodesUsedPercent} % of its inodes are used` : ''}`;
}

/** Whether a folder lies on a mount: the longest mount that its path begins with is the one. */
export function liesOn(disk: Disk, folder: string, mount: string): boolean {
  const holding = disk.filesystems
    .map((filesystem) => filesystem.mount)
    .filter((candidate) => folder === candidate || folder.startsWith(candidate.endsWith('/') ? candidate : `${candidate}/`))
    .sort((a, b) => b.length - a.length)[0];
  return holding === mount;
}

/** As a person says it: `18,400 MB`. */
export function megabytes(mb: number): string {
  return `${Math.round(mb).toLocaleString('en-US')} MB`;
}

/** Which filesystems are fuller than they may be, in a sentence; `undefined` when none is. No filesystem at all is no good news. */
export function filling(disk: Disk, { usedAtMost }: { usedAtMost: number }): string | undefined {
  if (disk.filesystems.length === 0) return 'no filesystem was found';
  const full = disk.filesystems.filter(
    ({ freePercent, inodesUsedPercent }) => 100 - freePercent > usedAtMost || inodesUsedPercent > usedAtMost,
  );
  if (full.length === 0) return undefined;
  const said = full.map(({ mount, freePercent, inodesUsedPercent }) =>
    [
      `${mount} is ${(100 - freePercent).toFixed(1)} % full`,
      ...(inodesUsedPercent > usedAtMost ? [`${inodesUsedPercent} % of its inodes are used`] : []),
    ].join(', and '),
  );
  return `${said.join('; ')}: over ${usedAtMost} %`;
}
