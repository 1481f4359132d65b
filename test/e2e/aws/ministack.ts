import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { setDefaultCACertificates } from 'node:tls';
import { freePort } from '../free-port.ts';
import { until } from '../until.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const START_MS = 90_000;
const END_MS = 10_000;

/** An account and a region of the emulator. The account's number is, as a key, that of its root user. */
export interface Where {
  account: string;
  region: string;
}

/** An AWS of one process, on a port and with data of its own. Nobody here wrote it. */
export interface Ministack {
  /** By its IP address: by a name, an S3 client would put the bucket in front of it. */
  url: string;
  version: string;
  /** What a process must have in its environment to believe the emulator's certificate: for the AWS CLI and for Node. */
  trust: Readonly<Record<'AWS_CA_BUNDLE' | 'NODE_EXTRA_CA_CERTS', string>>;
  /** The file that holds what it has said, and what the functions said that ran in it. */
  logFile: string;
  /** Ends the process and the functions that run under it. */
  stop(): Promise<void>;
}

/**
 * Lambda functions run as processes of the first `node` on the PATH: that is the Node of `node_modules`, whatever the system has.
 * With `AUTH` every call is checked against the policies of who makes it, and of the queue or topic that it is made to; and with
 * TLS, because those refuse whoever comes without.
 *
 * @param folder everything that it writes goes there
 * @throws {Error} when it is not installed, or does not answer in time; with where its log is
 */
export async function startMinistack(folder: string): Promise<Ministack> {
  const program = join(resolve(ROOT, process.env.FIREBREAK_VENV ?? '.venv'), 'bin', 'ministack');
  if (!existsSync(program)) throw new Error(`there is no ${program}: pip install ministack into a venv, and set FIREBREAK_VENV`);
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  const temporary = join(folder, 'tmp');
  const certificate = join(temporary, 'ministack-tls', 'server.crt');
  mkdirSync(temporary, { recursive: true });
  const logFile = join(folder, 'ministack.log');
  const log = createWriteStream(logFile);
  const child = spawn(program, [], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own: the functions' processes end with it, even where it can no longer end them itself.
    detached: true,
    env: {
      ...withoutAws(process.env),
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
      TMPDIR: temporary,
      STATE_DIR: join(folder, 'state'),
      PERSIST_STATE: '0',
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      MINISTACK_HOST: '127.0.0.1',
      LAMBDA_EXECUTOR: 'local',
      AUTH: 'true',
      USE_SSL: '1',
      // The functions inherit it.
      NODE_EXTRA_CA_CERTS: certificate,
    },
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  // Whoever is ended by a signal leaves nothing behind either.
  const atExit = () => endGroup(child);
  process.once('exit', atExit);
  const stop = async () => {
    await end(child);
    process.off('exit', atExit);
    log.end();
  };
  const version = await until('ministack answers', () => healthy(child, url, certificate), START_MS).catch(
    async (error: Error) => {
      await stop();
      throw new Error(`${error.message}; its log is ${logFile}`);
    },
  );
  return { url, version, trust: { AWS_CA_BUNDLE: certificate, NODE_EXTRA_CA_CERTS: certificate }, logFile, stop };
}

/** Nothing of this machine's own AWS: neither its credentials nor its configuration may be met by accident. */
export function withoutAws(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('AWS_')));
}

async function healthy(child: ChildProcess, url: string, certificate: string): Promise<string | false> {
  if (child.exitCode !== null) throw new Error(`ministack ended with ${child.exitCode}`);
  if (!existsSync(certificate)) return false;
  // From now on for the whole process: it asks nobody else by TLS.
  setDefaultCACertificates([readFileSync(certificate, 'utf8')]);
  const answer = await fetch(`${url}/_ministack/health`).catch(() => undefined);
  if (!answer?.ok) return false;
  const said: unknown = await answer.json();
  return typeof said === 'object' && said !== null && 'version' in said ? String(said.version) : 'of no version';
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const over = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), END_MS);
    await over;
    clearTimeout(late);
  }
  endGroup(child);
}

/** What the child has started and not ended. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The whole group had ended with it.
  }
}
