import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { deleteBackups } from '../../../runbooks/commands/delete-backups.ts';
import { deleteOldLogs } from '../../../runbooks/commands/delete-old-logs.ts';
import { deleteRotatedContainerLogs } from '../../../runbooks/commands/delete-rotated-container-logs.ts';
import { removeBuildCache } from '../../../runbooks/commands/remove-build-cache.ts';
import { removeDockerLeftovers } from '../../../runbooks/commands/remove-docker-leftovers.ts';
import { removeImages } from '../../../runbooks/commands/remove-images.ts';
import { restartAllServices } from '../../../runbooks/commands/restart-all-services.ts';
import { restartServices } from '../../../runbooks/commands/restart-services.ts';
import { runBackup } from '../../../runbooks/commands/run-backup.ts';
import { testRestore } from '../../../runbooks/commands/test-restore.ts';
import { stackOf } from '../../../runbooks/sira/stack.ts';
import { until } from '../until.ts';
import { databaseTryings } from './database-fixtures.ts';
import { call } from './shell.ts';
import type { Stage } from './stage.ts';
import type { Trying } from './trying.ts';

const SOON_MS = 60_000;

/** Every act of SIRA's two runbooks that deletes something. */
export function tryings(stage: Stage): Trying[] {
  return [
    oldLogs(stage),
    rotatedLogs(stage),
    backups(stage),
    images(stage),
    buildCache(stage),
    leftovers(stage),
    backup(stage),
    restoreTest(stage),
    ...databaseTryings(stage),
  ];
}

function oldLogs({ place, stack }: Stage): Trying {
  const [folder = ''] = stack.settings.logFolders;
  const parameters = { folders: stack.settings.logFolders, mount: place.disk.path, olderThanDays: 7 };
  return {
    cuts: 8,
    during: '-delete',
    prepare: async () => {
      for (let n = 0; n < 2_000; n++) file(join(folder, `access.log.${n}`), '', n < 10 ? 2 : 30);
      return deleteOldLogs(parameters);
    },
    state: async () => readdirSync(folder).sort(),
  };
}

function rotatedLogs({ place, stack }: Stage): Trying {
  const folder = async () => join(place.engine.root, 'containers', (await stack.container('backend')).id);
  return {
    cuts: 6,
    prepare: async () => {
      const [path, { id }] = [await folder(), await stack.container('backend')];
      for (const [n, days] of [2, 9, 30].entries()) file(join(path, `${id}-json.log.${n + 1}`), 'old', days);
      return deleteRotatedContainerLogs({});
    },
    // Docker writes its own files beside them, under a name that is soon another.
    state: async () =>
      readdirSync(await folder())
        .filter((name) => !name.startsWith('.tmp-'))
        .sort(),
  };
}

function backups({ stack }: Stage): Trying {
  const { folder, prefix } = stack.settings.backups;
  const name = (day: number) => `${prefix}${day}.sql.gz`;
  const days = [0, 1, 2, 5, 9, 10, 11, 40];
  return {
    cuts: 6,
    prepare: async () => {
      for (const day of days) file(join(folder, name(day)), gzipSync(`CREATE TABLE day_${day};`), day);
      return deleteBackups({ folder, prefix, names: days.filter((day) => day > 7).map(name), keepDays: 7 });
    },
    state: async () => readdirSync(folder).sort(),
  };
}

/** What there was before stays; each run leaves one more. */
function backup({ place, stack }: Stage): Trying {
  const { backups: own, containers } = stack.settings;
  return {
    cuts: 2,
    during: own.script,
    prepare: async () => {
      for (const name of readdirSync(own.folder)) rmSync(join(own.folder, name));
      file(join(own.folder, `${own.prefix}old.sql.gz`), gzipSync('-- PostgreSQL database dump complete'), 2);
      await place.engine.docker(['start', containers.backend, containers.db]);
      return runBackup({ ...own, container: containers.backend, lastBytes: 0 });
    },
    state: async () => readdirSync(own.folder).filter((name) => name.includes('old')),
    // What runs in the container goes on, and meanwhile another backup is refused.
    overAfterCut: () =>
      until('the backup has ended', async () => !(await call('ps', ['-eo', 'args='])).includes(own.script), SOON_MS).then(
        () => undefined,
      ),
  };
}

/** It leaves nothing: neither its container nor a volume. */
function restoreTest({ place, stack }: Stage): Trying {
  const { backups: own, containers, database } = stack.settings;
  const name = `${own.prefix}whole.sql.gz`;
  return {
    cuts: 1,
    during: 'load',
    prepare: async () => {
      const dump = 'CREATE TABLE t (n integer);\nCOPY t (n) FROM stdin;\n1\n\\.\n-- PostgreSQL database dump complete\n';
      file(join(own.folder, name), gzipSync(dump), 0);
      const from = { container: containers.db, user: database.user, database: database.name, folder: own.folder };
      return testRestore({ ...from, name, memoryMb: 256 });
    },
    state: async () => [
      ...(await lines(place.engine.docker(['ps', '--all', '--quiet', '--filter', 'label=firebreak.restore-test']))),
    ],
  };
}

function images(stage: Stage): Trying {
  const { docker } = stage.place.engine;
  let used: string | undefined;
  return {
    cuts: 5,
    during: 'image rm',
    prepare: async () => {
      const ids = [await tinyImage(stage, 'one'), await tinyImage(stage, 'two')];
      used ??= await tinyImage(stage, 'used');
      await docker(['create', '--name', 'somebodys', used, 'true']).catch(() => 'it is there');
      return removeImages({ ids: [...ids, used] });
    },
    state: () => lines(docker(['image', 'ls', '--quiet', '--no-trunc'])),
  };
}

function buildCache({ place }: Stage): Trying {
  const { docker } = place.engine;
  const cache = () =>
    docker(['system', 'df', '--verbose', '--format', '{{range .BuildCache}}{{.ID}} {{end}}']).catch((error: unknown) => {
      // Docker adds up for one who asks at a time, and a look may ask just now.
      if (String(error).includes('already running')) return undefined;
      throw error;
    });
  const cacheTold = async () => {
    const told = await cache();
    return told !== undefined && { ids: told.split(' ').filter(Boolean).sort() };
  };
  const ids = async () => (await until('Docker tells its cache', cacheTold, SOON_MS)).ids;
  return {
    cuts: 4,
    during: 'builder prune',
    prepare: async () => {
      const folder = join(place.work, 'build');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY a /a\nCOPY b /b\n');
      for (const name of ['a', 'b']) writeFileSync(join(folder, name), 'x'.repeat(100_000));
      await docker(['build', '--quiet', folder], { environment: { DOCKER_BUILDKIT: '1' } });
      const found = await ids();
      if (found.length === 0) throw new Error('the build has left no cache');
      return removeBuildCache({ ids: found });
    },
    state: ids,
  };
}

function leftovers(stage: Stage): Trying {
  const { docker } = stage.place.engine;
  return {
    cuts: 5,
    during: 'volume rm',
    prepare: async () => {
      const image = await tinyImage(stage, 'left');
      await docker(['rm', '--force', 'left-over']).catch(() => '');
      await docker(['create', '--name', 'left-over', image, 'true']);
      await docker(['volume', 'create', 'left-over']);
      return removeDockerLeftovers({ containers: ['left-over'], images: [image], volumes: ['left-over', 'sira_db_data'] });
    },
    state: async () => [
      ...(await lines(docker(['ps', '--all', '--quiet', '--no-trunc']))),
      ...(await lines(docker(['volume', 'ls', '--quiet']))),
      ...(await lines(docker(['image', 'ls', '--quiet', '--no-trunc']))),
    ],
  };
}

/** And those that restart. The backend is down at first. What a cut leaves of it is no worse; nothing else may be another container. */
export function restarts({ place, stack }: Stage): Trying[] {
  const { docker } = place.engine;
  const settings = { ...stackOf(stack.settings), stopTimeout: 10 };
  const prepare = async () => {
    await stack.compose(['start']);
    await docker(['kill', stack.settings.containers.backend]);
  };
  const format = '{{.ID}} {{.Names}} {{.Image}} {{.Label "com.docker.compose.config-hash"}} {{.State}}';
  const state = () => lines(docker(['ps', '--all', '--no-trunc', '--format', format]));
  const common = { state, cuts: 3, during: ' restart ' };
  return [
    { ...common, prepare: () => prepare().then(() => restartServices({ ...settings, services: ['backend'] })) },
    { ...common, prepare: () => prepare().then(() => restartAllServices(settings)) },
  ];
}

async function tinyImage({ place }: Stage, name: string): Promise<string> {
  const archive = join(place.work, 'tiny.tar');
  const content = join(place.work, 'tiny');
  rmSync(content, { recursive: true, force: true });
  mkdirSync(content);
  writeFileSync(join(content, name), 'x'.repeat(10_000));
  await call('tar', ['-C', content, '-cf', archive, '.']);
  return await place.engine.docker(['import', archive, `firebreak-${name}:1`]);
}

function file(path: string, text: string | Uint8Array, days: number): void {
  writeFileSync(path, text);
  const at = new Date(Date.now() - days * 86_400_000 - 60_000);
  utimesSync(path, at, at);
}

async function lines(text: Promise<string>): Promise<string[]> {
  return (await text).split('\n').filter(Boolean).sort();
}
