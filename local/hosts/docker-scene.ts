import { execFile } from 'node:child_process';
import { hostname as nameOfMachine, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DeployedSystem } from '../../runbooks/language/deployment.ts';
import type { Scene } from '../scene.ts';
import { alarmsOfThisMachine } from './disks.ts';
import { dockerFleet, memoryFolder } from './docker-fleet.ts';
import { assertDockerHost } from './needs.ts';
import { type Machine, onThisMachine } from './this-machine.ts';

export interface DockerSceneParts {
  /** What the deployment's file says of SIRA. */
  sira: Pick<DeployedSystem, 'settings' | 'given'>;
  dataDir: string;
  environment?: NodeJS.ProcessEnv;
  machine?: Machine;
}

/**
 * This machine and its Docker as the one host of SIRA, with nothing simulated.
 * @throws {HostsError} with what is missing, and how to mend it
 */
export async function dockerScene(parts: DockerSceneParts): Promise<Scene> {
  const { sira, dataDir, environment = process.env, machine = thisMachine() } = parts;
  const settings = onThisMachine(sira, machine);
  await assertDockerHost(settings, environment);
  const [host] = settings.hosts;
  if (!host) throw new Error('a machine is one host');
  const memory = memoryFolder(dataDir, environment, process.getuid?.());
  const fleet = dockerFleet({
    dataDir: join(dataDir, 'host'),
    host,
    hostTag: settings.hostTag,
    environment,
    ...(memory !== undefined && { memory }),
  });
  return { settings, fleet, alarms: alarmsOfThisMachine(settings, await dockerRoot(environment)) };
}

function thisMachine(): Machine {
  const addresses = Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.filter(({ internal }) => !internal).map(({ address }) => address),
  );
  return { hostname: nameOfMachine(), addresses };
}

async function dockerRoot({ PATH, HOME, DOCKER_HOST }: NodeJS.ProcessEnv): Promise<string> {
  const said = await promisify(execFile)('docker', ['info', '--format', '{{.DockerRootDir}}'], {
    env: { PATH, HOME, DOCKER_HOST },
  });
  return said.stdout.trim();
}
