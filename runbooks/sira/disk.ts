/** What `disk-usage` finds, as far as the decisions of SIRA's disk runbook need it. */
interface Disk {
  filesystems: { mount: string; freePercent: number }[];
}
interface Wanted {
  mount: string;
  freeAtLeast: number;
}

/** The filesystem in question: the one asked for, or the fullest where that one is not short. */
function judged(disk: Disk, { mount, freeAtLeast }: Wanted) {
  const asked = disk.filesystems.find((filesystem) => filesystem.mount === mount);
  const fullest = disk.filesystems.toSorted((a, b) => a.freePercent - b.freePercent)[0];
  return asked && asked.freePercent < freeAtLeast ? asked : (fullest ?? asked);
}

/** Whether there is room: on the filesystem that was asked about, and on every other. */
export function enough(disk: Disk, wanted: Wanted): boolean {
  const filesystem = judged(disk, wanted);
  return filesystem !== undefined && filesystem.freePercent >= wanted.freeAtLeast;
}

/** How much is free, in a sentence: `/ has 8.7 % free`. */
export function free(disk: Disk, wanted: Wanted): string {
  const filesystem = judged(disk, wanted);
  return filesystem ? `${filesystem.mount} has ${filesystem.freePercent} % free` : `there is no filesystem at ${wanted.mount}`;
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
