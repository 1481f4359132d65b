import type { DockerHost } from './docker-host.ts';
import type { HostFleet, InstanceInformation } from './fleet.ts';

/** Simulated hosts, as Systems Manager knows them and sends scripts to them. @param hostTag the tag that they carry */
export function fleetOf(hosts: readonly DockerHost[], hostTag: string): HostFleet {
  const [tag = '', value = ''] = hostTag.split('=');
  const information = ({ host, reachable }: DockerHost): InstanceInformation => ({
    instanceId: host.instanceId,
    computerName: host.name,
    ipAddress: host.aliases.find((alias) => /^\d+(\.\d+){3}$/.test(alias)) ?? '10.0.1.7',
    pingStatus: reachable ? 'Online' : 'ConnectionLost',
    agentVersion: '3.3.2746.0',
    tags: { [tag]: value, Name: host.name },
  });
  return {
    instances: () => hosts.map(information),
    run: async (instanceId, script, environment, signal) => {
      const found = hosts.find(({ host }) => host.instanceId === instanceId);
      if (!found) throw new RangeError(`there is no instance ${instanceId}`);
      return await found.run(script, environment, signal);
    },
  };
}
