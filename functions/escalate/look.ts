import * as z from 'zod';
import { between, iso } from '../incident/clock.ts';
import { ClimbInput, LONGEST_WAIT_SECONDS, type Looked } from '../incident/ladder/machine.ts';
import type { Surroundings } from '../surroundings.ts';
import { climb } from './climb.ts';

/** What the escalation machine calls its function with. */
export const LookEvent = z.object({ input: ClimbInput, execution: z.string() });

/** One look at the ladder: sends what is due, and says how long the machine waits until the next. */
export const look =
  (around: Surroundings) =>
  async ({ input: { incidentId, generation, attempt }, execution }: z.output<typeof LookEvent>): Promise<Looked> => {
    const { next } = await climb(around, incidentId, execution, { generation, attempt });
    if (next === null) return { outcome: 'over', waitSeconds: 0 };
    const seconds = Math.ceil(between(iso(around.clock.now()), next) / 1_000);
    return { outcome: 'again', waitSeconds: Math.min(Math.max(1, seconds), LONGEST_WAIT_SECONDS) };
  };
