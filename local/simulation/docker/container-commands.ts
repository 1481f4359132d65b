import type { Erring } from '../error-pattern.ts';
import type { Container } from '../host/host-state.ts';
import type { ShimAnswer } from '../host/rpc.ts';
import { type Command, inspected } from './command.ts';
import type { DockerEngine } from './engine.ts';
import { failed, ok, readFlags, UsageError } from './flags.ts';
import { filtered, list, type Row } from './format.ts';
import { inspectImage } from './image-commands.ts';
import { logLines } from './logs.ts';
import { inspectContainer, inspectVolume, pidOf, psRow, statsRow } from './views.ts';

const noSuch = (name: string) => `Error response from daemon: No such container: ${name}`;

export const ps: Command = (engine, args) => {
  const flags = readFlags(args, ['filter|f', 'format', 'last|n'], ['all|a', 'quiet|q', 'no-trunc', 'size|s', 'latest|l']);
  const filters = flags.values('filter');
  const all = flags.has('all') || filters.some((filter) => filter.startsWith('status='));
  engine.settle();
  const chosen = filtered(engine.state.containers, filters, {
    status: (container, value) => container.state === value,
    name: (container, value) => new RegExp(value.replace('^/', '^')).test(container.name),
    id: (container, value) => container.id.startsWith(value),
    health: (container, value) => (engine.health(container) ?? 'none') === value,
    ancestor: (container, value) => container.image === value || container.imageId.includes(value),
    volume: (container, value) => Object.values(container.volumes).includes(value),
    label: (container, value) => {
      const labels = inspectContainer(engine, container).Config as { Labels: Record<string, string> };
      const [key = '', ...rest] = value.split('=');
      return rest.length > 0 ? labels.Labels[key] === rest.join('=') : key in labels.Labels;
    },
  }).filter(({ state }) => all || state === 'running');
  const rows = chosen.map((container) => psRow(engine, container, flags.has('no-trunc')));
  if (flags.has('quiet')) return ok(rows.map((row) => row.ID).join('\n'));
  const columns = {
    'CONTAINER ID': 'ID',
    IMAGE: 'Image',
    COMMAND: 'Command',
    CREATED: 'RunningFor',
    STATUS: 'Status',
    PORTS: 'Ports',
    NAMES: 'Names',
  };
  return ok(list(rows, flags.value('format'), columns));
};

/** `docker inspect`: containers, then images, then volumes of the names given, as the daemon looks for them. */
export const inspect: Command = (engine, args) => {
  const flags = readFlags(args, ['format|f', 'type'], ['size|s']);
  if (flags.words.length === 0) throw new UsageError('"docker inspect" requires at least 1 argument.');
  const type = flags.value('type');
  const found: Row[] = [];
  const missing: string[] = [];
  for (const name of flags.words) {
    const container = type === undefined || type === 'container' ? engine.find(name) : undefined;
    const image = type === undefined || type === 'image' ? inspectImage(engine, name) : undefined;
    const volume = type === undefined || type === 'volume' ? engine.state.volumes.find((v) => v.name === name) : undefined;
    const one = container ? inspectContainer(engine, container) : (image ?? (volume && inspectVolume(volume)));
    if (one) found.push(one);
    else
      missing.push(
        type === undefined ? `Error: No such object: ${name}` : `Error response from daemon: No such ${type}: ${name}`,
      );
  }
  return inspected(found, missing, flags.value('format'));
};

export const logs =
  (erring: () => Erring[]): Command =>
  (engine, args) => {
    const flags = readFlags(args, ['tail|n', 'since', 'until'], ['timestamps|t', 'details', 'follow|f']);
    if (flags.has('follow')) throw new UsageError('following logs is not simulated');
    const [name] = flags.words;
    const container = name === undefined ? undefined : engine.find(name);
    if (!container) return failed(noSuch(name ?? ''));
    const since = flags.value('since');
    const from = since === undefined ? 0 : instant(since, engine.now());
    const tail = flags.value('tail');
    const lines = logLines(engine, container, erring()).filter(({ at }) => Date.parse(at) >= from);
    const kept = tail === undefined || tail === 'all' ? lines : Number(tail) === 0 ? [] : lines.slice(-Number(tail));
    const inOrder: NonNullable<ShimAnswer['inOrder']> = [];
    for (const { at, stream, text } of kept) {
      const line = `${flags.has('timestamps') ? `${at} ` : ''}${text}\n`;
      const last = inOrder.at(-1);
      if (last?.stream === stream) last.text += line;
      else inOrder.push({ stream, text: line });
    }
    const all = (wanted: string) =>
      inOrder
        .filter(({ stream }) => stream === wanted)
        .map(({ text }) => text)
        .join('');
    return { exitCode: 0, stdout: all('stdout'), stderr: all('stderr'), inOrder };
  };

/** `5m`, `1h30m`, Unix seconds or an RFC 3339 time, as `--since` takes them; milliseconds. */
export function instant(text: string, now: number): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000;
  const units: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1_000 };
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([hms])/g)];
  if (parts.length > 0 && parts.map(([part]) => part).join('') === text)
    return now - parts.reduce((sum, [, number, unit = '']) => sum + Number(number) * (units[unit] ?? 0), 0);
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new UsageError(`invalid value for "since": failed to parse value as time or duration: "${text}"`);
  return at;
}

export const stats: Command = (engine, args) => {
  const flags = readFlags(args, ['format'], ['no-stream', 'all|a', 'no-trunc']);
  if (!flags.has('no-stream')) throw new UsageError('streaming statistics are not simulated: use --no-stream');
  const chosen = flags.words.length > 0 ? flags.words.map((name) => engine.find(name) ?? name) : engine.state.containers;
  const unknown = chosen.find((one) => typeof one === 'string');
  if (unknown !== undefined) return failed(noSuch(unknown));
  engine.settle();
  const rows = chosen
    .filter((one): one is Container => typeof one !== 'string')
    .filter(({ state }) => state === 'running' || flags.has('all') || flags.words.length > 0)
    .map((container) => statsRow(engine, container, flags.has('no-trunc')));
  const columns = {
    'CONTAINER ID': 'ID',
    NAME: 'Name',
    'CPU %': 'CPUPerc',
    'MEM USAGE / LIMIT': 'MemUsage',
    'MEM %': 'MemPerc',
    'NET I/O': 'NetIO',
    'BLOCK I/O': 'BlockIO',
    PIDS: 'PIDs',
  };
  return ok(list(rows, flags.value('format'), columns));
};

/** `docker start|stop|restart|kill`: prints the names given, as Docker does, and goes on after one that is not there. */
export const lifecycle =
  (act: (engine: DockerEngine, container: Container) => void): Command =>
  (engine, args) => {
    const flags = readFlags(args, ['time|t|timeout', 'signal|s'], []);
    if (flags.words.length === 0) throw new UsageError('requires at least 1 argument.');
    const answer = { exitCode: 0, stdout: '', stderr: '' };
    for (const name of flags.words) {
      const container = engine.find(name);
      if (container) {
        act(engine, container);
        answer.stdout += `${name}\n`;
      } else Object.assign(answer, { exitCode: 1, stderr: `${answer.stderr}${noSuch(name)}\n` });
    }
    return answer;
  };

export const restarted = (engine: DockerEngine, container: Container): void => {
  engine.stop(container);
  engine.start(container);
};

export const remove: Command = (engine, args) => {
  const flags = readFlags(args, [], ['force|f', 'volumes|v', 'link|l']);
  const answer = { exitCode: 0, stdout: '', stderr: '' };
  for (const name of flags.words) {
    const container = engine.find(name);
    const running = container?.state === 'running' && !flags.has('force');
    if (!container || running) {
      answer.exitCode = 1;
      answer.stderr += container
        ? `Error response from daemon: cannot remove container "/${container.name}": container is running: stop the container before removing or force remove\n`
        : `${noSuch(name)}\n`;
      continue;
    }
    engine.end(container, 137);
    engine.remove(container);
    answer.stdout += `${name}\n`;
  }
  return answer;
};

/** `docker top <container> -eo pid,ppid,comm`: its first process, and its workers or children. */
export const top: Command = (engine, [name = '', ...words]) => {
  const container = engine.find(name);
  if (!container) return failed(noSuch(name));
  if (container.state !== 'running') return failed(`Error response from daemon: container ${container.id} is not running`);
  if (words.join(' ') !== '-eo pid,ppid,comm') throw new UsageError('docker top is simulated with -eo pid,ppid,comm alone');
  const command = engine.command(container);
  const workers = Number(command[command.indexOf('--workers') + 1]) || engine.spec(container).processes - 1;
  const first = pidOf(container);
  const rows = Array.from({ length: workers + 1 }, (_, at) => `${first + at} ${at === 0 ? 1 : first} ${command[0]}`);
  return ok(['PID PPID COMMAND', ...rows].join('\n'));
};
