import type { Clock } from '../../../functions/incident/clock.ts';
import type { ShimAnswer } from './rpc.ts';

/** A clock that stands still while scripts are at work is told when a script only sleeps. */
export type SimulatedClock = Clock & { resting?<T>(wait: Promise<T>): Promise<T> };

/** `sleep 5`, `sleep 1m`: on the simulation's clock. */
export async function sleep(clock: SimulatedClock, args: string[]): Promise<ShimAnswer> {
  const units: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };
  for (const text of args) {
    const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text) ?? [];
    if (number === undefined) return { exitCode: 1, stdout: '', stderr: `sleep: invalid time interval ‘${text}’\n` };
    const slept = clock.sleep(Number(number) * (units[unit || 's'] ?? 1) * 1_000);
    await (clock.resting?.(slept) ?? slept);
  }
  return { exitCode: 0, stdout: '', stderr: '' };
}
