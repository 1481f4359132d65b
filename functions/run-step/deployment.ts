import * as z from 'zod';

/** A deployment that ended less than this ago may be the cause, and may still be settling. */
export const RECENT_SECONDS = 15 * 60;

/** What the gate reads of the diagnosis called `deployment`, whichever command gave it. */
const Deployment = z.object({
  underWay: z.boolean(),
  endedSecondsAgo: z.number().nullable(),
  comparable: z.boolean().default(true),
  sign: z.string(),
});

/**
 * Why a deployment makes an act ask, or `null` when none does.
 * A fact that can't be read counts as a deployment: it asks a person rather than guess.
 */
export function deploymentSign(fact: unknown): string | null {
  const read = Deployment.safeParse(fact);
  if (!read.success) return 'whether a deployment runs is not known';
  const { underWay, endedSecondsAgo, comparable, sign } = read.data;
  if (underWay) return `a deployment runs: ${sign}`;
  if (endedSecondsAgo !== null && endedSecondsAgo < RECENT_SECONDS)
    return `a deployment ended ${Math.round(endedSecondsAgo / 60)} min ago: ${sign}`;
  // Any doubt is a person's: what can't be compared may have changed.
  return comparable ? null : sign;
}
