import { execFileSync, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';

/** Where Debian's package has them. */
const VERSIONS = '/usr/lib/postgresql';
/** psql's exit code for a connection that it did not get, or lost. */
const NO_CONNECTION = 2;
const AGAIN_MS = 300;
export const SUPERUSER = { user: 'admin', password: 'kept-back' };

/** A PostgreSQL of this machine's own, on the loopback, with passwords: gone with its folder at the end. */
export interface Postgres {
  address: string;
  port: number;
  /** As the superuser. @returns the rows, unaligned */
  say(sql: string): string;
  stop(): void;
  start(): void;
  end(): void;
}

/** @param ownAddress at PostgreSQL's own port, on an address of the loopback that nobody else has: for who can name no port */
export async function postgres({ ownAddress = false, connections = 20 } = {}): Promise<Postgres> {
  const [version] = readdirSync(VERSIONS).sort().reverse();
  const bin = join(VERSIONS, version ?? '', 'bin');
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-postgres-'));
  const [address, port] = ownAddress ? [anyAddress(), 5432] : ['127.0.0.1', await freePort()];
  const owner = ownerOfServer();
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const password = join(folder, 'password');
  writeFileSync(password, SUPERUSER.password, { mode: 0o644 });
  const data = join(folder, 'data');
  const run = (program: string, ...words: string[]) =>
    execFileSync(join(bin, program), words, { ...owner, cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  run('initdb', '-D', data, '-U', SUPERUSER.user, '-A', 'scram-sha-256', `--pwfile=${password}`, '-N');
  const options = [`-p ${port}`, `-h ${address}`, `-k ${folder}`, `-c max_connections=${connections}`, '-c fsync=off'].join(' ');
  const start = () => void run('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', options, 'start');
  const stop = () => void run('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop');
  start();
  const server = { address, port };
  return {
    ...server,
    start,
    stop,
    say: (sql) => {
      const env = { ...process.env, ...connection(server, SUPERUSER), PGDATABASE: 'postgres' };
      return execFileSync('psql', ['-X', '-w', '-q', '-A', '-t', '-c', sql], { env, encoding: 'utf8' }).trim();
    },
    end: () => {
      try {
        stop();
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

type Server = Pick<Postgres, 'address' | 'port'>;

export const connection = ({ address, port }: Server, { user, password }: { user: string; password: string }) => ({
  PGHOST: address,
  PGPORT: String(port),
  PGUSER: user,
  PGPASSWORD: password,
});

/** One of sixteen million. */
function anyAddress(): string {
  return ['127', randomInt(1, 255), randomInt(0, 256), randomInt(1, 255)].join('.');
}

/** The server does not run as root. */
function ownerOfServer(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** A client that has said something and then stays connected. It tries again while there is no room for it. @returns what ends it */
export function client(server: Server, role: { user: string; password: string }, sql: string): () => void {
  const env = { ...process.env, ...connection(server, role), PGDATABASE: 'saveit' };
  let over = false;
  let end = () => {};
  const begin = () => {
    const child = spawn('psql', ['-X', '-w', '-q', '-f', '-'], { env, stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin.on('error', () => undefined);
    child.stdin.write(`${sql}\n`);
    child.on('exit', (code) => {
      if (code === NO_CONNECTION && !over) setTimeout(begin, AGAIN_MS);
    });
    end = () => void child.kill();
  };
  begin();
  return () => {
    over = true;
    end();
  };
}
