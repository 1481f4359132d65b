import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../until.ts';
import type { Engine } from './engine.ts';
import { call, PATH } from './shell.ts';

/** The world that it is in has nobody else at it, and it is none that a connection could be given. */
const PORT = 5_000;
const START_MS = 60_000;
const LONG_AGO = '2024-05-04T03:02:01Z';

/** A registry on this machine: an image that it has can be had again. Its files lie outside of the small disk. */
export interface Registry {
  /** Makes an image that is years old and holds so many megabytes, and pushes it. @returns its id */
  oldImage(name: string, megabytes: number): Promise<string>;
  stop(): void;
}

export async function startRegistry(work: string, engine: Engine): Promise<Registry> {
  const folder = join(work, 'registry');
  mkdirSync(folder);
  const configuration = {
    version: 0.1,
    storage: { filesystem: { rootdirectory: folder } },
    http: { addr: `127.0.0.1:${PORT}` },
    log: { level: 'error' },
  };
  writeFileSync(join(work, 'registry.yml'), JSON.stringify(configuration));
  const child: ChildProcess = spawn('docker-registry', ['serve', join(work, 'registry.yml')], {
    stdio: 'ignore',
    env: { PATH, OTEL_TRACES_EXPORTER: 'none' },
  });
  const answers = () =>
    fetch(`http://127.0.0.1:${PORT}/v2/`)
      .then(({ ok }) => ok)
      .catch(() => false);
  await until('the registry answers', answers, START_MS);
  return {
    oldImage: async (name, megabytes) => {
      const tag = `127.0.0.1:${PORT}/${name}`;
      await load(work, engine, tag, megabytes);
      await engine.docker(['push', tag]);
      return await engine.docker(['image', 'inspect', '--format', '{{.Id}}', tag]);
    },
    stop: () => child.kill('SIGTERM'),
  };
}

/** From an archive as `docker save` writes it: only so can an image be older than this minute. */
async function load(work: string, engine: Engine, tag: string, megabytes: number): Promise<void> {
  const folder = join(work, 'old-image');
  mkdirSync(join(folder, 'files'), { recursive: true });
  await call('dd', [
    'if=/dev/zero',
    `of=${join(folder, 'files', tag.replaceAll(/\W/g, '-'))}`,
    'bs=1M',
    `count=${megabytes}`,
    'status=none',
  ]);
  await call('tar', ['-C', join(folder, 'files'), '-cf', join(folder, 'layer.tar'), '.']);
  const digest = (await call('sha256sum', [join(folder, 'layer.tar')])).split(' ')[0];
  const configuration = {
    architecture: 'amd64',
    os: 'linux',
    created: LONG_AGO,
    config: { Cmd: ['true'] },
    rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
    history: [{ created: LONG_AGO, created_by: 'a build of long ago' }],
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(configuration));
  writeFileSync(
    join(folder, 'manifest.json'),
    JSON.stringify([{ Config: 'config.json', RepoTags: [tag], Layers: ['layer.tar'] }]),
  );
  await call('tar', ['-C', folder, '-cf', join(work, 'old-image.tar'), 'config.json', 'manifest.json', 'layer.tar']);
  await engine.docker(['load', '--input', join(work, 'old-image.tar')]);
  await call('rm', ['-rf', folder, join(work, 'old-image.tar')]);
}
