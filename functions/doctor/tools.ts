import type { Severity } from './finding.ts';

export interface Tool {
  name: string;
  /** What brings it, on Amazon Linux and Debian alike unless two are named. */
  package: string;
  severity: Severity;
  /** What does not work without it. */
  for: string;
}

const of = (names: readonly string[], rest: Omit<Tool, 'name'>): Tool[] => names.map((name) => ({ name, ...rest }));
const EVERY = { severity: 'error', for: 'every command' } as const;

const CERTIFICATES = { severity: 'warning', for: 'checking the certificate, and renewing it where certbot does' } as const;
const CERTIFICATE = [
  ...of(['openssl'], { package: 'openssl', ...CERTIFICATES }),
  ...of(['certbot'], { package: 'certbot', ...CERTIFICATES }),
  ...of(['cp', 'chown', 'chmod'], { package: 'coreutils', ...CERTIFICATES }),
  ...of(['cmp'], { package: 'diffutils', ...CERTIFICATES }),
  ...of(['ps'], { package: 'procps-ng (Debian: procps)', ...CERTIFICATES }),
  ...of(['systemctl'], { package: 'systemd', ...CERTIFICATES }),
];

/**
 * What the scripts of host commands call, and so what must be on the PATH of a host's agent. Docker, and Compose in one of its
 * two forms, are asked for themselves: a program that is there may still not answer.
 */
export const TOOLS: readonly Tool[] = [
  ...of(['cat', 'cut', 'date', 'df', 'du', 'head', 'ls', 'mkdir', 'mv', 'nice', 'nproc', 'readlink', 'rm', 'sleep', 'sort'], {
    package: 'coreutils',
    ...EVERY,
  }),
  ...of(['stat', 'sync', 'tail', 'timeout', 'touch', 'tr', 'wc'], { package: 'coreutils', ...EVERY }),
  ...of(['awk'], { package: 'gawk or mawk', ...EVERY }),
  ...of(['grep'], { package: 'grep', ...EVERY }),
  ...of(['sed'], { package: 'sed', ...EVERY }),
  ...of(['find', 'xargs'], { package: 'findutils', ...EVERY }),
  ...of(['flock'], { package: 'util-linux', severity: 'error', for: 'every act: none is begun without its lock' }),
  ...of(['gzip'], { package: 'gzip', severity: 'error', for: 'telling a good backup from a broken one' }),
  ...of(['curl'], { package: 'curl', severity: 'error', for: 'asking the services that the application needs' }),
  ...of(['free'], { package: 'procps-ng (Debian: procps)', severity: 'error', for: 'measuring memory' }),
  ...of(['aws'], {
    package: 'awscli-2 (Debian: awscli)',
    severity: 'warning',
    for: "asking Mistral and Pinecone with our keys, which the host's own role reads",
  }),
  ...CERTIFICATE,
  ...of(['dmesg'], {
    package: 'util-linux',
    severity: 'warning',
    for: 'seeing what the kernel killed for want of memory, which is a proof of it',
  }),
  ...of(['iostat'], {
    package: 'sysstat',
    severity: 'warning',
    for: "measuring disk I/O when the application is slow: the kernel's own counters say less",
  }),
];

/** The oldest agent that hands parameters to a script as variables, and never as text. */
export const OLDEST_AGENT = '3.3.2746.0';

/** Whether a version of four numbers is older than another. What is no version is older than any. */
export function isOlder(version: string, than: string): boolean {
  const [left, right] = [version, than].map((text) => text.split('.').map(Number));
  for (let at = 0; at < (right?.length ?? 0); at += 1) {
    const [mine = 0, theirs = 0] = [left?.[at], right?.[at]];
    if (Number.isNaN(mine)) return true;
    if (mine !== theirs) return mine < theirs;
  }
  return false;
}
