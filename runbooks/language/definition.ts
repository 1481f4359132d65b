import type * as z from 'zod';
import type { ClusterCommand, Command } from './cluster.ts';
import type { HostCommand } from './command.ts';
import type { Facts } from './facts.ts';
import type { ProbeCall } from './probe.ts';
import type { Finding, Reason } from './reason.ts';
import type { Safety } from './safety.ts';
import type { Schedule } from './schedule.ts';
import type { Signal } from './signal.ts';
import type { Budget, System } from './system.ts';
import type { Trigger } from './trigger.ts';

/** How a runbook is tried: the fault that makes the system ill, what starts it, and how it must end. */
export interface Example {
  name: string;
  /** The time of the day at which it begins, `HH:MM` in UTC; in the small hours if not said. */
  at?: string;
  /** Faults of the simulation, by id. */
  faults: string[];
  /** The alert that starts it; a run by hand when there is none. */
  alert?: { name: string; value?: number; target?: string };
  /** Or the schedule that does, by its name. */
  schedule?: string;
  parameters?: Record<string, unknown>;
  dryRun?: boolean;
  /** What a person answers when asked; silence if not said. */
  answers?: 'approve' | 'deny';
  /** Titles of the acts that must have been carried out, in order. Nothing else may have been. */
  acts: string[];
  ends: 'resolved' | 'escalated' | 'succeeded';
  /** How often it is handed to people, or they are told of what went wrong after its run: whom that pages, the ladder says. */
  pages: number;
}

/** Parameters as a runbook gives them: the command checks them. */
export type Given = Record<string, unknown>;

/** One look of a finished runbook: types are gone, because the table holds facts as JSON. */
export type Look =
  | {
      kind: 'host';
      key: string;
      title: string;
      command: HostCommand;
      with: (p: unknown, s: unknown) => Given;
      freshSeconds: number;
      says: (f: unknown) => string | undefined;
    }
  | {
      kind: 'cluster';
      key: string;
      title: string;
      command: ClusterCommand;
      /** The names of the objects that it is about. */
      on: (s: unknown) => readonly string[];
      with: (p: unknown, s: unknown) => Given;
      freshSeconds: number;
      says: (f: unknown) => string | undefined;
    }
  | {
      kind: 'probe';
      key: string;
      title: string;
      probe: (p: unknown, s: unknown) => ProbeCall;
      freshSeconds: number;
      says: (f: unknown) => string | undefined;
    };

export interface Act {
  /** The step's name in keys: made of the title. */
  key: string;
  title: string;
  command: Command;
  /** Of a cluster command: the names of the objects that it is about. */
  on: (settings: unknown) => readonly string[];
  safety: Safety;
  when: (facts: Facts, parameters: unknown, settings: unknown) => Reason;
  with: (facts: Facts, parameters: unknown, settings: unknown) => Given;
  /** What is known of those before there are facts, for the line that a person types. */
  known: (parameters: unknown, settings: unknown) => Given;
  list: (facts: Facts, parameters: unknown, settings: unknown) => string[];
  /** Who may say yes: anybody who is asked, or nobody but another person than the one who started the run. */
  approver: 'anyone' | 'another';
  says: (facts: unknown) => string | undefined;
  undo: {
    command: Command;
    on: (settings: unknown) => readonly string[];
    with: (facts: Facts, parameters: unknown, settings: unknown) => Given;
    takeBackSeconds: number | null;
  } | null;
}

export interface Verify {
  title: string;
  looks: Look[];
  holds: (facts: Facts, parameters: unknown, settings: unknown) => Finding;
  settleSeconds: number;
  times: number;
  everySeconds: number;
  withinSeconds: number;
}

export interface Runbook {
  id: string;
  name: string;
  system: System;
  title: string;
  symptom: string;
  owner: string;
  triggers: readonly Trigger[];
  parameters: z.ZodObject;
  fromSignal: (signal: Pick<Signal, 'labels' | 'value'>) => Record<string, unknown>;
  clearsWithinSeconds: number;
  people: readonly string[];
  prevention: readonly string[];
  looks: readonly Look[];
  acts: readonly Act[];
  verify: Verify | null;
  escalate: {
    to: string;
    /** Another role, or a worse severity, where the facts say so. */
    instead: (facts: Facts, parameters: unknown, settings: unknown) => string | undefined;
    asBadAs: (facts: Facts, parameters: unknown, settings: unknown) => string | undefined;
    /** Every role that `instead` may name: the right to page them follows from it. */
    others: readonly string[];
    tell: (facts: Facts, parameters: unknown, settings: unknown) => string;
  };
  schedules: readonly Schedule[];
  /** Of a runbook that only looks: whether what was found is for a person, when a schedule started it. */
  expects: ((facts: Facts, parameters: unknown, settings: unknown) => Finding) | null;
  supersedes: readonly string[];
  limits: Budget | null;
  examples: readonly Example[];
  safety: Safety;
}

/** A runbook that is still being written. */
export type Draft = { -readonly [K in keyof Runbook]: Runbook[K] };

/** The system's budget for an act's verb. */
export function budgetOf(system: Pick<System, 'budgets'>, act: Pick<Act, 'command'>): Budget {
  return system.budgets[act.command.verb ?? 'default'] ?? system.budgets.default;
}

/** Facts of one look are fresh for this long, counted from the end of its command, if it does not say otherwise. */
export const DEFAULT_FRESH_SECONDS = 60;
