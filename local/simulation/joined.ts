import type { Monitoring } from './monitoring.ts';
import type { SaveitSimulation } from './saveit.ts';
import type { Simulation } from './simulation.ts';

/** SIRA's hosts and Save-It's cluster as one: each fault goes to the system whose it is. */
export function joined(sira: Simulation, saveit: SaveitSimulation): Simulation {
  const isOfSaveit = (id: string) => saveit.faults().some((fault) => fault.id === id);
  return {
    ...sira,
    faults: () => [...sira.faults(), ...saveit.faults()],
    switchOn: (id, host) => (isOfSaveit(id) ? saveit.switchOn(id) : sira.switchOn(id, host)),
    switchOff: (id, host) => (isOfSaveit(id) ? saveit.switchOff(id) : sira.switchOff(id, host)),
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
