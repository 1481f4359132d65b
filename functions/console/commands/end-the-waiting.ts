import { decide, TooLate } from '../../approve/decide.ts';
import type { Actor } from '../../incident/actor.ts';
import type { Surroundings } from '../../surroundings.ts';

/**
 * Answers every open question of an incident with a no, so that a run that waits for a person ends. The answer is recorded
 * before the run is told, so that `watch` can repeat what got lost; a question whose state has not begun to wait finds it there.
 */
export async function endTheWaiting(around: Surroundings, incidentId: string, by: Actor, reason: string): Promise<void> {
  const open = (await around.store.people.approvals(incidentId)).filter((approval) => !approval.decision);
  for (const approval of open) {
    try {
      await decide(around, { incidentId, approvalId: approval.id, decision: 'denied', by, reason });
    } catch (error) {
      // Somebody answered at the same moment, or its time ended: either way it is answered.
      if (!(error instanceof TooLate)) throw error;
    }
  }
}
