import type { DockerEngine } from '../docker/engine.ts';
import { failed, ok } from '../docker/flags.ts';
import { slowest } from '../docker/load.ts';
import { containerMemory } from '../docker/memory.ts';
import { pidOf } from '../docker/views.ts';
import { lateBackup } from './backup-job.ts';
import type { ShimAnswer, ShimCall } from './rpc.ts';
import type { Machine } from './tool.ts';
import type { HostTree } from './tree.ts';

const TOTAL_KB = 8_127_996;
/** The system itself: its programs, and what the kernel keeps for itself. */
const SYSTEM_KB = 1_200_000;
const CACHE_KB = 2_400_000;
/** When the host was started, in seconds since 1970: `btime` of `/proc/stat`. */
const BOOTED = Date.parse('2024-01-01T00:00:00Z') / 1_000;

export interface Process {
  pid: number;
  user: string;
  rssKb: number;
  name: string;
  /** What stands on its command line. */
  line: string;
  /** Since it was started; for long, if not said. */
  seconds?: number;
  /** The id of the container that it runs in. */
  container?: string;
}

/** Programs that a fault starts on the host, or in a container beside its own. */
const STARTED: Record<string, { name: string; user: string; kb: number; line: string; inside?: 'backend' } | undefined> = {
  'memory-outside': { name: 'java', user: 'ada', kb: 5_200_000, line: 'java -Dtoken=not-for-anybody -jar import.jar' },
  'memory-build': { name: 'buildkitd', user: 'root', kb: 5_100_000, line: 'buildkitd --config /etc/buildkit.toml' },
  'memory-dump': { name: 'pg_dump', user: 'root', kb: 410_000, line: 'pg_dump -h db -U postgres sira', inside: 'backend' },
};

/** Everything that runs, the largest first. Of a container only its first process is shown, and what a fault has started in it. */
export function processesOf(engine: DockerEngine): Process[] {
  const own: Process[] = [
    { pid: 1, user: 'root', rssKb: 12_800, name: 'systemd', line: '/usr/lib/systemd/systemd' },
    { pid: 812, user: 'root', rssKb: 78_400, name: 'dockerd', line: '/usr/bin/dockerd' },
  ];
  const started = Object.keys(engine.state.faults).flatMap((id, at): Process[] => {
    const program = STARTED[id];
    if (!program) return [];
    const container = program.inside && engine.of(program.inside);
    if (program.inside && (container?.state !== 'running' || container.startedAt >= (engine.state.faults[id]?.since ?? '')))
      return [];
    const { name, user, kb, line } = program;
    return [{ pid: 40_000 + at, user, rssKb: kb, name, line, ...(container && { container: container.id }) }];
  });
  const contained = engine.state.containers
    .filter(({ state }) => state === 'running')
    .map((container): Process => {
      const spec = engine.spec(container);
      const theirs = started.filter((process) => process.container === container.id).reduce((sum, { rssKb }) => sum + rssKb, 0);
      const rssKb = Math.round(containerMemory(engine, container) / 1_024) - theirs;
      const user = spec.key === 'db' ? 'postgres' : 'root';
      const name = spec.key === 'db' ? 'postgres' : (spec.command[0] ?? '');
      return { pid: pidOf(container), user, rssKb, name, line: spec.command.join(' '), container: container.id };
    });
  const late = lateBackup(engine);
  const { script } = engine.parts.settings.backups;
  if (late !== undefined)
    own.push({
      pid: 31_337,
      user: 'root',
      rssKb: 3_600,
      name: script.split('/').at(-1) ?? script,
      line: `/bin/bash ${script}`,
      seconds: late,
    });
  return [...own, ...started, ...contained].sort((a, b) => b.rssKb - a.rssKb);
}

export interface HostMemory {
  totalKb: number;
  usedKb: number;
  cacheKb: number;
  availableKb: number;
}

export function hostMemory(engine: DockerEngine): HostMemory {
  const programs = processesOf(engine).reduce((sum, { rssKb }) => sum + rssKb, SYSTEM_KB);
  const usedKb = Math.min(programs, TOTAL_KB - 160_000);
  const most = TOTAL_KB - usedKb - 120_000;
  const cacheKb = 'memory-cache' in engine.state.faults ? most : Math.min(CACHE_KB, most);
  return { totalKb: TOTAL_KB, usedKb, cacheKb, availableKb: TOTAL_KB - usedKb - 20_000 };
}

/**
 * As the monitoring sees it; with `memory-cache` it is a simple one that takes the cache for use.
 * @param down while the API is down APIDown tells of it, and what was killed raises nothing of its own
 */
export function memoryAlarm(engine: DockerEngine, down: boolean): { value: number; reason: string } {
  const { totalKb, usedKb, cacheKb, availableKb } = hostMemory(engine);
  const used = 'memory-cache' in engine.state.faults ? usedKb + cacheKb : totalKb - availableKb;
  const percent = (100 * used) / totalKb;
  const host = { value: percent, reason: `${percent.toFixed(1)} % of the memory is used` };
  const containers = engine.state.containers.map((container) => {
    if (container.state !== 'running' && container.oomKilled && !down)
      return { value: 100, reason: `${container.name} was killed for want of memory` };
    const value = (100 * containerMemory(engine, container)) / engine.spec(container).memoryLimitBytes;
    return { value, reason: `${container.name} uses ${value.toFixed(1)} % of its limit` };
  });
  return [host, ...containers].reduce((worst, one) => (one.value > worst.value ? one : worst));
}

export const free = ({ engine }: Machine, { args }: ShimCall): ShimAnswer => {
  const unit = args.includes('-m') ? 1_024 : args.includes('-b') ? 1 / 1_024 : 1;
  const shown = (kb: number) => (args.includes('-h') ? `${(kb / 1_048_576).toFixed(1)}Gi` : String(Math.round(kb / unit)));
  const row = (name: string, values: number[]) => name.padEnd(8) + values.map((kb) => shown(kb).padStart(12)).join('');
  const { totalKb, usedKb, cacheKb, availableKb } = hostMemory(engine);
  const headings = ['total', 'used', 'free', 'shared', 'buff/cache', 'available'].map((heading) => heading.padStart(12)).join('');
  return ok(
    [
      ' '.repeat(8) + headings,
      row('Mem:', [totalKb, usedKb, totalKb - usedKb - cacheKb, 9_112, cacheKb, availableKb]),
      row('Swap:', [2_097_148, 0, 2_097_148]),
    ].join('\n'),
  );
};

/** `ps aux`, and `ps -eo` with columns that have no headings (`rss=`, `user:32=`); in both `--sort` is by memory, as is the list. */
export const ps = ({ engine }: Machine, { args }: ShimCall): ShimAnswer => {
  const all = processesOf(engine);
  const at = args.findIndex((arg) => arg === '-eo' || arg === '-o');
  if (at < 0) {
    const lines = all.map(
      ({ user, pid, rssKb, line }) =>
        `${user.padEnd(9)}${pid} 0.4 ${((100 * rssKb) / TOTAL_KB).toFixed(1)} ${rssKb * 2} ${rssKb} ?   Ssl  Sep01 9:12 ${line}`,
    );
    return ok(['USER  PID %CPU %MEM    VSZ   RSS TTY STAT START TIME COMMAND', ...lines].join('\n'));
  }
  const columns = (args[at + 1] ?? '').split(',').map((column) => column.replace(/(:\d+)?=?$/, ''));
  const cell = ({ pid, user, rssKb, name, line, seconds = 2_851_200 }: Process): Record<string, string | number> => ({
    ...{ pid, user, rss: rssKb, comm: name, args: line, cmd: line, etimes: seconds },
    pmem: ((100 * rssKb) / TOTAL_KB).toFixed(1),
  });
  const unknown = columns.find((column) => !(column in cell({ pid: 0, user: '', rssKb: 0, name: '', line: '' })));
  if (unknown !== undefined) return failed(`error: unknown user-defined format specifier "${unknown}"`);
  return ok(all.map((process) => columns.map((column) => cell(process)[column]).join(' ')).join('\n'));
};

/** The kernel's log: whom it has killed for want of memory. */
export const dmesg = ({ engine }: Machine): ShimAnswer => {
  const killed = engine.state.containers.filter(({ oomKilled }) => oomKilled);
  const lines = killed.map((container) => {
    const since = Date.parse(container.finishedAt ?? container.createdAt) / 1_000 - BOOTED;
    const name = engine.spec(container).command[0];
    return `[${since.toFixed(6)}] Memory cgroup out of memory: Killed process ${pidOf(container)} (${name}) total-vm:1048576kB, anon-rss:520000kB`;
  });
  return ok(lines.join('\n'));
};

/** What `/proc` says of all this. */
export function memoryFiles(tree: HostTree, engine: DockerEngine): void {
  const now = engine.now();
  tree.text('/proc/stat', `btime ${BOOTED}\n`, now);
  const { load = 0.42, waiting = 0 } = slowest(engine);
  tree.text('/proc/loadavg', `${load} 0.38 0.35 2/311 48213\n`, now);
  const backend = engine.state.containers.find(({ service }) => service === engine.parts.settings.services.backend);
  if (backend?.state === 'running') tree.text(`/proc/${pidOf(backend)}/net/tcp`, listening(waiting), now);
  tree.text('/proc/vmstat', `oom_kill ${engine.state.containers.filter(({ oomKilled }) => oomKilled).length}\n`, now);
  for (const { pid, name, container } of processesOf(engine)) {
    if (container === undefined) continue;
    tree.text(`/proc/${pid}/comm`, `${name}\n`, now);
    tree.text(`/proc/${pid}/cgroup`, `0::/system.slice/docker-${container}.scope\n`, now);
  }
}

/** The socket on which the backend listens, as the kernel shows it: what waits to be accepted is in its receive queue. */
const listening = (waiting: number) =>
  [
    '  sl  local_address rem_address   st tx_queue:rx_queue tr tm->when retrnsmt   uid  timeout inode',
    `   0: 00000000:1F40 00000000:0000 0A 00000000:${waiting.toString(16).toUpperCase().padStart(8, '0')} 00:00000000 00000000 0 0 4711`,
    '',
  ].join('\n');
