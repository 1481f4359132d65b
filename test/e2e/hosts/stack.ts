import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SiraSettings } from '../../../runbooks/sira/system.ts';
import { until } from '../until.ts';
import type { Engine } from './engine.ts';
import { call } from './shell.ts';

const UP_MS = 60_000;
const DAY_MS = 86_400_000;
const APP = join(import.meta.dirname, 'app');

/** What stands in the compose file, as far as somebody may have changed it. */
export interface Composition {
  tag?: string;
  release?: string;
  /** The backend's command, and what Docker does when that ends. */
  command?: string[];
  restart?: string;
}

/** A container as `docker inspect` tells it: what a restart must leave alone, and what it may change. */
export interface Container {
  id: string;
  image: string;
  hash: string;
  environment: string[];
  state: string;
  startedAt: string;
}

/** SIRA's stack for real, from a compose file on the small disk. */
export interface Stack {
  settings: SiraSettings;
  port: number;
  /** Which form of Compose this is: its version. */
  composeVersion(): Promise<string>;
  compose(words: readonly string[]): Promise<string>;
  write(composition?: Composition): void;
  /** Brings it up as the compose file says, as if that had been days ago: nothing looks like a deployment that has just ended. */
  upLongAgo(composition?: Composition): Promise<void>;
  container(service: keyof SiraSettings['containers']): Promise<Container>;
  health(): Promise<{ status: number; body: string }>;
  /** Waits until the API answers 200. */
  well(): Promise<void>;
  /** Asks the database, as soon as it answers. */
  query(sql: string): Promise<string>;
}

/**
 * @param folder on the small disk
 * @param home where the tools' own configuration is: Compose as a plug-in of Docker is found there
 */
export async function makeStack(engine: Engine, folder: string, port: number, home: string): Promise<Stack> {
  const projectDir = join(folder, 'srv', 'sira');
  const logFolders = ['nginx', 'backend'].map((name) => join(projectDir, 'logs', name));
  for (const made of [...logFolders, join(folder, 'backups')]) mkdirSync(made, { recursive: true });
  const url = `http://127.0.0.1:${port}`;
  const settings = SiraSettings.parse({
    projectDir,
    logFolders,
    backups: { folder: join(folder, 'backups'), prefix: 'sira_', script: '/app/scripts/backup_db.sh' },
    certificate: { domain: 'sira.test', address: '127.0.0.1', port: 8_443, folder: join(projectDir, 'nginx', 'ssl') },
    urls: { api: `${url}/health`, site: `${url}/`, system: `${url}/health` },
    externalServices: { mistral: `${url}/`, pinecone: `${url}/` },
  });
  cpSync(join(APP, 'nginx.conf'), join(projectDir, 'nginx.conf'));
  await firstCertificate(settings);
  const environment = { DOCKER_HOST: engine.host, HOME: home };
  const plugin = await call('docker', ['compose', 'version', '--short'], { environment }).catch(() => undefined);
  const [program = '', ...first] = plugin === undefined ? ['docker-compose'] : ['docker', 'compose'];
  const compose: Stack['compose'] = (words) => {
    const stack = ['-p', settings.composeProject, '-f', settings.composeFile];
    return call(program, [...first, ...stack, ...words], { environment, cwd: projectDir });
  };
  const write: Stack['write'] = (composition = {}) =>
    writeFileSync(join(projectDir, settings.composeFile), JSON.stringify(composeFile(settings, port, composition), null, 2));
  const health = async () => {
    const answer = await fetch(settings.urls.api, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
    return { status: answer?.status ?? 0, body: (await answer?.text()) ?? '' };
  };
  const query: Stack['query'] = async (sql) => {
    const inside = ['exec', settings.containers.db];
    const ready = () =>
      engine.docker([...inside, 'pg_isready', '-q', '-h', '127.0.0.1']).then(
        () => true,
        () => false,
      );
    await until('the database answers', ready, UP_MS);
    return await engine.docker([...inside, 'psql', '-U', 'postgres', '-d', settings.database.name, '-At', '-c', sql]);
  };
  return {
    settings,
    port,
    compose,
    write,
    health,
    query,
    composeVersion: async () => plugin ?? (await call(program, ['version', '--short'], { environment })),
    well: () => until('the stack answers', async () => (await health()).status === 200, UP_MS).then(() => undefined),
    upLongAgo: async (composition) => {
      write(composition);
      await compose(['up', '--no-start']);
      await engine.stop();
      backdate(engine.root);
      await engine.start();
      await compose(['start']);
    },
    container: async (service) => inspected(await engine.docker(['inspect', settings.containers[service]])),
  };
}

/** One that nobody trusts, so that nginx has something to start with. */
async function firstCertificate({ certificate: { folder, domain }, projectDir }: SiraSettings): Promise<void> {
  for (const made of [folder, join(projectDir, 'webroot')]) mkdirSync(made, { recursive: true });
  const named = ['-subj', `/CN=${domain}`, '-addext', `subjectAltName=DNS:${domain}`, '-days', '90'];
  const files = ['-keyout', join(folder, 'privkey.pem'), '-out', join(folder, 'fullchain.pem')];
  await call('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...named, ...files]);
}

/** The engine reads when a container was made from its file, when it starts. */
function backdate(root: string): void {
  for (const id of readdirSync(join(root, 'containers'))) {
    const file = join(root, 'containers', id, 'config.v2.json');
    const config = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...config, Created: new Date(Date.now() - 3 * DAY_MS).toISOString() }));
  }
}

function inspected(text: string): Container {
  const [found] = JSON.parse(text);
  return {
    id: found.Id,
    image: found.Image,
    hash: found.Config.Labels['com.docker.compose.config-hash'],
    environment: found.Config.Env,
    state: found.State.Status,
    startedAt: found.State.StartedAt,
  };
}

function composeFile({ containers, backups }: SiraSettings, port: number, composition: Composition) {
  const { tag = '1', release = 'spring', command = ['backend'], restart = 'unless-stopped' } = composition;
  const common = { restart: 'unless-stopped', init: true };
  const image = `sira-app:${tag}`;
  const check = (...test: string[]) => ({ test: ['CMD', ...test], interval: '1s', timeout: '3s', retries: 5 });
  return {
    version: '3.7',
    services: {
      db: {
        ...common,
        image: 'sira-app:1',
        container_name: containers.db,
        command: ['database'],
        // PostgreSQL's fast way to end; by its default it waits for its clients.
        stop_signal: 'SIGINT',
        volumes: ['db_data:/data'],
        healthcheck: check('pg_isready', '-U', 'postgres'),
      },
      backend: {
        ...common,
        image,
        container_name: containers.backend,
        command,
        restart,
        volumes: [`${backups.folder}:/backups`],
        environment: { RELEASE: release },
        depends_on: ['db'],
      },
      frontend: { ...common, image: 'sira-app:1', container_name: containers.frontend, command: ['frontend'] },
      nginx: {
        ...common,
        image: 'sira-app:1',
        container_name: containers.nginx,
        command: ['nginx', '-g', 'daemon off;'],
        // As the world knows it: certbot's question comes to port 80.
        ports: [`127.0.0.1:${port}:80`, '127.0.0.1:80:80', '127.0.0.1:8443:443'],
        volumes: [
          ...['./nginx.conf:/etc/nginx/nginx.conf:ro', './logs/nginx:/var/log/nginx'],
          ...['./nginx/ssl:/etc/nginx/ssl:ro', './webroot:/webroot:ro'],
        ],
        healthcheck: check('busybox', 'wget', '-q', '-O', '/dev/null', 'http://127.0.0.1/'),
        logging: { driver: 'json-file', options: { 'max-size': '20m', 'max-file': '6' } },
      },
    },
    volumes: { db_data: {} },
  };
}
