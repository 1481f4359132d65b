import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../until.ts';
import { type CallOptions, call, PATH } from './shell.ts';

const START_MS = 60_000;
const END_MS = 40_000;

/** A Docker Engine of our own, with everything that it keeps under one folder. */
export interface Engine {
  host: string;
  /** Where it keeps images, containers and volumes. */
  root: string;
  docker(words: readonly string[], options?: CallOptions): Promise<string>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * @param work for sockets and state, in a short path
 * @param root its data root
 */
export function engine(work: string, root: string): Engine {
  const run = join(work, 'run');
  mkdirSync(run, { recursive: true });
  const host = `unix://${run}/docker.sock`;
  // No rule of a firewall is needed: a published port is served by Docker's own proxy.
  const words = ['--data-root', root, '--exec-root', join(run, 'exec'), '--pidfile', join(run, 'docker.pid'), '--host', host];
  words.push('--iptables=false', '--ip-forward=false', '--bridge=none', '--storage-driver=overlay2');
  let daemon: ChildProcess | undefined;
  const docker: Engine['docker'] = (given, options = {}) =>
    call('docker', given, { ...options, environment: { DOCKER_HOST: host, ...options.environment } });
  return {
    host,
    root,
    docker,
    start: async () => {
      const log = openSync(join(work, 'dockerd.log'), 'a');
      const started = spawn('dockerd', words, { detached: true, stdio: ['ignore', log, log], env: { PATH, HOME: '/root' } });
      daemon = started;
      const answers = async () => {
        if (started.exitCode !== null)
          throw new Error(`dockerd ended: ${readFileSync(join(work, 'dockerd.log'), 'utf8').slice(-2_000)}`);
        return await docker(['version']).then(
          () => true,
          () => false,
        );
      };
      await until('the engine answers', answers, START_MS);
    },
    stop: async () => {
      if (!daemon || daemon.exitCode !== null || daemon.signalCode !== null) return;
      daemon.kill('SIGTERM');
      const ended = daemon;
      await until('the engine ends', () => ended.exitCode !== null || ended.signalCode !== null, END_MS);
    },
  };
}
