import { createHash } from 'node:crypto';
import type { DeployedSystem } from '../../runbooks/language/deployment.ts';
import type { HostSettings } from '../../runbooks/language/system.ts';
import { SiraSettings } from '../../runbooks/sira/system.ts';

export interface Machine {
  hostname: string;
  addresses: readonly string[];
}

/**
 * SIRA's settings where this machine is its only host: the one that the settings know under this machine's name or address, or
 * else one that is named after the machine. Other hosts cannot be reached from here.
 *
 * @throws {HostsError} when the URLs that are asked after an act are the placeholders still
 */
export function onThisMachine(deployed: Pick<DeployedSystem, 'settings' | 'given'>, machine: Machine): SiraSettings {
  const settings = SiraSettings.parse(deployed.settings);
  if (!deployed.given.has('urls'))
    throw new HostsError(
      `SIRA's health is asked at ${settings.urls.api}, which is a placeholder`,
      'say where this machine serves it: systems.sira.urls (api, site) in firebreak.json',
    );
  const short = nameOf(machine.hostname);
  const names = [machine.hostname, short, ...machine.addresses];
  const known = settings.hosts.find(({ name, aliases }) => [name, ...aliases].some((one) => names.includes(one)));
  return { ...settings, hosts: [known ?? named(short, names)] };
}

/** Something that `--hosts docker` needs and does not find, and how to mend it. */
export class HostsError extends Error {
  override readonly name = 'HostsError';
  constructor(what: string, mend: string) {
    super(`--hosts docker: ${what}\nTo mend it: ${mend}`);
  }
}

/** A host's name as settings write it: `Web_1.example.org` is `web-1`. */
function nameOf(hostname: string): string {
  const [first = ''] = hostname.toLowerCase().split('.');
  return first.replaceAll(/[^a-z0-9-]/g, '-').replace(/^-+/, '') || 'localhost';
}

/** Its id is of the kind that Systems Manager gives to machines outside EC2, and the same at each start. */
function named(name: string, names: readonly string[]): HostSettings {
  const id = createHash('sha256').update(name).digest('hex').slice(0, 17);
  return { name, instanceId: `mi-${id}`, aliases: [...new Set(names)].filter((alias) => alias !== name) };
}
