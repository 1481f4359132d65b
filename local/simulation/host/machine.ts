import type { SiraSettings } from '../../../runbooks/sira/system.ts';
import type { DockerEngine } from '../docker/engine.ts';
import { failed, ok, readFlags } from '../docker/flags.ts';
import { lateBackup } from './backup-job.ts';
import type { ShimAnswer, ShimCall } from './rpc.ts';
import type { HostTree } from './tree.ts';

export interface Machine {
  hostname: string;
  settings: SiraSettings;
  /** What runs on it, with the faults that are on. */
  engine: DockerEngine;
  tree: HostTree;
  /** What an HTTP request from the host itself is answered; status 0 when nobody answers. */
  answer(url: string): { status: number; body: string };
  now(): number;
}

type Tool = (machine: Machine, call: ShimCall) => ShimAnswer;

/** `curl`, for a look at a URL: -s -S -f -o -w -m -I -L -k -H -X and their long forms. Nothing leaves this process. */
const curl: Tool = (machine, { args }) => {
  const valued = [
    'output|o',
    'write-out|w',
    'max-time|m',
    'connect-timeout',
    'header|H',
    'request|X',
    'user-agent|A',
    'retry',
    'resolve',
    'max-redirs',
    'proto',
  ];
  const switches = [
    'silent|s',
    'show-error|S',
    'fail|f',
    'head|I',
    'location|L',
    'insecure|k',
    'include|i',
    'globoff|g',
    'disable|q',
    'fail-with-body',
  ];
  const flags = readFlags(args, valued, switches);
  const [url = ''] = flags.words;
  const { status, body } = machine.answer(url);
  const written = flags
    .value('write-out')
    ?.replaceAll('\\n', '\n')
    .replace(/%\{(\w+)\}/g, (_, name: string) => {
      const known: Record<string, string> = {
        http_code: String(status).padStart(3, '0'),
        response_code: String(status).padStart(3, '0'),
        time_total: '0.042',
        errormsg: status === 0 ? 'Connection refused' : '',
        exitcode: status === 0 ? '7' : '0',
      };
      return known[name] ?? '';
    });
  const shown = flags.has('output') || status === 0 ? '' : body;
  const host = URL.canParse(url) ? new URL(url).host : url;
  const quiet = flags.has('silent') && !flags.has('show-error');
  if (status === 0)
    return {
      exitCode: 7,
      stdout: written ?? '',
      stderr: quiet ? '' : `curl: (7) Failed to connect to ${host}: Connection refused\n`,
    };
  if (flags.has('fail') && status >= 400)
    return {
      exitCode: 22,
      stdout: written ?? '',
      stderr: quiet ? '' : `curl: (22) The requested URL returned error: ${status}\n`,
    };
  return { exitCode: 0, stdout: `${shown}${written ?? ''}`, stderr: '' };
};

const MEMORY_KB = { total: 8_127_996, used: 2_514_220, free: 1_210_432, available: 5_302_112 };

const free: Tool = (_, { args }) => {
  const unit = args.includes('-m') ? 1_024 : args.includes('-b') ? 1 / 1_024 : 1;
  const shown = (kb: number) => (args.includes('-h') ? `${(kb / 1_048_576).toFixed(1)}Gi` : String(Math.round(kb / unit)));
  const row = (name: string, values: number[]) => name.padEnd(8) + values.map((kb) => shown(kb).padStart(12)).join('');
  const { total, used, free: unused, available } = MEMORY_KB;
  const headings = ['total', 'used', 'free', 'shared', 'buff/cache', 'available'].map((heading) => heading.padStart(12)).join('');
  return ok(
    [
      ' '.repeat(8) + headings,
      row('Mem:', [total, used, unused, 9_112, total - used - unused, available]),
      row('Swap:', [2_097_148, 0, 2_097_148]),
    ].join('\n'),
  );
};

const certificate: Tool = (machine, { args }) => {
  if (args[0] === 's_client') return ok('-----BEGIN CERTIFICATE-----\nsimulated\n-----END CERTIFICATE-----');
  const end = new Date(machine.now() + 61 * 86_400_000).toUTCString();
  if (args.includes('-checkend')) return ok('Certificate will not expire');
  return ok(`notAfter=${end}`);
};

const processes: Tool = ({ engine }, { args }) => {
  if (args.join(' ') !== '-eo pid=,etimes=,args=') return PROCESSES;
  const late = lateBackup(engine);
  const { script } = engine.parts.settings.backups;
  return ok(
    ['1 2851200 /usr/lib/systemd/systemd', ...(late === undefined ? [] : [`31337 ${late} /bin/bash ${script}`])].join('\n'),
  );
};
const PROCESSES = ok(
  'USER  PID %CPU %MEM    VSZ   RSS TTY STAT START TIME COMMAND\nroot    1  0.0  0.1 171200 12800 ?   Ss   Sep01 0:42 /usr/lib/systemd/systemd\nroot  812  1.1  0.9 1921000 78400 ?  Ssl  Sep01 9:12 /usr/bin/dockerd',
);

/**
 * The tools of the machine itself. They say what a well host says: no fault makes memory, processor or certificate ill.
 */
export const MACHINE_TOOLS: Record<string, Tool | undefined> = {
  curl,
  free,
  openssl: certificate,
  ps: processes,
  nproc: () => ok('2'),
  hostname: ({ hostname }) => ok(hostname),
  uptime: () => ok(' 03:14:00 up 33 days,  4:02,  0 users,  load average: 0.42, 0.38, 0.35'),
  iostat: () => ok('Device  r/s  w/s  rkB/s  wkB/s  %util\nnvme0n1  4.10  22.40  96.00  512.00  3.20'),
  systemctl: (_, { args }) => (args.includes('is-active') ? ok('active') : ok()),
  certbot: () => ok('Certificate not yet due for renewal; no action taken.'),
  psql: () =>
    failed('psql: error: connection to server on socket "/run/postgresql/.s.PGSQL.5432" failed: No such file or directory', 2),
  logger: () => ok(),
};
