import { accessSync, chmodSync, constants, copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Tools that never open a path of their own: safe as they are. */
const PLAIN = [
  ...['bash', 'tr', 'seq', 'expr', 'basename', 'dirname', 'true', 'false', 'env', 'xargs', 'id', 'printf', 'echo', 'numfmt'],
  ...['nohup', 'nice'],
];

/** Tools whose arguments are paths. */
const FILES = [
  ...['cat', 'gzip', 'gunzip', 'zcat', 'mkdir', 'rmdir', 'cp', 'truncate', 'chmod', 'chown', 'mktemp', 'cut', 'head', 'tail'],
  ...['sort', 'uniq', 'paste', 'tee', 'tac', 'comm', 'diff', 'cmp', 'nl', 'od', 'cksum', 'base64', 'sync', 'flock', 'install'],
  ...['fold', 'join', 'split', 'fallocate'],
];

/** Tools whose arguments are paths and that print them. */
const FILES_NAMED = ['du', 'stat', 'ls', 'rm', 'mv', 'ln', 'readlink', 'realpath', 'md5sum', 'sha256sum', 'wc'];

/** Tools that speak of a link itself, so its last component is not followed. */
const LINKS = ['stat', 'ls', 'rm', 'mv', 'ln', 'readlink', 'du'];

/** Tools whose first word is a program or a pattern, and may begin with a slash. */
const PROGRAM_FIRST = ['awk', 'sed', 'grep', 'egrep', 'fgrep'];

/** Tools that the simulation itself answers. */
export const SIMULATED = [
  ...['docker', 'docker-compose', 'df', 'free', 'nproc', 'iostat', 'curl', 'psql', 'certbot', 'openssl', 'systemctl', 'ps'],
  ...['uptime', 'hostname', 'sleep', 'logger'],
  ...['dmesg', 'aws'],
];

/** Wrappers of their own. `timeout` stays in the foreground, so that the run's process group holds everything. */
const OWN: Record<string, string> = {
  find: 'fb_find "$@"',
  touch: 'fb_touch "$@"',
  date: 'fb_date "$@"',
  // The big files of a simulated host are holes: their apparent size is what they would take.
  du: 'fb_files du links named --apparent-size "$@"',
  timeout: 'exec "$FB_TOOLS/timeout" --foreground "$@"',
  sh: 'exec "$FB_TOOLS/bash" "$@"',
  sudo: 'exec "$@"',
};

export interface BinFolder {
  /** The host's folder on this machine, which holds `root/` and `held/`. */
  home: string;
  port: number;
  token: string;
}

/**
 * Makes the only folder on a script's PATH: links to harmless text tools, wrappers that keep file tools inside the
 * sandbox, and shims that ask the simulation.
 *
 * What it leaves out: a path spelt out inside an awk program, a redirection, or `[[ -e ]]` still reaches this machine.
 * It keeps honest scripts apart from the machine they are tried on; it is no prison for hostile ones.
 *
 * @returns the file for BASH_ENV
 * @throws {Error} when this machine lacks a tool that the wrappers need
 */
export function makeBinFolder({ home, port, token }: BinFolder): string {
  const [bin, tools] = [join(home, 'bin'), join(home, 'tools')];
  for (const folder of [bin, tools]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  for (const name of ['shims.bash', 'wrappers.bash', 'prelude.bash'])
    copyFileSync(new URL(name, import.meta.url), join(home, name));
  for (const name of new Set([...PLAIN, ...FILES, ...FILES_NAMED, ...PROGRAM_FIRST, 'timeout', 'date', 'find', 'touch']))
    symlinkSync(realTool(name), join(tools, name));
  for (const name of PLAIN) symlinkSync(realTool(name), join(bin, name));

  const begin = beginning({ home, port, token }, tools);
  const wrappers = `${begin}\n. ${quoted(join(home, 'wrappers.bash'))}`;
  for (const [name, body] of Object.entries(bodies())) {
    writeFileSync(join(bin, name), `#!${realTool('bash')} -p\n${wrappers}\n${body}\n`);
    chmodSync(join(bin, name), 0o700);
  }
  const env = join(home, 'bash-env.bash');
  writeFileSync(env, `${begin}\n. ${quoted(join(home, 'prelude.bash'))}\n`, { mode: 0o600 });
  return env;
}

function bodies(): Record<string, string> {
  const links = (name: string) => (LINKS.includes(name) ? 'links' : "''");
  return {
    ...Object.fromEntries(FILES.map((name) => [name, `fb_files ${name} ${links(name)} '' "$@"`])),
    ...Object.fromEntries(FILES_NAMED.map((name) => [name, `fb_files ${name} ${links(name)} named "$@"`])),
    ...Object.fromEntries(PROGRAM_FIRST.map((name) => [name, `fb_program_first ${name} "$@"`])),
    ...Object.fromEntries(SIMULATED.map((name) => [name, `fb_call ${name} "$@"`])),
    ...OWN,
    docker: 'fb_docker "$@"',
    curl: 'fb_curl "$@"',
    openssl: 'fb_openssl "$@"',
  };
}

function beginning({ home, port, token }: BinFolder, tools: string): string {
  const settings = {
    FB_ROOT: join(home, 'root'),
    FB_HELD: join(home, 'held'),
    FB_TOOLS: tools,
    FB_TOKEN: token,
    FB_PORT: `${port}`,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${quoted(value)}`);
  return [...lines, `. ${quoted(join(home, 'shims.bash'))}`].join('\n');
}

function realTool(name: string): string {
  for (const folder of ['/usr/bin', '/bin', '/usr/local/bin', ...(process.env.PATH ?? '').split(':')]) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // Not in this folder; the next may have it.
    }
  }
  throw new Error(`the simulated host needs the tool "${name}" on this machine; install the GNU tools`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
