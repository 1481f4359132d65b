import * as z from 'zod';
import { answer } from '../console/commands/answer.ts';
import { checked } from '../console/rejected.ts';
import { type ApprovalView, approvalView } from '../console/views/approval.ts';
import type { Surroundings } from '../surroundings.ts';

/** The rest is the answer, and checked as such. */
const Addressed = z.looseObject({ id: z.string() });

/**
 * A person's answer to a question: `{id: "<incident>.<approval>", decision: "approve" | "deny", reason, by}`. The id stands in the
 * mail that asks.
 */
export const approve =
  (around: Surroundings) =>
  async (given: unknown): Promise<ApprovalView> => {
    const { id, ...said } = checked(Addressed, given);
    return approvalView(await answer(around)(id, said));
  };
