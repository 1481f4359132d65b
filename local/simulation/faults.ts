import { iso } from '../../functions/incident/clock.ts';
import { type Crash, type DockerEngine, sha256 } from './docker/engine.ts';
import type { ServiceKey } from './docker/services.ts';
import type { FaultKind, Ground } from './fault-kind.ts';
import { backupsFaults } from './faults/backups.ts';
import { certificateFaults } from './faults/certificate.ts';
import { databaseFaults } from './faults/database.ts';
import { diskFaults } from './faults/disk.ts';
import { kill, revive } from './faults/ended.ts';
import { errorsFaults } from './faults/errors.ts';
import { loadFaults } from './faults/load.ts';
import { holdOpen, syncDockerFiles } from './host/docker-files.ts';
import { day, GiB, MiB } from './host/tree.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

const DATABASE_URL = 'DATABASE_URL';
const BROKEN: { service: ServiceKey } & Crash = {
  service: 'backend',
  afterSeconds: 3,
  exitCode: 1,
  lines: [
    'Traceback (most recent call last):',
    '  File "/app/app/main.py", line 18, in <module>',
    '    settings = Settings()',
    `pydantic_core.ValidationError: 1 validation error for Settings: ${DATABASE_URL}: Field required (wrong configuration)`,
  ],
};

function addImages({ engine, tree }: Ground): void {
  const now = engine.now();
  const image = (repository: string, tag: string, bytes: number, pulled: boolean, ageDays: number) => {
    const id = sha256(`${repository}:${tag}`);
    if (engine.state.images.some((one) => one.id === `sha256:${id}`)) return;
    engine.state.images.push({
      id: `sha256:${id}`,
      tags: [`${repository}:${tag}`],
      digests: pulled ? [`${repository}@sha256:${sha256(`digest ${id}`)}`] : [],
      createdAt: iso(new Date(now - ageDays * DAY)),
      bytes: Math.round(bytes),
    });
  };
  for (let minor = 4; minor <= 12; minor += 1)
    image('registry.yourdomain.com/sira/backend', `1.${minor}.0`, 1.4 * GiB, true, 150 - minor * 10);
  image('sira/migration-tool', 'local', 1.2 * GiB, false, 120);
  for (let at = 0; at < 6; at += 1)
    engine.state.buildCache.push({
      id: sha256(`cache ${at}`).slice(0, 25),
      type: 'regular',
      description: `[backend ${at + 2}/8] RUN pip install -r requirements.txt`,
      bytes: GiB,
      createdAt: iso(new Date(now - (40 - at) * DAY)),
      lastUsedAt: iso(new Date(now - (30 - at) * DAY)),
    });
  syncDockerFiles(tree, engine);
}

const FAULT_VOLUMES = [
  'sira_search_index_old',
  'sira_uploads_2025',
  'sira_import_scratch',
  sha256('anonymous volume of an old container'),
];

function logFiles(engine: DockerEngine): { path: string; at: number; bytes: number }[] {
  const now = engine.now();
  const { logFolders } = engine.parts.settings;
  return logFolders.flatMap((folder, which) =>
    Array.from({ length: 30 }, (_, n) => {
      const at = now - (10 + n) * DAY;
      return {
        path: `${folder}/${which === 0 ? 'access' : 'app'}-${day(at)}.log`,
        at,
        bytes: (18 * GiB) / (30 * logFolders.length),
      };
    }),
  );
}

/** Docker's log of a container, before the number that rotation adds. */
const rotated = (id: string) => `/var/lib/docker/containers/${id}/${id}-json.log`;

/** Everything that can be switched on. Each fault alone makes its own alarm fire, and all can be on together. */
export const FAULT_KINDS: FaultKind[] = [
  {
    id: 'backend-down',
    title: 'The backend was killed and stayed down; a restart brings it back',
    on: (ground) => kill(ground, 'backend', 6 * MINUTE, 137, true),
    off: (ground) => revive(ground, 'backend'),
  },
  {
    id: 'backend-broken',
    title: 'The backend ends seconds after each start: wrong configuration, a restart does not help',
    crash: BROKEN,
    on: (ground) => {
      const container = ground.engine.of('backend');
      const at = ground.engine.now() - 4 * MINUTE;
      if (container?.state === 'running')
        for (const text of BROKEN.lines) ground.engine.say(container, { at: iso(new Date(at)), stream: 'stderr', text });
      kill(ground, 'backend', 4 * MINUTE, BROKEN.exitCode, false);
    },
    off: (ground) => revive(ground, 'backend'),
  },
  {
    id: 'nginx-down',
    title: 'nginx has ended: nothing answers any more',
    on: (ground) => kill(ground, 'nginx', 3 * MINUTE, 1, false),
    off: (ground) => revive(ground, 'nginx'),
  },
  {
    id: 'stack-hung',
    title: 'Everything runs and nothing answers: only a restart of all services helps',
    hung: true,
    on: () => undefined,
    off: () => undefined,
  },
  {
    id: 'high-error-rate',
    title: 'Every sixth answer of the backend is a 500: its database connections are used up; a restart frees them',
    erring: 6,
    on: () => undefined,
    off: () => undefined,
  },
  {
    id: 'disk-full-logs',
    title: 'Old logs fill the disk: 18 GiB older than a week, and backups past their time',
    on: ({ engine, tree }) => {
      for (const { path, at, bytes } of logFiles(engine)) tree.sized(path, bytes, at);
      const { logFolders, backups } = engine.parts.settings;
      for (const folder of logFolders)
        tree.sized(`${folder}/burst-${day(engine.now() - 2 * DAY)}.log`, 300 * MiB, engine.now() - 2 * DAY);
      for (const { id } of engine.state.containers) tree.sized(`${rotated(id)}.2`, 120 * MiB, engine.now() - 20 * DAY);
      for (let age = 10; age < 22; age += 1) {
        const at = engine.now() - age * DAY;
        tree.backup(`${backups.folder}/${backups.prefix}${day(at)}.sql.gz`, 2 * MiB, at);
      }
    },
    off: ({ engine, tree }) => {
      const { logFolders, backups } = engine.parts.settings;
      for (const { id } of engine.state.containers) tree.remove(`${rotated(id)}.2`);
      tree.removeOlder([...logFolders, backups.folder], engine.now() - 9 * DAY);
      for (const folder of logFolders) tree.removeOlder([folder], Number.POSITIVE_INFINITY, /^burst-/);
    },
  },
  {
    id: 'disk-full-images',
    title: 'Images that nothing uses, and build cache, fill the disk',
    on: addImages,
    off: ({ engine, tree }) => {
      engine.state.images = engine.state.images.filter(
        ({ tags }) => !tags.some((tag) => /backend:1\.\d+\.0$|migration-tool/.test(tag)),
      );
      engine.state.buildCache = engine.state.buildCache.filter(({ bytes }) => bytes < GiB);
      syncDockerFiles(tree, engine);
    },
  },
  {
    id: 'disk-full-volumes',
    title: 'Volumes that no container uses fill the disk: only removing them frees enough',
    on: ({ engine, tree }) => {
      for (const name of FAULT_VOLUMES) {
        const anonymous: Record<string, string> = /^[0-9a-f]{64}$/.test(name) ? { 'com.docker.volume.anonymous': '' } : {};
        const createdAt = iso(new Date(engine.now() - 200 * DAY));
        if (!engine.state.volumes.some((volume) => volume.name === name))
          engine.state.volumes.push({ name, createdAt, labels: anonymous, bytes: 5 * GiB });
      }
      syncDockerFiles(tree, engine);
    },
    off: ({ engine, tree }) => {
      engine.state.volumes = engine.state.volumes.filter(({ name }) => !FAULT_VOLUMES.includes(name));
      syncDockerFiles(tree, engine);
    },
  },
  {
    id: 'disk-full-held',
    title: 'A deleted log of 20 GiB is still held open by the backend; a restart of the backend frees it',
    on: ({ engine, tree }) =>
      void holdOpen(tree, engine, 'backend', `${engine.parts.settings.logFolders.at(-1)}/debug.log`, 20 * GiB),
    off: ({ tree }) => tree.releaseAll(),
  },
  {
    id: 'host-unreachable',
    title: 'The host does not answer: no command reaches it, and neither do users',
    unreachable: true,
    on: () => undefined,
    off: () => undefined,
  },
  {
    id: 'deploy-running',
    title: 'A deployment is under way: its marker lies there, and the backend has a new configuration',
    on: ({ engine, tree }) => {
      const { settings } = engine.parts;
      engine.state.revisions[settings.services.backend] = (engine.state.revisions[settings.services.backend] ?? 1) + 1;
      tree.text(`${settings.projectDir}/.deploying`, `${iso(new Date(engine.now()))}\n`, engine.now());
    },
    off: ({ engine, tree }) => {
      tree.remove(`${engine.parts.settings.projectDir}/.deploying`);
      // The deployment has come to its end: what runs is what the file says.
      for (const container of engine.state.containers) container.configHash = engine.configHash(engine.spec(container));
    },
  },
  ...diskFaults,
  ...databaseFaults,
  ...loadFaults,
  ...certificateFaults,
  ...errorsFaults,
  ...backupsFaults,
];
