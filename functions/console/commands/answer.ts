import * as z from 'zod';
import { decide, NotTheirs, TooLate } from '../../approve/decide.ts';
import { type Actor, person } from '../../incident/actor.ts';
import type { Approval } from '../../incident/records.ts';
import type { Surroundings } from '../../surroundings.ts';
import { absent, checked, conflict } from '../rejected.ts';
import { By, Reason } from './given.ts';
import { knownIncident } from './known.ts';

const Answer = z.strictObject({
  decision: z.enum(['approve', 'deny']),
  reason: Reason,
  /** Who answers for it: a destructive act is approved by somebody with a name. */
  by: By,
  /** Said beside the id by whoever has it; the id itself says it too. */
  incidentId: z.string().optional(),
});
/** The same from somebody who need not say who they are. */
const Proven = Answer.omit({ by: true });
const DECISIONS = { approve: 'approved', deny: 'denied' } as const;

/**
 * A person's answer to a question.
 * @param address as `approvalAddress` makes it
 * @param proven whoever their way in has proven them to be, where it has; never from what was sent
 */
export const answer =
  (around: Surroundings) =>
  async (address: string, given: unknown, proven?: Actor): Promise<Approval> => {
    const { decision, reason, incidentId: said, by } = answered(given, proven);
    const dot = address.indexOf('.');
    const [incidentId, approvalId] = [address.slice(0, Math.max(0, dot)), address.slice(dot + 1)];
    const unknown = () => absent('id', '<incident id>.<approval id>', `there is no question ${address.slice(0, 160)}`);
    if (dot < 1 || (said !== undefined && said !== incidentId)) throw unknown();
    await knownIncident(around, incidentId);
    const approvals = await around.store.people.approvals(incidentId);
    if (!approvals.some((approval) => approval.id === approvalId)) throw unknown();
    try {
      return await decide(around, { incidentId, approvalId, decision: DECISIONS[decision], by, reason });
    } catch (error) {
      if (error instanceof TooLate) throw conflict('decision', 'a question that is still open', error.message);
      if (error instanceof NotTheirs) throw conflict('by', 'another person than the one who asked', error.message);
      throw error;
    }
  };

function answered(given: unknown, proven: Actor | undefined) {
  if (proven) return { ...checked(Proven, given), by: proven };
  const { by, ...said } = checked(Answer, given);
  return { ...said, by: person(by) };
}
