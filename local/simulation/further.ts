import type { SimulatedSystem } from './simulated-host.ts';

/** The systems beside SIRA and Save-It whose host local mode simulates. `npm run new` adds a new one here. */
export const further: readonly SimulatedSystem[] = [];
