import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { call } from './shell.ts';

/** The Debian whose package docker-compose is the plug-in `docker compose`. Before, it is docker-compose 1. */
const SUITE = 'trixie';
const KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg';
const FETCH_MS = 300_000;

/**
 * A home folder in which Docker finds Compose as a plug-in, from Debian's own package. Kept in the cache.
 * @param work a folder for what apt needs beside its own
 */
export async function homeWithPlugin(work: string): Promise<string> {
  const home = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'firebreak', `compose-plugin-${SUITE}`);
  const plugin = join(home, '.docker/cli-plugins/docker-compose');
  if (existsSync(plugin)) return home;
  const apt = mkdtempSync(join(work, 'apt-'));
  for (const folder of ['lists/partial', 'cache/archives/partial', 'package']) mkdirSync(join(apt, folder), { recursive: true });
  writeFileSync(join(apt, 'sources.list'), `deb [signed-by=${KEYS}] http://deb.debian.org/debian ${SUITE} main\n`);
  writeFileSync(join(apt, 'status'), '');
  const options = [
    `Dir::Etc::sourcelist=${join(apt, 'sources.list')}`,
    'Dir::Etc::sourceparts=/dev/null',
    `Dir::State::lists=${join(apt, 'lists')}`,
    `Dir::State::status=${join(apt, 'status')}`,
    `Dir::Cache=${join(apt, 'cache')}`,
    'APT::Sandbox::User=root',
  ];
  const words = options.flatMap((option) => ['-o', option]);
  await call('apt-get', [...words, 'update', '-qq'], { withinMs: FETCH_MS });
  await call('apt-get', [...words, 'download', 'docker-compose'], { cwd: apt, withinMs: FETCH_MS });
  const archive = readdirSync(apt).find((name) => name.endsWith('.deb'));
  if (!archive) throw new Error(`apt-get has downloaded no docker-compose of ${SUITE}`);
  await call('dpkg-deb', ['-x', join(apt, archive), join(apt, 'package')]);
  mkdirSync(dirname(plugin), { recursive: true });
  await call('cp', [join(apt, 'package/usr/libexec/docker/cli-plugins/docker-compose'), `${plugin}.new`]);
  renameSync(`${plugin}.new`, plugin);
  return home;
}
