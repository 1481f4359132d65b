import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { until } from '../until.ts';
import { call, PATH } from './shell.ts';

const SOURCE = join(import.meta.dirname, 'pebble');
const BUILD_MS = 600_000;
const START_MS = 30_000;
const SERVER = 'https://127.0.0.1:14000/dir';

/** Pebble, Let's Encrypt's own authority for tests: built with Go where it is not in the cache. */
export async function pebble(): Promise<string> {
  const recipe = createHash('sha256')
    .update(readFileSync(join(SOURCE, 'go.sum')))
    .digest('hex')
    .slice(0, 12);
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'firebreak');
  const binary = join(folder, `pebble-${recipe}`);
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  const environment = {
    PATH: `${process.env.PATH}:/usr/local/go/bin`,
    GOTOOLCHAIN: 'local',
    CGO_ENABLED: '0',
    GOFLAGS: '-mod=mod',
  };
  const kept = ['GOPROXY', 'GOSUMDB', 'GONOSUMDB', 'GOCACHE', 'GOPATH', 'HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'];
  const given = Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  const words = ['build', '-trimpath', '-o', `${binary}.new`, 'github.com/letsencrypt/pebble/v2/cmd/pebble'];
  const go = existsSync('/usr/local/go/bin/go') ? '/usr/local/go/bin/go' : 'go';
  await call(go, words, { cwd: SOURCE, withinMs: BUILD_MS, environment: { ...environment, ...given } });
  renameSync(`${binary}.new`, binary);
  return binary;
}

export interface Authority {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Registers anew and issues the first certificate: nothing else may be at port 80. */
  first(domain: string): Promise<void>;
}

/**
 * A certificate authority of this world's own, that really asks the domain at port 80. What certbot keeps, whom this machine
 * trusts and where the domain leads is this world's own, too: it lies over what the machine has.
 */
export async function authority(work: string, domain: string): Promise<Authority> {
  const own = join(work, 'authority');
  for (const name of ['etc', 'lib', 'log']) mkdirSync(join(own, name), { recursive: true });
  cpSync('/etc/ssl/certs', join(own, 'trust'), { recursive: true, verbatimSymlinks: true });
  writeFileSync(join(own, 'hosts'), `127.0.0.1 localhost ${domain}\n`);
  for (const [from, to] of Object.entries({
    etc: '/etc/letsencrypt',
    lib: '/var/lib/letsencrypt',
    log: '/var/log/letsencrypt',
  })) {
    mkdirSync(to, { recursive: true });
    await call('mount', ['--bind', join(own, from), to]);
  }
  await call('mount', ['--bind', join(own, 'trust'), '/etc/ssl/certs']);
  await call('mount', ['--bind', join(own, 'hosts'), '/etc/hosts']);
  const [certificate, privateKey] = [join(own, 'tls.pem'), join(own, 'tls.key')];
  const named = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  await call('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    ...named,
    '-keyout',
    privateKey,
    '-out',
    certificate,
  ]);
  appendFileSync('/etc/ssl/certs/ca-certificates.crt', readFileSync(certificate));
  const listen = { listenAddress: '127.0.0.1:14000', managementListenAddress: '127.0.0.1:15000', httpPort: 80, tlsPort: 8443 };
  const configuration = {
    pebble: { ...listen, certificate, privateKey, ocspResponderURL: '', certificateValidityPeriod: 90 * 86_400 },
  };
  writeFileSync(join(own, 'pebble.json'), JSON.stringify(configuration));
  const binary = await pebble();
  const environment = { PATH, PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0', PEBBLE_AUTHZREUSE: '0' };
  let running: ReturnType<typeof spawn> | undefined;
  return {
    start: async () => {
      running = spawn(binary, ['-config', join(own, 'pebble.json')], { stdio: 'ignore', env: environment });
      const root = () => call('curl', ['-sS', '--cacert', certificate, 'https://127.0.0.1:15000/roots/0']).catch(() => undefined);
      const file = join('/etc/ssl/certs', `authority-${Date.now()}.pem`);
      writeFileSync(file, `${await until('the authority answers', root, START_MS)}\n`);
      const hash = await call('openssl', ['x509', '-hash', '-noout', '-in', file]);
      for (let n = 0; ; n += 1) {
        const link = join('/etc/ssl/certs', `${hash}.${n}`);
        if (existsSync(link)) continue;
        symlinkSync(file, link);
        break;
      }
    },
    stop: async () => {
      const ended = running;
      ended?.kill('SIGTERM');
      if (ended) await until('the authority ends', () => ended.exitCode !== null || ended.signalCode !== null, START_MS);
    },
    first: async (name) => {
      // It keeps everything in memory: of an account that an earlier one knew, this one knows nothing.
      for (const what of readdirSync('/etc/letsencrypt')) rmSync(join('/etc/letsencrypt', what), { recursive: true });
      const quiet = ['--non-interactive', '--agree-tos', '--register-unsafely-without-email'];
      await call('certbot', ['certonly', '--standalone', ...quiet, '--server', SERVER, '--cert-name', name, '-d', name]);
    },
  };
}
