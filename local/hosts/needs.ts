import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SiraSettings } from '../../runbooks/sira/system.ts';
import { HostsError } from './this-machine.ts';

/** How long each tool has to answer, in milliseconds: on a busy machine Compose alone takes half a minute to begin. */
const ANSWER_MS = 90_000;

type Said = { ok: boolean; missing: boolean; late: boolean; text: string };

/**
 * What the scripts cannot do without, asked before anything is served: Docker, Compose, and the stack's file where the settings
 * say that it lies.
 *
 * @param environment of which the tools get `PATH`, `HOME` and `DOCKER_HOST`, as the scripts do
 * @param withinMs how long each tool has to answer
 * @throws {HostsError} with the first that is missing, and how to mend it
 */
export async function assertDockerHost(
  settings: SiraSettings,
  environment: NodeJS.ProcessEnv,
  withinMs = ANSWER_MS,
): Promise<void> {
  const { PATH, HOME, DOCKER_HOST } = environment;
  const ask = (tool: string, ...words: string[]) => said(tool, words, { PATH, HOME, DOCKER_HOST }, withinMs);
  const { projectDir, composeFile, composeProject } = settings;
  const file = join(projectDir, composeFile);

  const engine = await ask('docker', 'version', '--format', '{{.Server.Version}}');
  if (engine.missing)
    throw new HostsError('there is no docker on the PATH', 'install Docker Engine (Debian: docker.io), or correct PATH');
  if (!engine.ok)
    throw new HostsError(
      `the Docker engine does not answer: ${engine.text}`,
      'start it, join the group docker, or set DOCKER_HOST',
    );
  if (!existsSync(projectDir))
    throw new HostsError(`there is no folder ${projectDir}`, 'set systems.sira.projectDir in firebreak.json');
  if (!existsSync(file))
    throw new HostsError(`there is no compose file ${file}`, 'set systems.sira.composeFile in firebreak.json');

  const tool = (await ask('docker', 'compose', 'version', '--short')).ok ? ['docker', 'compose'] : ['docker-compose'];
  const [program = '', ...words] = tool;
  const read = await ask(program, ...words, '--project-directory', projectDir, '-p', composeProject, '-f', file, 'config', '-q');
  if (read.missing)
    throw new HostsError(
      'there is neither "docker compose" nor docker-compose',
      'install Compose (Debian: docker-compose, elsewhere: docker-compose-plugin)',
    );
  if (read.late)
    throw new HostsError(`Compose does not tell what is in ${file}: ${read.text}`, 'see what keeps this machine busy');
  if (!read.ok) throw new HostsError(`Compose cannot read ${file}: ${read.text}`, 'correct the file');
}

/** Never throws: what the tool said, or that there is none. */
function said(tool: string, words: string[], env: NodeJS.ProcessEnv, withinMs: number): Promise<Said> {
  return new Promise((resolve) => {
    execFile(tool, words, { env, timeout: withinMs }, (error, stdout, stderr) => {
      const missing = error?.code === 'ENOENT';
      const late = error?.killed === true;
      const text = (stderr.trim() || stdout.trim() || (late ? `no answer in ${withinMs / 1_000} s` : '')).slice(-500);
      resolve({ ok: error === null, missing, late, text });
    });
  });
}
