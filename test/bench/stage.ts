import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Incident } from '../../functions/incident/incident.ts';
import type { Counted } from '../../functions/incident/metrics.ts';
import { log } from '../../functions/log.ts';
import type { WorkingClock } from '../../local/clocks.ts';
import { type Local, startLocal } from '../../local/responder.ts';
import { registry } from '../../runbooks/registry.ts';
import { type Recorder, recorder } from './recorder.ts';

/** Local mode, with everything on disk as `npm start` has it, and every call written down. */
export interface Stage extends Local {
  recorded: Recorder;
  /** What was counted for CloudWatch. */
  counted: readonly Counted[];
  /** Says the state of one of SIRA's alarms, as CloudWatch would. */
  alarm(name: string, state: 'ALARM' | 'OK', value?: number): void;
  /** The only incident that is open. */
  openIncident(): Promise<Incident>;
}

/** Runs something on a stage of its own, and removes the stage afterwards. */
export async function onStage<T>(clock: WorkingClock, play: (stage: Stage) => Promise<T>): Promise<T> {
  log.setLogLevel('SILENT');
  const recorded = recorder();
  const dataDir = mkdtempSync(join(tmpdir(), 'firebreak-bench-'));
  const { watcher, invocation } = recorded;
  const counted: Counted[] = [];
  const counting = (one: Counted) => void counted.push(one);
  const local = await startLocal({ registry, clock, dataDir, port: 0, watcher, invocation, counting });
  try {
    return await play({
      ...local,
      recorded,
      counted,
      alarm: (name, state, value = 91.3) => {
        const recentDatapoints = [state === 'ALARM' ? value : 40];
        local.aws.alarms.setState(name, state, 'said by the benchmark', JSON.stringify({ version: '1.0', recentDatapoints }));
      },
      openIncident: async () => {
        const [incident, ...more] = await local.around.store.incidents.open();
        if (!incident || more.length > 0)
          throw new Error(`expected one open incident, found ${more.length + (incident ? 1 : 0)}`);
        return incident;
      },
    });
  } finally {
    await local.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
