import type { SiraSettings } from '../../../runbooks/sira/system.ts';
import type { DockerEngine } from '../docker/engine.ts';
import { failed, ok } from '../docker/flags.ts';
import type { Answer } from '../outside.ts';
import { aws } from './aws.ts';
import { curl } from './curl.ts';
import { dmesg, free, ps } from './memory.ts';
import type { ShimAnswer, ShimCall } from './rpc.ts';
import type { HostTree } from './tree.ts';

export interface Machine {
  hostname: string;
  settings: SiraSettings;
  /** What runs on it, with the faults that are on. */
  engine: DockerEngine;
  tree: HostTree;
  /** What an HTTP request from the host itself is answered, with these headers; status 0 when nobody answers. */
  answer(url: string, headers?: string[]): Answer;
  now(): number;
}

type Tool = (machine: Machine, call: ShimCall) => ShimAnswer;

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
  curl: (machine, call) => curl(call, machine.answer),
  aws: ({ settings }, { args }) => aws(settings, args),
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
