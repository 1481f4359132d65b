import { iso } from '../../functions/incident/clock.ts';
import type { Whole } from '../local/whole.ts';

/** What `leaveOneFile` is counted under. */
export const LEAVING = { system: 'sira', verb: 'leave', resource: 'sira-prod-1/host' };

/** Uses up the budget of `leaveOneFile`: three acts in an hour. */
export async function useUpTheBudget({ around, clock }: Pick<Whole, 'around' | 'clock'>): Promise<void> {
  for (const key of ['a', 'b', 'c']) {
    const seen = await clock.during(around.store.controls.breaker(LEAVING));
    await clock.during(around.store.controls.count(LEAVING, key, iso(clock.now()), seen, seen?.acts ?? []));
  }
}
