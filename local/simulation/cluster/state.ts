import * as z from 'zod';
import { KubeObject } from './objects.ts';

const instant = z.iso.datetime();

const LogLine = z.strictObject({ at: instant, text: z.string() });
export type LogLine = z.infer<typeof LogLine>;

/** What is known of a pod beside its object. */
const Life = z.strictObject({
  /** What its container said at a certain moment; lines that come again and again are made when they are asked for. */
  said: z.array(LogLine),
  /** When and how the container that runs now ends, where that is settled already. */
  ends: z.strictObject({ at: instant, exitCode: z.int(), reason: z.string() }).optional(),
});
export type Life = z.infer<typeof Life>;

/** Connections to PostgreSQL, which is outside of the cluster, that a fault has made. */
const Session = z.strictObject({
  pid: z.int(),
  role: z.string(),
  database: z.string(),
  application: z.string(),
  state: z.enum(['active', 'idle', 'idle in transaction']),
  stateChange: instant,
  queryStart: instant,
  query: z.string(),
  /** The pod that holds it: with the pod it goes. */
  pod: z.string().optional(),
});
export type Session = z.infer<typeof Session>;

/** Everything about the simulated cluster. */
export const ClusterState = z.strictObject({
  v: z.literal(1),
  /** Counts changes: resource versions, uids and names are made from it, without chance. */
  serial: z.int(),
  /** Up to when its controllers have worked. */
  settled: instant,
  objects: z.record(z.string(), KubeObject),
  /** By the pod's uid. */
  lives: z.record(z.string(), Life),
  sessions: z.array(Session),
  /** By the fault's id: since when it is on, and what was before, to be put back when it is switched off. */
  faults: z.record(z.string(), z.strictObject({ since: instant, before: z.string().optional() })),
});
export type ClusterState = z.infer<typeof ClusterState>;

export const emptyState = (now: number): ClusterState => ({
  v: 1,
  serial: 1000,
  settled: new Date(now).toISOString(),
  objects: {},
  lives: {},
  sessions: [],
  faults: {},
});

/** As Kubernetes writes times: whole seconds. */
export const stamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
