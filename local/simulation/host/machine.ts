import type { SiraSettings } from '../../../runbooks/sira/system.ts';
import type { DockerEngine } from '../docker/engine.ts';
import { failed, ok, readFlags } from '../docker/flags.ts';
import { dmesg, free, ps } from './memory.ts';
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

const certificate: Tool = (machine, { args }) => {
  if (args[0] === 's_client') return ok('-----BEGIN CERTIFICATE-----\nsimulated\n-----END CERTIFICATE-----');
  const end = new Date(machine.now() + 61 * 86_400_000).toUTCString();
  if (args.includes('-checkend')) return ok('Certificate will not expire');
  return ok(`notAfter=${end}`);
};

/**
 * The tools of the machine itself. What is not told of elsewhere says what a well host says.
 */
export const MACHINE_TOOLS: Record<string, Tool | undefined> = {
  curl,
  free,
  openssl: certificate,
  ps,
  dmesg,
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
