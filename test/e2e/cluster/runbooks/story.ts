import type { Seen } from './seen.ts';

/** What is asked in a pod: its name where it is one that the story knows, the program, and its words. */
export interface Asked {
  pod: string;
  program: string;
  words: string[];
}

/** What one says who is asked in a pod. */
export interface Said {
  exitCode: number;
  text: string;
}

/** What is played: an illness, and how the world around the cluster answers meanwhile. */
export interface Story {
  /** Whose incident it is, such as `saveit/high-cpu`. */
  runbook: string;
  alert?: { name: string; value: number; form?: 'grafana' };
  /** Whether it is ill still: the alarm and what users feel go by it. Never, if not said. */
  ill?: (seen: Seen) => boolean;
  /** `false`: users do not feel it; readiness and the rate of errors are well. */
  felt?: boolean;
  /** What programs in pods say. A program that is not there, if not said. */
  inside?: (asked: Asked, seen: Seen) => Said | Promise<Said>;
  /** What the world does when the cluster has changed. It is called again and again. */
  react?: (seen: Seen) => Promise<void>;
  /** Whether something else of the real world is at work still, for which the clock must wait. */
  waits?: (seen: Seen) => boolean;
}
