import type { BuildCache, Volume } from '../host/host-state.ts';
import { type Command, inspected } from './command.ts';
import { instant } from './container-commands.ts';
import type { DockerEngine } from './engine.ts';
import { failed, ok, readFlags, UsageError } from './flags.ts';
import { filtered, humanBytes, list, type Row, spokenAge, table } from './format.ts';
import { imageRows, usedBy } from './image-commands.ts';
import { render } from './templates.ts';
import { inspectVolume, psRow } from './views.ts';

const usersOf = (engine: DockerEngine, volume: Volume) =>
  engine.state.containers.filter(({ volumes }) => Object.values(volumes).includes(volume.name));

export const volumes: Command = (engine, args) => {
  const flags = readFlags(args, ['filter|f', 'format'], ['quiet|q', 'cluster']);
  const chosen = filtered(engine.state.volumes, flags.values('filter'), {
    dangling: (volume, value) => (usersOf(engine, volume).length === 0) === (value === 'true' || value === '1'),
    name: (volume, value) => volume.name.includes(value),
    driver: (_, value) => value === 'local',
    label: (volume, value) => {
      const [key = '', ...rest] = value.split('=');
      return rest.length > 0 ? volume.labels[key] === rest.join('=') : key in volume.labels;
    },
  });
  if (flags.has('quiet')) return ok(chosen.map(({ name }) => name).join('\n'));
  return ok(
    list(
      chosen.map((volume) => volumeRow(engine, volume, false)),
      flags.value('format'),
      { DRIVER: 'Driver', 'VOLUME NAME': 'Name' },
    ),
  );
};

function volumeRow(engine: DockerEngine, volume: Volume, measured: boolean): Row {
  return {
    Availability: 'N/A',
    Driver: 'local',
    Group: 'N/A',
    Labels: Object.entries(volume.labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
    Links: measured ? String(usersOf(engine, volume).length) : 'N/A',
    Mountpoint: `/var/lib/docker/volumes/${volume.name}/_data`,
    Name: volume.name,
    Scope: 'local',
    Size: measured ? humanBytes(volume.bytes) : 'N/A',
    Status: 'N/A',
  };
}

export const volumeInspect: Command = (engine, args) => {
  const flags = readFlags(args, ['format|f'], []);
  const looked = flags.words.map((name) => [name, engine.state.volumes.find((volume) => volume.name === name)] as const);
  const missing = looked
    .filter(([, volume]) => !volume)
    .map(([name]) => `Error response from daemon: get ${name}: no such volume`);
  return inspected(
    looked.flatMap(([, volume]) => (volume ? [inspectVolume(volume)] : [])),
    missing,
    flags.value('format'),
  );
};

export const volumeRemove: Command = (engine, args) => {
  const flags = readFlags(args, [], ['force|f']);
  const answer = { exitCode: 0, stdout: '', stderr: '' };
  for (const name of flags.words) {
    const volume = engine.state.volumes.find((one) => one.name === name);
    const user = volume && usersOf(engine, volume)[0];
    if (!volume || user) {
      if (!volume && flags.has('force')) continue;
      answer.exitCode = 1;
      answer.stderr += user
        ? `Error response from daemon: remove ${name}: volume is in use - [${user.id}]\n`
        : `Error response from daemon: get ${name}: no such volume\n`;
      continue;
    }
    engine.state.volumes = engine.state.volumes.filter((one) => one !== volume);
    engine.parts.changed();
    answer.stdout += `${name}\n`;
  }
  return flags.words.length > 0 ? answer : failed('"docker volume rm" requires at least 1 argument.');
};

export const systemDf: Command = (engine, args) => {
  const flags = readFlags(args, ['format'], ['verbose|v']);
  const { images, containers, volumes: stored, buildCache } = engine.state;
  engine.settle();
  const sum = (list: { bytes: number }[]) => list.reduce((total, { bytes }) => total + bytes, 0);
  const freeImages = images.filter((image) => usedBy(engine, image).length === 0);
  const freeVolumes = stored.filter((volume) => usersOf(engine, volume).length === 0);
  if (flags.has('verbose')) return ok(verbose(engine, flags.value('format')));
  const row = (Type: string, total: number, active: number, size: number, free: number): Row => ({
    Type,
    TotalCount: String(total),
    Active: String(active),
    Size: humanBytes(size),
    Reclaimable:
      Type === 'Build Cache' ? humanBytes(free) : `${humanBytes(free)} (${size === 0 ? 0 : Math.floor((free / size) * 100)}%)`,
  });
  const rows = [
    row('Images', images.length, images.length - freeImages.length, sum(images), sum(freeImages)),
    row('Containers', containers.length, containers.filter(({ state }) => state === 'running').length, 0, 0),
    row('Local Volumes', stored.length, stored.length - freeVolumes.length, sum(stored), sum(freeVolumes)),
    row('Build Cache', buildCache.length, 0, sum(buildCache), sum(buildCache)),
  ];
  return ok(
    list(rows, flags.value('format'), {
      TYPE: 'Type',
      TOTAL: 'TotalCount',
      ACTIVE: 'Active',
      SIZE: 'Size',
      RECLAIMABLE: 'Reclaimable',
    }),
  );
};

function verbose(engine: DockerEngine, format: string | undefined): string {
  const { images, containers, volumes: stored, buildCache } = engine.state;
  const all = {
    Images: images.flatMap((image) =>
      imageRows(engine, image, true).map((row) => ({ ...row, SharedSize: '0B', UniqueSize: humanBytes(image.bytes) })),
    ),
    Containers: containers.map((container) => psRow(engine, container, true)),
    Volumes: stored.map((volume) => volumeRow(engine, volume, true)),
    BuildCache: buildCache.map((entry) => cacheRow(engine, entry)),
  };
  if (format !== undefined) return format === 'json' ? JSON.stringify(all) : render(format, all);
  const section = (title: string, columns: Record<string, string>, rows: Row[]) =>
    `${title}\n\n${list(rows, undefined, columns)}\n`;
  return [
    section(
      'Images space usage:',
      { REPOSITORY: 'Repository', TAG: 'Tag', 'IMAGE ID': 'ID', SIZE: 'Size', CONTAINERS: 'Containers' },
      all.Images,
    ),
    section(
      'Containers space usage:',
      { 'CONTAINER ID': 'ID', IMAGE: 'Image', SIZE: 'Size', STATUS: 'Status', NAMES: 'Names' },
      all.Containers,
    ),
    section('Local Volumes space usage:', { 'VOLUME NAME': 'Name', LINKS: 'Links', SIZE: 'Size' }, all.Volumes),
    section(
      'Build cache usage:',
      {
        'CACHE ID': 'ID',
        'CACHE TYPE': 'CacheType',
        SIZE: 'Size',
        CREATED: 'CreatedSince',
        'LAST USED': 'LastUsedSince',
        SHARED: 'Shared',
      },
      all.BuildCache,
    ),
  ].join('\n');
}

function cacheRow(engine: DockerEngine, entry: BuildCache): Row {
  const ago = (at: string) => `${spokenAge(engine.now() - Date.parse(at))} ago`;
  return {
    CacheType: entry.type,
    CreatedAt: entry.createdAt,
    CreatedSince: ago(entry.createdAt),
    Description: entry.description,
    ID: entry.id,
    InUse: 'false',
    LastUsedAt: entry.lastUsedAt,
    LastUsedSince: ago(entry.lastUsedAt),
    Parent: '',
    Shared: 'false',
    Size: humanBytes(entry.bytes),
    UsageCount: '1',
  };
}

const CACHE_TESTS = (engine: DockerEngine) => ({
  id: (entry: BuildCache, value: string) => entry.id.startsWith(value) || new RegExp(value.replace(/^~=/, '')).test(entry.id),
  type: (entry: BuildCache, value: string) => entry.type === value,
  until: (entry: BuildCache, value: string) => Date.parse(entry.lastUsedAt) < instant(value, engine.now()),
  unused: (entry: BuildCache, value: string) => Date.parse(entry.lastUsedAt) < instant(value, engine.now()),
});

export const builderPrune: Command = (engine, args) => {
  const flags = readFlags(
    args,
    ['filter', 'keep-storage', 'reserved-space', 'max-used-space', 'builder'],
    ['force|f', 'all|a', 'verbose'],
  );
  if (!flags.has('force')) throw new UsageError('the prompt before pruning is not simulated: use --force');
  const gone = filtered(engine.state.buildCache, flags.values('filter'), CACHE_TESTS(engine));
  engine.state.buildCache = engine.state.buildCache.filter((entry) => !gone.includes(entry));
  if (gone.length > 0) engine.parts.changed();
  const freed = gone.reduce((total, { bytes }) => total + bytes, 0);
  return ok(
    `${table(
      ['ID', 'RECLAIMABLE', 'SIZE', 'LAST ACCESSED'],
      gone.map(({ id, bytes }) => [id, 'true', humanBytes(bytes), '']),
    )}\nTotal:\t${humanBytes(freed)}`,
  );
};

export const buildxDu: Command = (engine, args) => {
  const flags = readFlags(args, ['filter', 'format', 'builder'], ['verbose']);
  const entries = filtered(engine.state.buildCache, flags.values('filter'), CACHE_TESTS(engine));
  const total = humanBytes(entries.reduce((sum, { bytes }) => sum + bytes, 0));
  const ago = (at: string) => `${spokenAge(engine.now() - Date.parse(at))} ago`;
  if (flags.value('format') !== undefined) {
    const rows = entries.map(({ id, bytes, type, description, createdAt, lastUsedAt }) => ({
      ...{ ID: id, Reclaimable: true, Size: humanBytes(bytes), LastUsedAt: ago(lastUsedAt), CreatedAt: createdAt, Type: type },
      ...{ Description: description, Shared: false, Mutable: false, UsageCount: 1, Parents: null },
    }));
    return ok(list(rows, flags.value('format'), {}));
  }
  if (flags.has('verbose')) {
    const blocks = entries.map(
      (entry) =>
        `ID:\t\t${entry.id}\nCreated at:\t${entry.createdAt}\nMutable:\tfalse\nReclaimable:\ttrue\nShared:\t\tfalse\nSize:\t\t${humanBytes(entry.bytes)}\nDescription:\t${entry.description}\nUsage count:\t1\nLast used:\t${ago(entry.lastUsedAt)}\nType:\t\t${entry.type}\n`,
    );
    return ok(`${blocks.join('\n')}\nReclaimable:\t${total}\nTotal:\t\t${total}`);
  }
  const rows = entries.map(({ id, bytes, lastUsedAt }) => [id, 'true', humanBytes(bytes), ago(lastUsedAt)]);
  return ok(`${table(['ID', 'RECLAIMABLE', 'SIZE', 'LAST ACCESSED'], rows)}\nReclaimable:\t${total}\nTotal:\t\t${total}`);
};
