import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leapingClock } from '../../../local/clocks.ts';
import type { ScriptResult } from '../../../local/simulation/fleet.ts';
import { createSimulation, type Simulation } from '../../../local/simulation/simulation.ts';
import type { HostSettings } from '../../../runbooks/language/system.ts';
import { SiraSettings } from '../../../runbooks/sira/system.ts';

export const settings = SiraSettings.parse({});
export const host = settings.hosts[0] as HostSettings;

/** A simulation in a folder of its own, on a clock that leaps. */
export interface Stage {
  folder: string;
  clock: ReturnType<typeof leapingClock>;
  simulation: Simulation;
  /** Command lines that the simulated tools did not know. A test that does not expect any finds it empty. */
  unknown: string[];
  run(script: string, environment?: Record<string, string>, signal?: AbortSignal): Promise<ScriptResult>;
  /** Ends the simulation and begins another on the same folder, as a restart of local mode does. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  // A blank in the path, because a user's home may have one.
  const folder = join(mkdtempSync(join(tmpdir(), 'firebreak-')), 'data dir');
  const clock = leapingClock();
  const unknown: string[] = [];
  const open = () => createSimulation({ dataDir: folder, clock, settings, unknown: (line) => unknown.push(line) });
  const stage: Stage = {
    folder,
    clock,
    unknown,
    simulation: await open(),
    run: (script, environment = {}, signal = new AbortController().signal) =>
      stage.simulation.fleet.run(host.instanceId, script, environment, signal),
    reopen: async () => {
      await stage.simulation.close();
      stage.simulation = await open();
    },
    close: async () => {
      await stage.simulation.close();
      rmSync(join(folder, '..'), { recursive: true, force: true });
    },
  };
  return stage;
}
