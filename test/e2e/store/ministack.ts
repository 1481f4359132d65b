import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../free-port.ts';
import { until } from '../until.ts';
import { type Database, ended } from './database.ts';

const START_MS = 60_000;

/** ministack, of which only its DynamoDB is asked: from the virtual environment that `FIREBREAK_VENV` names, `.venv` if not set. */
export async function ministack(): Promise<Database> {
  const program = join(resolve(process.env.FIREBREAK_VENV || '.venv'), 'bin', 'ministack');
  if (!existsSync(program)) throw new Error(`there is no ${program}: expected a virtual environment with ministack in it`);
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-store-ministack-'));
  const child = spawn(program, [], {
    cwd: folder,
    stdio: 'ignore',
    env: {
      ...process.env,
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      SFTP_ENABLED: '0',
      S3_DATA_DIR: join(folder, 's3'),
      TMPDIR: folder,
      LOG_LEVEL: 'ERROR',
    },
  });
  const stop = async () => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  const endpoint = `http://127.0.0.1:${port}`;
  const answers = () =>
    fetch(`${endpoint}/_ministack/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  try {
    await until('ministack answers', answers, START_MS);
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpoint, stop };
}
