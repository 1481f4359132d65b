import * as z from 'zod';

/**
 * One alert of one source, at one moment, in the responder's own words. Every source is turned into this
 * shape at the edge (`functions/intake/normalise`), and nothing behind the edge knows where it came from.
 */
export const Signal = z.strictObject({
  v: z.literal(1),
  /** The system's id, such as `sira`. */
  system: z.string().min(1),
  /** The alert's declared name, such as `DiskSpaceLow`. */
  alert: z.string().min(1),
  /** The canonical name of what is ill (a host's name where the system knows it), or `''` for the system as a whole. */
  target: z.string(),
  /**
   * `firing` and `cleared` say what they say. `unknown` is CloudWatch's INSUFFICIENT_DATA: it is no recovery.
   */
  status: z.enum(['firing', 'cleared', 'unknown']),
  /** Why the source itself holds its actions back (suppressed or muted); such a signal is recorded and starts nothing. */
  suppressed: z.string().optional(),
  /** The severity that the source gave, in its own words, if any. The runbook's trigger decides the incident's severity. */
  severity: z.string().optional(),
  /** The measured value, in the unit that the alert's declaration states (`HighErrorRate`: percent). */
  value: z.number().optional(),
  labels: z.record(z.string(), z.string()),
  /** What the source says of it in a sentence; untrusted text. */
  summary: z.string(),
  /** When it happened at its source, ISO 8601 in UTC. It only orders the signals of one source. */
  eventAt: z.iso.datetime(),
  /** When it reached the queue, ISO 8601 in UTC. Ages count from here. */
  receivedAt: z.iso.datetime(),
  source: z.strictObject({
    kind: z.enum(['cloudwatch', 'alertmanager', 'grafana', 'person']),
    /** Tells two sources of the same alert apart: the alarm's ARN, or the rule's fingerprint. */
    id: z.string().min(1),
    /** CloudWatch only: the alarm's name, with which its state can be asked again. */
    alarmName: z.string().optional(),
    /** A page about it, if the source gave one. Only http and https. */
    url: z.string().optional(),
  }),
  dedupKey: z.string().min(1),
});
export type Signal = z.infer<typeof Signal>;

/**
 * Version 1 of the dedup key: system, alert, canonical target. Never the fingerprint, value, severity or source,
 * so that two monitors of one fault open one incident. A colon within a part is written as `%3A`, and `%` as `%25`.
 */
export function dedupKey(system: string, alert: string, target: string): string {
  return ['v1', ...[system, alert, target].map((part) => part.replace(/[:%]/g, encodeURIComponent))].join(':');
}

/** What a dedup key was made of. */
export function partsOfKey(key: string): Pick<Signal, 'system' | 'alert' | 'target'> {
  const [, system = '', alert = '', target = ''] = key.split(':').map((part) => part.replace(/%3A|%25/g, decodeURIComponent));
  return { system, alert, target };
}
