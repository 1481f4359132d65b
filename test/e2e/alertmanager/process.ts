import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { until } from '../until.ts';

const PROGRAM = '/usr/bin/prometheus-alertmanager';
const START_MS = 60_000;

/** An alert as Prometheus posts it: again and again while it fires, with `endsAt` once it does not. */
export interface PostedAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** ISO 8601. */
  startsAt: string;
  endsAt?: string;
  generatorURL: string;
}

export interface Alertmanager {
  post(alert: PostedAlert): Promise<void>;
  /** What it has said so far, for the person who reads why a check failed. */
  log(): string;
  stop(): Promise<void>;
}

/**
 * Starts Debian's Alertmanager, on loopback only, on a port that it finds for itself, without a cluster.
 * @throws {Error} when it is not installed, or did not come up; with what it said
 */
export async function startAlertmanager(configuration: string, folder: string): Promise<Alertmanager> {
  const program = spawn(
    PROGRAM,
    [
      `--config.file=${configuration}`,
      `--storage.path=${join(folder, 'alertmanager')}`,
      '--web.listen-address=127.0.0.1:0',
      '--cluster.listen-address=',
    ],
    // Nothing of this machine's own configuration of AWS: whatever is signed here goes to local mode.
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_EC2_METADATA_DISABLED: 'true', HOME: folder },
    },
  );
  let said = '';
  let broken: Error | undefined;
  program.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  program.once('error', (error) => {
    broken = error;
  });
  const address = await until('Alertmanager listens', () => listening(program, said, broken), START_MS).catch(async (error) => {
    await stop(program);
    throw error;
  });
  return {
    post: async (alert) => {
      const answer = await fetch(`http://${address}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([alert]),
      });
      if (!answer.ok) throw new Error(`Alertmanager refused the alert: ${answer.status} ${await answer.text()}`);
    },
    log: () => said,
    stop: () => stop(program),
  };
}

function listening(program: ChildProcess, said: string, broken: Error | undefined): string | undefined {
  if (broken && 'code' in broken && broken.code === 'ENOENT')
    throw new Error(`there is no ${PROGRAM}: apt-get install prometheus-alertmanager`);
  if (broken || program.exitCode !== null) throw new Error(`Alertmanager did not start: ${broken?.message ?? said}`);
  return /msg="?Listening on"? address=(127\.0\.0\.1:\d+)/i.exec(said)?.[1];
}

async function stop(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null || program.pid === undefined) return;
  const over = new Promise((resolve) => program.once('exit', resolve));
  program.kill('SIGTERM');
  await over;
}
