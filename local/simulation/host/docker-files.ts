import { existsSync, readdirSync } from 'node:fs';
import type { DockerEngine } from '../docker/engine.ts';
import type { ServiceKey } from '../docker/services.ts';
import { pidOf } from '../docker/views.ts';
import { memoryFiles } from './memory.ts';
import { type HostTree, MiB } from './tree.ts';

const DOCKER = '/var/lib/docker';

/**
 * Makes the files under `/var/lib/docker` and `/proc/<pid>` agree with what Docker has: the disk's use is counted from
 * files alone, so what an image or a volume takes is a file, too.
 */
export function syncDockerFiles(tree: HostTree, engine: DockerEngine): void {
  const { images, volumes, buildCache, containers } = engine.state;
  const now = engine.now();
  keep(
    tree,
    `${DOCKER}/overlay2`,
    images.map(({ id, bytes }) => [id.replace('sha256:', ''), 'layer', bytes]),
    now,
  );
  keep(
    tree,
    `${DOCKER}/buildkit/content`,
    buildCache.map(({ id, bytes }) => [id, 'blob', bytes]),
    now,
  );
  keep(
    tree,
    `${DOCKER}/volumes`,
    volumes.map(({ name, bytes }) => [name, '_data/content', bytes]),
    now,
  );
  keep(
    tree,
    `${DOCKER}/containers`,
    containers.map(({ id }) => [id, `${id}-json.log`, 40 * MiB]),
    now,
  );
  processes(tree, engine);
  memoryFiles(tree, engine);
}

/** One folder for each thing that exists, holding a file of its size; folders of what is gone are removed. */
function keep(tree: HostTree, folder: string, wanted: [string, string, number][], now: number): void {
  const names = new Set(wanted.map(([name]) => name));
  if (existsSync(tree.real(folder)))
    for (const name of readdirSync(tree.real(folder))) if (!names.has(name)) tree.remove(`${folder}/${name}`);
  for (const [name, file, bytes] of wanted)
    if (!tree.exists(`${folder}/${name}`)) tree.sized(`${folder}/${name}/${file}`, bytes, now);
}

/** `/proc/<pid>/fd` of the containers that run: the log that each holds open, and what is deleted and still held. */
function processes(tree: HostTree, engine: DockerEngine): void {
  const { settings } = engine.parts;
  const [nginxLogs = '', backendLogs = nginxLogs] = settings.logFolders;
  const open: Partial<Record<ServiceKey, string>> = { nginx: `${nginxLogs}/access.log`, backend: `${backendLogs}/app.log` };
  const pids = new Set<string>();
  for (const container of engine.state.containers) {
    if (container.state !== 'running') continue;
    const pid = String(pidOf(container));
    pids.add(pid);
    const { key, command } = engine.spec(container);
    tree.text(`/proc/${pid}/comm`, `${command[0]}\n`, engine.now());
    const log = open[key];
    if (log !== undefined) tree.link(`/proc/${pid}/fd/5`, tree.real(log));
  }
  for (const pid of tree.processes()) if (!pids.has(pid)) tree.remove(`/proc/${pid}`);
}

/** Lets a running container hold a deleted file open; @returns whether it could */
export function holdOpen(tree: HostTree, engine: DockerEngine, key: 'backend' | 'nginx', path: string, bytes: number): boolean {
  const container = engine.of(key);
  if (container?.state !== 'running') return false;
  tree.link(`/proc/${pidOf(container)}/fd/9`, tree.hold(path, bytes, engine.now()));
  return true;
}

/** Frees the deleted files that no process holds any more. */
export function releaseHeld(tree: HostTree): void {
  const held = tree.processes().some((pid) => tree.exists(`/proc/${pid}/fd/9`));
  if (!held) tree.releaseAll();
}
