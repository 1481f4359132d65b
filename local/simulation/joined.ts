import type { ComposeHosts } from './compose-hosts.ts';
import type { HostFleet } from './fleet.ts';
import type { Monitoring } from './monitoring.ts';
import type { SaveitSimulation } from './saveit.ts';
import type { Simulation } from './simulation.ts';

/** SIRA's hosts, Save-It's cluster and the other systems' Docker Compose hosts as one: each fault goes to the part whose it is. */
export function joined(sira: Simulation, saveit: SaveitSimulation, compose: readonly ComposeHosts[]): Simulation {
  const partOf = (id: string) => [saveit, ...compose].find((part) => part.faults().some((fault) => fault.id === id)) ?? sira;
  return {
    ...sira,
    fleet: fleets(sira.fleet, ...compose.map(({ fleet }) => fleet)),
    faults: () => [sira, saveit, ...compose].flatMap((part) => part.faults()),
    switchOn: (id, host) => partOf(id).switchOn(id, host),
    switchOff: (id, host) => partOf(id).switchOff(id, host),
    alarmConfigurations: () => [sira, ...compose].flatMap((part) => part.alarmConfigurations()),
    close: async () => void (await Promise.all([sira, ...compose].map((part) => part.close()))),
  };
}

function fleets(...all: HostFleet[]): HostFleet {
  const has = (instanceId: string) => (fleet: HostFleet) => fleet.instances().some((one) => one.instanceId === instanceId);
  return {
    instances: () => all.flatMap((fleet) => fleet.instances()),
    run: async (instanceId, ...script) => {
      const fleet = all.find(has(instanceId));
      if (!fleet) throw new RangeError(`there is no instance ${instanceId}`);
      return await fleet.run(instanceId, ...script);
    },
  };
}

/** Several that are started and stopped together. */
export function together(monitorings: readonly Monitoring[]): Monitoring {
  const each = (what: (monitoring: Monitoring) => void) => () => monitorings.forEach(what);
  return {
    evaluate: async () => void (await Promise.all(monitorings.map((monitoring) => monitoring.evaluate()))),
    soon: each((monitoring) => monitoring.soon()),
    start: each((monitoring) => monitoring.start()),
    stop: each((monitoring) => monitoring.stop()),
  };
}
