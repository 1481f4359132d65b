import * as z from 'zod';
import type { Kind } from '../language/cluster.ts';

/** Of a Job only this is read: whether it is there, whether it is going, and how it ended. */
export const Job = z.object({
  metadata: z.object({
    name: z.string(),
    deletionTimestamp: z.string().optional(),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  status: z
    .object({
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            reason: z.string().default(''),
            message: z.string().default(''),
          }),
        )
        .default([]),
    })
    .prefault({}),
});
export type Job = z.output<typeof Job>;

export const jobs: Kind<Job> = {
  group: 'batch',
  version: 'v1',
  plural: 'jobs',
  kind: 'Job',
  namespaced: true,
  object: Job,
};

/** Why it ended without success, in its controller's words; `undefined` while it has not. */
export function failureOf({ status }: Job): string | undefined {
  const failed = status.conditions.find(({ type, status: is }) => type === 'Failed' && is === 'True');
  return failed && `${failed.reason || 'Failed'}${failed.message ? `: ${failed.message}` : ''}`;
}
