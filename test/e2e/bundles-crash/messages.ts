import * as z from 'zod';

/** What the Lambda service says to an environment. Times are milliseconds since 1970 of the stage's clock. */
export type ToEnvironment = { kind: 'invoke'; now: number; functionName: string; event: unknown } | { kind: 'wake'; now: number };

/** What an environment says to the Lambda service. */
export const FromEnvironment = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('returned'), result: z.unknown() }),
  z.object({ kind: z.literal('threw'), name: z.string(), message: z.string() }),
  /** It has nothing to do until then. */
  z.object({ kind: z.literal('sleeps'), until: z.number() }),
]);
export type FromEnvironment = z.infer<typeof FromEnvironment>;
