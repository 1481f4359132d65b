import { iso } from '../../incident/clock.ts';
import { logUnreadable } from '../../log.ts';
import type { Surroundings } from '../../surroundings.ts';

/** A change that is still to be taken back, by what its act wrote down before it made it. */
export interface Change {
  incident: string;
  /** What was done, and why. */
  title: string;
  because: string;
  host: string;
  /** Since when, in UTC. */
  since: string;
  /** Until when, in UTC; `null` for one that was left half done, which is taken back as soon as its run is over. */
  until: string | null;
  /** The command that takes it back. */
  undo: string;
  state: 'planned' | 'due' | 'under way';
}

/** What is still to be taken back, what is due first at the top: one query, of what the auditor goes by too. */
export async function changes(around: Surroundings): Promise<Change[]> {
  const now = iso(around.clock.now());
  const debts = await around.store.steps.debts(logUnreadable);
  return debts.flatMap(({ incidentId, act: { undo, title, because, host, startedAt } }): Change[] => {
    if (!undo) return [];
    const { due: until, begunAt, call } = undo;
    const state = begunAt ? 'under way' : until === null || until <= now ? 'due' : 'planned';
    return [{ incident: incidentId, title, because, host, since: startedAt, until, undo: call.command, state }];
  });
}
