import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Disk, mountDisk } from './disk.ts';
import { type Engine, engine } from './engine.ts';
import { call } from './shell.ts';

/** Room for the image, a database, and what fills the disk. */
const DISK_MB = 1_536;
const APP = join(import.meta.dirname, 'app');

/** A small disk with a Docker Engine on it, and the images of SIRA's containers. */
export interface Place {
  work: string;
  disk: Disk;
  engine: Engine;
}

/** @param archive the files of `firebreak-debian:1` */
export async function makePlace(work: string, archive: string): Promise<Place> {
  const disk = await mountDisk(work, DISK_MB);
  const root = join(disk.path, 'docker');
  mkdirSync(root);
  const own = engine(work, root);
  await own.start();
  await own.docker(['import', archive, 'firebreak-debian:1']);
  for (const release of ['1', '2']) await build(own, release);
  // The images stand on it; by itself it would be one that nothing uses.
  await own.docker(['image', 'rm', 'firebreak-debian:1']);
  return { work, disk, engine: own };
}

async function build({ docker }: Engine, release: string): Promise<void> {
  const words = ['build', '--quiet', '--build-arg', `RELEASE=${release}`, '--tag', `sira-app:${release}`, APP];
  await docker(words, { environment: { DOCKER_BUILDKIT: '0' } });
}

/** What is installed, for whoever reads what was tried. */
export async function versions({ docker }: Engine): Promise<string> {
  const engineVersion = await docker(['version', '--format', 'client {{.Client.Version}}, engine {{.Server.Version}}']);
  const debian = await call('cat', ['/etc/debian_version']);
  return `Debian ${debian}, Docker ${engineVersion}`;
}
