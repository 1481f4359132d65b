import * as z from 'zod';
import type { Duration } from './duration.ts';

/** What a look from outside, through the front door, can find. */
export const HttpFacts = z.object({
  url: z.string(),
  /** The answer's status, or 0 when there was none. */
  status: z.number(),
  /** Whether the status was one of those expected. */
  well: z.boolean(),
  /** How long the answer took, in milliseconds. */
  tookMs: z.number(),
  /** Why there was no answer, in the network's own words; empty when there was one. */
  error: z.string(),
});
export type HttpFacts = z.infer<typeof HttpFacts>;

/** A GET of one URL from the function itself: never from the host that may be ill. */
export interface ProbeCall<Facts = HttpFacts> {
  kind: 'probe';
  url: string;
  expect: number[];
  timeout: Duration;
  facts: z.ZodType<Facts>;
}

/**
 * @param url where to look; redirects are followed
 * @param expect the statuses that mean well; 200 if not said
 */
export function httpProbe(url: string, expect: number[] = [200], timeout: Duration = '5s'): ProbeCall {
  return { kind: 'probe', url, expect, timeout, facts: HttpFacts };
}
