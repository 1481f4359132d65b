import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What is built together from published modules, at the versions that go.mod beside this file pins. kwok has a go.mod of its own. */
export const BUILT = {
  apiserver: 'k8s.io/kubernetes/cmd/kube-apiserver',
  controllerManager: 'k8s.io/kubernetes/cmd/kube-controller-manager',
  scheduler: 'k8s.io/kubernetes/cmd/kube-scheduler',
  metricsServer: 'sigs.k8s.io/metrics-server/cmd/metrics-server',
} as const;

/** All that it is built from. */
const SOURCES = ['go.mod', 'go.sum', 'kwok/go.mod', 'kwok/go.sum', 'kwok/exit-code.patch', 'build.sh'];

/** The module whose version the programs of Kubernetes must name, since they were not built from its repository. */
export const KUBERNETES = 'k8s.io/kubernetes';

export const MODULE_FOLDER = import.meta.dirname;

/**
 * Where the built programs lie: outside the checkout, and under a name that changes with what they are built from, so that
 * nobody runs yesterday's version.
 */
export function cacheFolder(): string {
  const hash = createHash('sha256').update(JSON.stringify(BUILT));
  for (const file of SOURCES) hash.update(readFileSync(join(MODULE_FOLDER, file)));
  return join(cacheRoot(), `cluster-${hash.digest('hex').slice(0, 16)}`);
}

/** Outside the checkout: what is built once serves every clone. */
export const cacheRoot = (): string => join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'firebreak');

/** The version of a module as go.mod requires it, such as `v1.34.4`. */
export function pinned(module: string, goMod = readFileSync(join(MODULE_FOLDER, 'go.mod'), 'utf8')): string {
  const line = goMod.split('\n').find((text) => text.trim().startsWith(`${module} v`));
  const version = line?.trim().split(' ')[1];
  if (version === undefined) throw new Error(`go.mod requires no ${module}`);
  return version;
}

/** @param how it is had, such as `apt-get install etcd-server` @throws {Error} saying so */
export function installed(program: string, how: string): string {
  const found = (process.env.PATH ?? '')
    .split(':')
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error(`there is no ${program}: ${how}`);
  return found;
}
