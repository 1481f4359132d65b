import * as z from 'zod';
import { Signal } from '../../runbooks/language/signal.ts';

/** What one source last said of an alert. */
export const SourceState = z.object({
  id: z.string(),
  kind: Signal.shape.source.shape.kind,
  status: Signal.shape.status,
  /** The event's own time: it only orders the events of this source. */
  eventAt: z.iso.datetime(),
  receivedAt: z.iso.datetime(),
  alarmName: z.string().optional(),
  /** The message in which it last fired. */
  message: z.string().optional(),
});
export type SourceState = z.infer<typeof SourceState>;

/**
 * Who has an alert. One item per dedup key: whoever writes it first opens the incident, however many try.
 * Between incidents it stays as a tombstone of what each source last said, so that nothing old opens another.
 */
export const Claim = z.object({
  v: z.literal(1),
  dedupKey: z.string(),
  /** Absent on a tombstone. */
  incidentId: z.string().optional(),
  /** The incident that it was let go of last: what fires again soon is the same incident. */
  last: z.string().optional(),
  /** `aside` while it is worked on: `incidentId` is then what it will open. */
  state: z.enum(['opening', 'open', 'aside']).optional(),
  /** The maintenance window for which it was put aside. */
  window: z.string().optional(),
  openingSince: z.iso.datetime().optional(),
  severity: z.string().optional(),
  /** Runbooks that have been started for the incident. */
  runbooks: z.array(z.string()).default([]),
  seen: z.number().int().default(0),
  sources: z.array(SourceState),
});
export type Claim = z.infer<typeof Claim>;

/** Clear means all clear: a single source that fires, or has gone quiet, is enough to say no. */
export function allClear(claim: Claim): boolean {
  return claim.sources.every((source) => source.status === 'cleared');
}

/** When monitoring last said that it fires; `undefined` when it never did. */
export function lastFiring(claim: Claim): string | undefined {
  return claim.sources
    .filter((source) => source.status === 'firing')
    .map((source) => source.receivedAt)
    .sort()
    .at(-1);
}
