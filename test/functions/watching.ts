import { after, iso } from '../../functions/incident/clock.ts';
import { watch } from '../../functions/watch/watch.ts';
import type { Runbook } from '../../runbooks/language/definition.ts';
import { HEARTBEAT } from '../../runbooks/language/names.ts';
import { type Whole, whole } from '../local/whole.ts';

/** The whole responder with one runbook, and no monitoring of its own. */
export function withRunbook(runbook: Runbook, options: Parameters<typeof whole>[0] = {}): Promise<Whole> {
  return whole({ registry: { systems: [runbook.system], runbooks: [runbook] }, monitoring: false, ...options });
}

/** One round, with time passing as it asks. @returns what it mended, or what it said that it could not prove */
export async function round(system: Whole, watching = watch(system.around), withinMs?: number): Promise<string | string[]> {
  let ended: string | string[] | undefined;
  void watching(withinMs).then(
    ({ mended }) => {
      ended = mended;
    },
    (error: Error) => {
      ended = error.message;
    },
  );
  await system.until(() => ended !== undefined);
  return ended ?? '';
}

/** Lets time pass, in milliseconds. */
export async function pass(system: Whole, ms: number): Promise<void> {
  const until = after(iso(system.clock.now()), ms);
  void system.clock.sleep(ms);
  await system.until(() => iso(system.clock.now()) >= until, ms);
}

/** When the last heartbeat came, ISO 8601 in UTC. */
export function heartbeat(system: Whole): string | undefined {
  return system.aws.metrics().find(({ namespace, metric }) => namespace === HEARTBEAT.namespace && metric === HEARTBEAT.metric)
    ?.at;
}
