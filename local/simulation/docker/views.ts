import type { Container, Volume } from '../host/host-state.ts';
import type { DockerEngine } from './engine.ts';
import { binaryBytes, listTime, type Row, spokenAge } from './format.ts';
import { slowest } from './load.ts';
import { shortId } from './logs.ts';
import { containerMemory } from './memory.ts';
import type { ServiceSpec } from './services.ts';

/** The labels that Compose gives its containers; resources are found by them. */
export function composeLabels(engine: DockerEngine, container: Container): Record<string, string> {
  const { settings } = engine.parts;
  return {
    'com.docker.compose.config-hash': container.configHash,
    'com.docker.compose.container-number': '1',
    'com.docker.compose.oneoff': 'False',
    'com.docker.compose.project': settings.composeProject,
    'com.docker.compose.project.config_files': `${settings.projectDir}/${settings.composeFile}`,
    'com.docker.compose.project.working_dir': settings.projectDir,
    'com.docker.compose.service': container.service,
    'com.docker.compose.version': '2.29.7',
  };
}

/** One container as `docker inspect` prints it: the fields that operators look at. */
export function inspectContainer(engine: DockerEngine, container: Container): Row {
  const spec = engine.spec(container);
  const health = engine.health(container);
  const running = container.state === 'running';
  return {
    Id: container.id,
    Created: container.createdAt,
    Path: engine.command(container)[0] ?? '',
    Args: engine.command(container).slice(1),
    State: {
      Status: container.state,
      Running: running,
      Paused: false,
      Restarting: false,
      OOMKilled: container.oomKilled,
      Dead: false,
      Pid: running ? pidOf(container) : 0,
      ExitCode: container.exitCode,
      Error: '',
      StartedAt: container.startedAt,
      FinishedAt: container.finishedAt ?? '0001-01-01T00:00:00Z',
      // Docker leaves it out of its JSON where there is none, and its templates take it for null.
      Health: health === undefined ? undefined : { Status: health, FailingStreak: health === 'unhealthy' ? 3 : 0, Log: [] },
    },
    Image: container.imageId,
    LogPath: `/var/lib/docker/containers/${container.id}/${container.id}-json.log`,
    Name: `/${container.name}`,
    RestartCount: container.restartCount,
    Driver: 'overlay2',
    HostConfig: {
      LogConfig: { Type: 'json-file', Config: { 'max-file': '3', 'max-size': '50m' } },
      NetworkMode: `${engine.parts.settings.composeProject}_default`,
      RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 5 },
      Memory: spec.memoryLimitBytes,
      NanoCpus: 0,
      Binds: Object.entries(spec.binds).map(([path, source]) => `${source}:${path}`),
    },
    Mounts: mounts(container, spec.binds),
    Config: {
      Hostname: shortId(container.id),
      Image: container.image,
      Cmd: engine.command(container),
      Env: ['TZ=UTC'],
      Labels: composeLabels(engine, container),
      ...(spec.healthcheck ? { Healthcheck: { Test: spec.healthcheck, Interval: 10_000_000_000, Retries: 3 } } : {}),
    },
    NetworkSettings: {
      Networks: { [`${engine.parts.settings.composeProject}_default`]: { IPAddress: running ? '172.18.0.5' : '' } },
    },
  };
}

function mounts(container: Container, binds: Record<string, string>): Row[] {
  const volumes = Object.entries(container.volumes).map(([path, name]) => ({
    Type: 'volume',
    Name: name,
    Source: `/var/lib/docker/volumes/${name}/_data`,
    Destination: path,
    Driver: 'local',
    RW: true,
  }));
  const bound = Object.entries(binds).map(([path, source]) => ({ Type: 'bind', Source: source, Destination: path, RW: true }));
  return [...volumes, ...bound];
}

/** One container as `docker ps` tells of it. */
export function psRow(engine: DockerEngine, container: Container, whole: boolean): Row {
  const spec = engine.spec(container);
  const ports = container.state === 'running' ? spec.published.map((port) => `0.0.0.0:${port}->${port}/tcp`) : [];
  const names = Object.values(container.volumes);
  return {
    Command: `"${spec.command.join(' ').slice(0, 20)}…"`,
    CreatedAt: listTime(container.createdAt),
    ID: whole ? container.id : shortId(container.id),
    Image: container.image,
    Labels: Object.entries(composeLabels(engine, container))
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
    LocalVolumes: String(names.length),
    Mounts: names.join(','),
    Names: container.name,
    Networks: `${engine.parts.settings.composeProject}_default`,
    Ports: ports.join(', ') || (container.state === 'running' ? `${spec.port}/tcp` : ''),
    RunningFor: `${spokenAge(engine.now() - Date.parse(container.createdAt))} ago`,
    Size: '0B',
    State: container.state,
    Status: status(engine, container),
  };
}

/** `Up 3 hours (healthy)`, `Exited (137) 6 minutes ago`. */
export function status(engine: DockerEngine, container: Container): string {
  if (container.state === 'created') return 'Created';
  if (container.state === 'exited')
    return `Exited (${container.exitCode}) ${spokenAge(engine.now() - Date.parse(container.finishedAt ?? container.createdAt))} ago`;
  const health = engine.health(container);
  const suffix = health === undefined ? '' : health === 'starting' ? ' (health: starting)' : ` (${health})`;
  return `Up ${spokenAge(engine.now() - Date.parse(container.startedAt))}${suffix}`;
}

const cpuPercent = (engine: DockerEngine, { key, cpuPercent }: ServiceSpec) =>
  (key === 'backend' ? slowest(engine).cpuPercent : undefined) ?? cpuPercent;

/** One container as `docker stats --no-stream` measures it. */
export function statsRow(engine: DockerEngine, container: Container, whole: boolean): Row {
  const spec = engine.spec(container);
  const running = container.state === 'running';
  const memory = containerMemory(engine, container);
  return {
    BlockIO: running ? '41.2MB / 812MB' : '0B / 0B',
    CPUPerc: `${(running ? cpuPercent(engine, spec) : 0).toFixed(2)}%`,
    Container: shortId(container.id),
    ID: whole ? container.id : shortId(container.id),
    MemPerc: `${((memory / spec.memoryLimitBytes) * 100).toFixed(2)}%`,
    MemUsage: `${binaryBytes(memory)} / ${binaryBytes(spec.memoryLimitBytes)}`,
    Name: container.name,
    NetIO: running ? '1.21GB / 3.4GB' : '0B / 0B',
    PIDs: String(running ? spec.processes : 0),
  };
}

/** One volume as `docker volume inspect` prints it. */
export function inspectVolume(volume: Volume): Row {
  return {
    CreatedAt: volume.createdAt,
    Driver: 'local',
    Labels: Object.keys(volume.labels).length > 0 ? volume.labels : null,
    Mountpoint: `/var/lib/docker/volumes/${volume.name}/_data`,
    Name: volume.name,
    Options: null,
    Scope: 'local',
  };
}

/** The process id of the container's first process; another one after each start. */
export function pidOf(container: Container): number {
  return 2_000 + ((Number.parseInt(container.id.slice(0, 6), 16) + Math.floor(Date.parse(container.startedAt) / 1_000)) % 28_000);
}
