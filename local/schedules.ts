import type { Clock } from '../functions/incident/clock.ts';
import { iso } from '../functions/incident/clock.ts';
import type { Surroundings } from '../functions/surroundings.ts';
import { nextDue } from '../runbooks/language/schedule.ts';

/** A timer holds no longer wait than 24 days, and a clock may be set meanwhile: it looks again at least this often. */
const MOST_MS = 3_600_000;

export interface Schedules {
  stop(): void;
}

/**
 * Starts the runbooks that have a schedule at their times, as the deployed rules do. A time that passed while nothing ran is not made
 * up for. Two processes on the same data would start one execution: it is named by its time.
 *
 * @param failed told of a start that failed; the next time is tried all the same
 */
export function startSchedules(around: Surroundings, clock: Clock, failed: (error: unknown) => void): Schedules {
  const due = around.runbooks.flatMap((runbook) => runbook.schedules.map((schedule) => ({ runbook, schedule })));
  let stopped = false;

  async function start(at: Date, { runbook, schedule }: (typeof due)[number]): Promise<void> {
    const name = `schedule-${schedule.name}-${iso(at).slice(0, 16).replace(/\D/g, '')}`;
    await around.machines.start(around.names.stateMachine(runbook.id), name, { schedule: schedule.name }).catch(failed);
  }

  async function go(): Promise<void> {
    let from = clock.now();
    while (!stopped) {
      const times = due.map((one) => ({ one, at: nextDue(one.schedule, from) }));
      const next = new Date(Math.min(...times.map(({ at }) => at.getTime())));
      while (!stopped && clock.now() < next) await clock.sleep(Math.min(MOST_MS, next.getTime() - clock.now().getTime()));
      if (stopped) return;
      for (const { one, at } of times) if (at.getTime() === next.getTime()) await start(at, one);
      from = next;
    }
  }

  if (due.length > 0) void go();
  return {
    stop: () => {
      stopped = true;
    },
  };
}
