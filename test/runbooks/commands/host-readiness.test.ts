import { accessSync, chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scriptOf } from '../../../runbooks/commands/document.ts';
import { hostReadiness } from '../../../runbooks/commands/host-readiness.ts';
import { parameterText } from '../../../runbooks/language/command.ts';
import { runScript, temporaryFolder, variables } from './run-command.ts';

const TOOLS = ['bash', 'date', 'find', 'stat', 'awk', 'timeout', 'cat', 'df'];

/** A host of this machine's tools, some of them left out or put in its own way. */
function host(own: Record<string, string> = {}, without: string[] = []) {
  const [bin, project] = [temporaryFolder(), temporaryFolder()];
  for (const tool of TOOLS.filter((name) => !without.includes(name) && !(name in own))) symlinkSync(real(tool), join(bin, tool));
  for (const [name, body] of Object.entries(own)) {
    writeFileSync(join(bin, name), `#!${real('bash')}\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return {
    project,
    look: async (given: { tools?: string[]; paths?: string[] } = {}) => {
      const { parameters } = hostReadiness({
        tools: ['find'],
        paths: [project],
        projectDir: project,
        composeFile: 'compose.yml',
        composeProject: 'sira',
        ...given,
      });
      const texts = Object.entries(parameters).map(([name, value]) => [name, parameterText(value)]);
      const ended = await runScript(scriptOf(hostReadiness), { ...variables(Object.fromEntries(texts)), PATH: bin }).ended;
      expect(ended).toMatchObject({ status: 0, stderr: '' });
      return hostReadiness.facts.parse(ended.facts());
    },
  };
}

function real(tool: string): string {
  for (const folder of ['/usr/bin', '/bin']) {
    try {
      accessSync(join(folder, tool));
      return join(folder, tool);
    } catch {
      // The next folder may have it.
    }
  }
  throw new Error(`this machine has no ${tool}`);
}

/** A Docker whose daemon answers, and whose Compose reads a file. */
const dockerWith = (config: string) => `case "$*" in
  version*) echo 27.3.1 ;;
  'compose version --short') echo v2.29.7 ;;
  compose*config) printf '${config}' ;;
esac`;

test('tools are looked for among programs: not the functions that the script itself has', async () => {
  const { missingTools } = await host({}, ['df']).look({ tools: ['find', 'df', 'nosuch', 'die', 'compose'] });
  expect(missingTools).toEqual(['df', 'nosuch', 'die', 'compose']);
});

test('tools of the right name that are not GNU’s are told', async () => {
  expect((await host().look()).notGnu).toEqual([]);
  expect((await host({ find: 'exit 1', date: 'echo 0' }).look()).notGnu).toEqual(['find', 'date']);
});

test('a path is a folder, a file, another thing or missing, with its owner and mode', async () => {
  const { look, project } = host();
  mkdirSync(join(project, 'logs'), { mode: 0o750 });
  writeFileSync(join(project, 'compose.yml'), 'services: {}');
  symlinkSync('/nowhere', join(project, 'dangling'));
  const names = ['logs', 'compose.yml', 'dangling', 'none'].map((name) => join(project, name));
  const { paths, markersWritable } = await look({ paths: [...names, '/dev/null'] });
  expect(paths.map(({ kind, mode }) => [kind, mode])).toEqual([
    ['folder', '750'],
    ['file', '644'],
    ['missing', ''],
    ['missing', ''],
    ['other', '666'],
  ]);
  expect(paths[0]).toMatchObject({ owner: expect.stringMatching(/./), readable: true, writable: true });
  expect(markersWritable).toBe(true);
});

test('a host without Docker is told from one whose daemon does not answer', async () => {
  expect(await host().look()).toMatchObject({ docker: '', dockerError: '', compose: '', composeError: 'there is no Compose' });
  const dead = "echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.' >&2; exit 1";
  expect(await host({ docker: dead }).look()).toMatchObject({
    docker: '',
    dockerError: expect.stringContaining('Cannot connect'),
  });
});

test('docker-compose will do where Docker has no compose of its own', async () => {
  const docker = 'if [[ $1 == compose ]]; then exit 1; fi; echo 20.10.24';
  const found = await host({ docker, 'docker-compose': 'if [[ $1 == version ]]; then echo 1.29.2; fi' }).look();
  expect(found).toMatchObject({ docker: '20.10.24', compose: 'docker-compose 1.29.2', services: [], composeError: '' });
});

test('services come with the name of their container, where the compose file gives it', async () => {
  const config = [
    'name: sira',
    'services:',
    '  "backend":',
    '    image: b:1',
    '    container_name: "sira_backend_prod"',
    '  nginx:',
    '    image: nginx',
    'volumes:',
    '  db_data: {}',
  ];
  const found = await host({ docker: dockerWith(`${config.join('\\n')}\\n`) }).look();
  expect(found).toMatchObject({ docker: '27.3.1', compose: 'docker compose 2.29.7', composeError: '' });
  expect(found.services).toEqual([
    { service: 'backend', container: 'sira_backend_prod' },
    { service: 'nginx', container: '' },
  ]);
});

test('a compose file that can not be read says why', async () => {
  const docker = `${dockerWith('')}
    if [[ $* == compose*config ]]; then echo 'open compose.yml: no such file or directory' >&2; exit 14; fi`;
  const found = await host({ docker }).look();
  expect(found).toMatchObject({ services: [], composeError: 'open compose.yml: no such file or directory' });
});
