import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { HostSettings } from '../../runbooks/language/system.ts';
import type { HostFleet, InstanceInformation } from '../simulation/fleet.ts';
import { runInSession } from './session.ts';

/** The first agent that hands parameters over as variables: scripts refuse any older one. */
const AGENT = '3.3.2746.0';
/** What a script gets of this process' environment: enough to find the tools and the engine, and no secret. */
const INHERITED = ['PATH', 'HOME', 'DOCKER_HOST'];

export interface DockerFleetParts {
  /** Scripts and their markers are kept under here. */
  dataDir: string;
  host: HostSettings;
  /** `key=value`, as Systems Manager's tag. */
  hostTag: string;
  environment: NodeJS.ProcessEnv;
  /** A folder in memory for what a full disk has no room for; none where there is no such place. */
  memory?: string;
}

/** This machine as the only host: the scripts run here, on its own Docker. */
export function dockerFleet({ dataDir, host, hostTag, environment, memory }: DockerFleetParts): HostFleet {
  const markers = join(dataDir, 'markers');
  const scratch = memory ?? join(dataDir, 'scripts');
  // Only for its owner: what stands here decides whether something is done twice.
  for (const folder of [markers, scratch]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const [tag = '', value = ''] = hostTag.split('=');
  const information: InstanceInformation = {
    instanceId: host.instanceId,
    computerName: host.name,
    ipAddress: '127.0.0.1',
    pingStatus: 'Online',
    agentVersion: AGENT,
    tags: { [tag]: value, Name: host.name },
  };
  const inherited = INHERITED.flatMap((name) => (environment[name] ? [[name, environment[name]] as const] : []));
  const own = {
    ...Object.fromEntries(inherited),
    FIREBREAK_STATE: markers,
    ...(memory !== undefined && { FIREBREAK_MEMORY: memory }),
  };
  return {
    instances: () => [information],
    run: async (instanceId, script, given, signal) => {
      if (instanceId !== host.instanceId) throw new RangeError(`there is no instance ${instanceId}`);
      const place = { bash: 'bash', scratch, cwd: '/', environment: { ...given, ...own } };
      return await runInSession(place, script, signal);
    },
  };
}

/**
 * Where a data folder's markers go while its disk is full: a folder in memory that only this user can write to. Each data folder
 * has its own, so that what one has done is not taken for another's.
 *
 * @param uid the user's number; root's folder is the one that scripts use on a host
 */
export function memoryFolder(dataDir: string, environment: NodeJS.ProcessEnv, uid: number | undefined): string | undefined {
  const mine = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const base = uid === 0 ? '/run' : environment.XDG_RUNTIME_DIR;
  return base ? join(base, 'firebreak', mine) : undefined;
}
