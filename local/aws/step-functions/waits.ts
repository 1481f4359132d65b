import * as z from 'zod';
import type { Clock } from '../../../functions/incident/clock.ts';
import { TaskError } from './task-error.ts';

const Length = z.union([z.object({ seconds: z.number().int().min(0) }), z.object({ until: z.iso.datetime({ offset: true }) })]);

/** setTimeout's limit is 24.8 days; longer waits are slept in parts. */
const LONGEST_SLEEP_MS = 86_400_000;

/**
 * A Wait state, slept by the clock.
 * @throws {TaskError} `States.Runtime` when the length that a path points to is no whole number of seconds, or no time
 */
export async function wait(clock: Clock, length: unknown, alive: () => boolean): Promise<null> {
  const parsed = Length.safeParse(length);
  if (!parsed.success) throw new TaskError('States.Runtime', `a Wait can't wait for ${JSON.stringify(length)}`);
  let left = 'seconds' in parsed.data ? parsed.data.seconds * 1_000 : Date.parse(parsed.data.until) - clock.now().getTime();
  for (; left > 0 && alive(); left -= LONGEST_SLEEP_MS) await clock.sleep(Math.min(left, LONGEST_SLEEP_MS));
  return null;
}
