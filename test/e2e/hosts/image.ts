import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { call } from './shell.ts';

/** What SIRA's containers are made of here. No image can be pulled, so it is one image of Debian's own packages. */
const PACKAGES = ['postgresql', 'nginx-light', 'busybox-static'];
/** Of no use in a container, and a third of its size. */
const LEFT_OUT = [
  './var/cache/apt',
  './var/lib/apt/lists',
  './var/lib/postgresql',
  './usr/share/doc',
  './usr/share/locale',
  './usr/share/man',
];
/** Without the compiler that PostgreSQL uses for large queries: it does without, when it is not there. */
const LEFT_OUT_FILES = ['*libLLVM*', '*llvmjit*', '*/bitcode/*', '*libz3*'];
const BUILD_MS = 600_000;

/**
 * The image's files as an archive for `docker import`: made with debootstrap when it is not in the cache.
 * @param work a folder in which it may be built
 */
export async function baseImage(work: string): Promise<string> {
  const suite = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'bookworm';
  const recipe = createHash('sha256')
    .update(JSON.stringify([suite, PACKAGES, LEFT_OUT, LEFT_OUT_FILES]))
    .digest('hex');
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'firebreak');
  const archive = join(folder, `hosts-image-${recipe.slice(0, 12)}.tar`);
  if (existsSync(archive)) return archive;
  const root = join(work, 'image');
  const began = performance.now();
  const words = ['--variant=minbase', `--include=${PACKAGES.join(',')}`, suite, root, await mirror()];
  await call('debootstrap', words, { withinMs: BUILD_MS, environment: proxies() });
  const [version = ''] = readdirSync(join(root, 'usr/lib/postgresql'));
  for (const tool of ['initdb', 'postgres', 'psql', 'pg_isready'])
    symlinkSync(`/usr/lib/postgresql/${version}/bin/${tool}`, join(root, 'usr/local/bin', tool));
  mkdirSync(folder, { recursive: true });
  const without = [...LEFT_OUT, ...LEFT_OUT_FILES].map((path) => `--exclude=${path}`);
  await call('tar', ['-C', root, '--one-file-system', ...without, '-cf', `${archive}.new`, '.']);
  renameSync(`${archive}.new`, archive);
  console.log(`the image of Debian's packages was made in ${Math.round((performance.now() - began) / 1_000)} s: ${archive}`);
  return archive;
}

/** Where this machine's own packages come from. */
async function mirror(): Promise<string> {
  const sites = await call('apt-get', ['indextargets', '--format', '$(SITE)', 'Created-By: Packages']).catch(() => '');
  return sites.split('\n').find((site) => /\/debian\/?$/.test(site)) ?? 'http://deb.debian.org/debian';
}

function proxies(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (/^(https?|no)_proxy$/i.test(name) && value ? [[name, value]] : [])),
  );
}
