import { closeSync, mkdirSync, openSync, statfsSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { call } from './shell.ts';

const MB = 1024 * 1024;

/** A small disk of its own: an ext4 file system in a file, mounted over a loop device. */
export interface Disk {
  /** Where it is mounted. */
  path: string;
  /** As df counts it: of what is not kept back for root. */
  freePercent(): number;
  /** Takes so much room in a file that nobody may delete that so many percent stay free. The file is given anew each time. */
  leave(freePercent: number): Promise<void>;
}

export async function mountDisk(work: string, megabytes: number): Promise<Disk> {
  const [file, path] = [join(work, 'disk.img'), join(work, 'disk')];
  closeSync(openSync(file, 'w'));
  truncateSync(file, megabytes * MB);
  await call('mkfs.ext4', ['-q', '-m', '1', file]);
  mkdirSync(path);
  await call('mount', ['-o', 'loop', file, path]);
  const ballast = join(path, 'customers.data');
  const sizes = () => {
    const { bsize, blocks, bfree, bavail } = statfsSync(path);
    return { free: bavail * bsize, all: (blocks - bfree + bavail) * bsize };
  };
  return {
    path,
    freePercent: () => (100 * sizes().free) / sizes().all,
    leave: async (freePercent) => {
      await call('rm', ['-f', ballast]);
      const { free, all } = sizes();
      const wanted = Math.floor((free - (freePercent / 100) * all) / MB);
      if (wanted <= 0) throw new Error(`the disk has only ${Math.round((100 * free) / all)} % free`);
      await call('fallocate', ['-l', `${wanted}M`, ballast]);
    },
  };
}
