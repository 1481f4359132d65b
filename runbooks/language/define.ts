import type * as z from 'zod';
import type { Command } from './cluster.ts';
import { type Act, DEFAULT_FRESH_SECONDS, type Draft, type Example, type Given, type Look, type Runbook } from './definition.ts';
import { type Duration, seconds } from './duration.ts';
import { withImpact } from './impact-look.ts';
import type { ProbeCall } from './probe.ts';
import type { Finding, Reason } from './reason.ts';
import { highest, type Safety } from './safety.ts';
import type { Schedule } from './schedule.ts';
import type { Signal } from './signal.ts';
import { faultsOf } from './soundness.ts';
import { type Budget, type HostedSettings, registered, type System } from './system.ts';
import type { Trigger } from './trigger.ts';

interface On<S> {
  /** Of a cluster command: the names of the objects that it is about. Its rights are limited to them, and so is what it asks for. */
  on?: (settings: S) => readonly string[];
}

/** A look at each host, or at the cluster: which command, and with which parameters. */
export interface CommandLook<C extends Command, P, S> extends On<S> {
  command: C;
  with?: (parameters: P, settings: S) => z.input<C['parameters']>;
  /** How old its facts may be when an act depends on them; 60 s if not said. */
  freshFor?: Duration;
  /** What it found, in a line; made from the facts themselves if not said. */
  says?: (facts: z.output<C['facts']>) => string;
}

/** A look from outside, through the front door. */
export interface OutsideLook<C extends ProbeCall, P, S> {
  probe: (parameters: P, settings: S) => C;
  freshFor?: Duration;
  says?: (facts: z.output<C['facts']>) => string;
}

export interface UndoSpec<C extends Command, F, P, S> extends On<S> {
  command: C;
  with: (facts: F, parameters: P, settings: S) => z.input<C['parameters']>;
  /** Set for a temporary change: it is taken back this long after it was made. Otherwise only an unfinished one is undone. */
  takeBackAfter?: Duration;
}

export interface ActSpec<C extends Command, U extends Command, F, P, S> extends On<S> {
  /** Why it is needed now, or why not. Pure: it sees facts, parameters and settings, and no clock. */
  when: (facts: F, parameters: P, settings: S) => Reason;
  command: C;
  with: (facts: F, parameters: P, settings: S) => z.input<C['parameters']>;
  /** What is known of its parameters before there are facts: the line that a person types has these. */
  known?: (parameters: P, settings: S) => Partial<z.input<C['parameters']>>;
  /** Higher than the command's own class where this use of it can do more harm. */
  safety?: Safety;
  /** What a person who is asked must see: the list of what would go. */
  list?: (facts: F, parameters: P, settings: S) => string[];
  /** Only for what asks a person: `another` than the one who started the run by hand. Anyone who is asked, if not said. */
  approver?: 'another';
  /** What it did, in a line; made from its facts if not said. */
  says?: (facts: z.output<C['facts']>) => string;
  undo?: UndoSpec<U, F, P, S>;
}

export interface VerifySpec<L, P, S> {
  looks: L;
  /** `true` when all is well; otherwise what is not, in a sentence. */
  holds: (facts: LookFacts<L>, parameters: P, settings: S) => Finding;
  /** How long to wait after an act before the first check. */
  settle: Duration;
  /** How many good checks in a row mean well. */
  times: number;
  every: Duration;
  within: Duration;
}

export interface EscalateSpec<F, P, S> {
  to: string;
  /** Roles that are paged instead, each where the facts say so. The first that holds is taken. */
  instead?: Readonly<Record<string, (facts: F, parameters: P, settings: S) => boolean>>;
  /** The severity that the facts give it, where that is worse than the alarm's: no fact makes an incident milder. */
  asBadAs?: (facts: F, parameters: P, settings: S) => string | undefined;
  tell: (facts: F, parameters: P, settings: S) => string;
}

type LookFacts<L> = {
  [K in keyof L]: L[K] extends { command: infer C extends Command }
    ? z.output<C['facts']>
    : L[K] extends { probe: (...given: never[]) => infer C extends ProbeCall }
      ? z.output<C['facts']>
      : never;
};

export interface Identity<P extends z.ZodObject> {
  title: string;
  symptom: string;
  owner: string;
  triggers: readonly Trigger[];
  parameters: P;
  /** What a signal says of the parameters: which mount is full. Values that the schema refuses are left out. */
  fromSignal?: (signal: Pick<Signal, 'labels' | 'value'>) => Partial<Record<keyof z.input<P>, unknown>>;
  /** How long the alarm may still fire after all was verified well; 15 minutes if not said. */
  clearsWithin?: Duration;
  /** What the page asks of people, and why it is not automated. */
  people?: readonly string[];
  /** What the page says to do so that it does not happen again. */
  prevention?: readonly string[];
}

/** A name for keys and state names: lower case, digits and dashes. */
export function slug(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

function commandLook<C extends Command, P, S>(key: string, title: string, look: CommandLook<C, P, S>): Look {
  const { command }: { command: Command } = look;
  const common = {
    key,
    title,
    with: (p: unknown, s: unknown): Given => look.with?.(p as P, s as S) ?? {},
    freshSeconds: look.freshFor ? seconds(look.freshFor) : DEFAULT_FRESH_SECONDS,
    says: (facts: unknown) => look.says?.(facts as z.output<C['facts']>),
  };
  return command.kind === 'host'
    ? { kind: 'host', command, ...common }
    : { kind: 'cluster', command, on: (s) => look.on?.(s as S) ?? [], ...common };
}

function anyLook<P, S>(key: string, title: string, look: CommandLook<Command, P, S> | OutsideLook<ProbeCall, P, S>): Look {
  if ('command' in look) return commandLook(key, title, look);
  return {
    kind: 'probe',
    key,
    title,
    probe: (p, s) => look.probe(p as P, s as S),
    freshSeconds: look.freshFor ? seconds(look.freshFor) : DEFAULT_FRESH_SECONDS,
    says: (facts) => look.says?.(facts as z.output<ProbeCall['facts']>),
  };
}

/**
 * A runbook as it is being written. `F` gathers the facts of the diagnoses so far, so that a later step sees the
 * typed facts of the earlier ones. The casts that this needs are all in this file; a runbook has none.
 */
export class RunbookDraft<S extends HostedSettings, P, F> {
  private readonly draft: Draft;
  constructor(draft: Draft) {
    this.draft = draft;
  }

  /** A read-only step. All of them run in parallel; one that fails is recorded, and the rest goes on. */
  diagnose<K extends string, C extends Command>(
    key: K,
    title: string,
    look: CommandLook<C, P, S>,
  ): RunbookDraft<S, P, F & Record<K, z.output<C['facts']>>>;
  diagnose<K extends string, C extends ProbeCall>(
    key: K,
    title: string,
    look: OutsideLook<C, P, S>,
  ): RunbookDraft<S, P, F & Record<K, z.output<C['facts']>>>;
  diagnose(key: string, title: string, look: CommandLook<Command, P, S> | OutsideLook<ProbeCall, P, S>): RunbookDraft<S, P, F> {
    this.draft.looks = [...this.draft.looks, anyLook(key, title, look)];
    return new RunbookDraft(this.draft);
  }

  /** A step that changes something, carried out in the order in which the acts are written. */
  act<C extends Command, U extends Command>(title: string, spec: ActSpec<C, U, F, P, S>): RunbookDraft<S, P, F> {
    const { undo } = spec;
    const act: Act = {
      key: slug(title),
      title,
      command: spec.command,
      on: (s) => spec.on?.(s as S) ?? [],
      safety: highest([spec.command.safety, spec.safety ?? 'observe']),
      when: (facts, p, s) => spec.when(facts as F, p as P, s as S),
      with: (facts, p, s) => spec.with(facts as F, p as P, s as S),
      known: (p, s) => spec.known?.(p as P, s as S) ?? {},
      list: (facts, p, s) => spec.list?.(facts as F, p as P, s as S) ?? [],
      approver: spec.approver ?? 'anyone',
      says: (facts) => spec.says?.(facts as z.output<C['facts']>),
      undo: undo
        ? {
            command: undo.command,
            on: (s) => undo.on?.(s as S) ?? [],
            with: (facts, p, s) => undo.with(facts as F, p as P, s as S),
            takeBackSeconds: undo.takeBackAfter ? seconds(undo.takeBackAfter) : null,
          }
        : null,
    };
    this.draft.acts = [...this.draft.acts, act];
    return new RunbookDraft(this.draft);
  }

  /** How it is known that all is well again. Required whenever there is an act. */
  verify<L extends Record<string, CommandLook<Command, P, S> | OutsideLook<ProbeCall, P, S>>>(
    title: string,
    spec: VerifySpec<L, P, S>,
  ): RunbookDraft<S, P, F> {
    this.draft.verify = {
      title,
      looks: Object.entries(spec.looks).map(([key, look]) => anyLook(key, `${title}: ${key}`, look)),
      holds: (facts, p, s) => spec.holds(facts as LookFacts<L>, p as P, s as S),
      settleSeconds: seconds(spec.settle),
      times: spec.times,
      everySeconds: seconds(spec.every),
      withinSeconds: seconds(spec.within),
    };
    return new RunbookDraft(this.draft);
  }

  /** Who is paged when it ends at a person, and what they must be told. */
  escalate(spec: EscalateSpec<F, P, S>): RunbookDraft<S, P, F> {
    this.draft.escalate = {
      to: spec.to,
      others: Object.keys(spec.instead ?? {}),
      instead: (facts, p, s) => Object.entries(spec.instead ?? {}).find(([, where]) => where(facts as F, p as P, s as S))?.[0],
      asBadAs: (facts, p, s) => spec.asBadAs?.(facts as F, p as P, s as S),
      tell: (facts, p, s) => spec.tell(facts as F, p as P, s as S),
    };
    return new RunbookDraft(this.draft);
  }

  /** Starts it at times of its own, without an alarm. What is well then wakes nobody; what is not is for a person. */
  schedule(...schedules: Schedule[]): RunbookDraft<S, P, F> {
    this.draft.schedules = schedules;
    return new RunbookDraft(this.draft);
  }

  /**
   * Of a runbook that only looks and has a schedule: `true` when what was found needs nobody, otherwise what does, in a sentence.
   * One with acts has its verification for that.
   */
  expects(holds: (facts: F, parameters: P, settings: S) => Finding): RunbookDraft<S, P, F> {
    this.draft.expects = (facts, p, s) => holds(facts as F, p as P, s as S);
    return new RunbookDraft(this.draft);
  }

  /** Other runbooks of the system that this one explains away while it works, by name. */
  supersedes(...names: string[]): RunbookDraft<S, P, F> {
    this.draft.supersedes = names;
    return new RunbookDraft(this.draft);
  }

  /** Fewer acts per window than the system's budgets allow. */
  limits(limits: Budget): RunbookDraft<S, P, F> {
    this.draft.limits = limits;
    return new RunbookDraft(this.draft);
  }

  /**
   * Closes the runbook: every example is played by the suite.
   * @throws {Error} naming the runbook and what its definition lacks
   */
  examples(...examples: Example[]): Runbook {
    this.draft.examples = examples;
    this.draft.safety = highest(this.draft.acts.map((act) => act.safety));
    const faults = faultsOf(this.draft);
    if (faults.length > 0) throw new Error(`runbook ${this.draft.id}: ${faults.join('; ')}`);
    return Object.freeze({ ...this.draft, looks: withImpact(this.draft) });
  }
}

/**
 * Begins a runbook of a system.
 * @param name equal to the file's name: `runbooks/<system>/<name>.ts`
 */
export function runbook<S extends HostedSettings, P extends z.ZodObject>(
  system: System<S>,
  name: string,
  identity: Identity<P>,
): RunbookDraft<S, z.output<P>, unknown> {
  return new RunbookDraft<S, z.output<P>, unknown>({
    ...identity,
    id: `${system.id}/${name}`,
    name,
    system: registered(system),
    fromSignal: (signal) => ({ ...identity.fromSignal?.(signal) }),
    clearsWithinSeconds: seconds(identity.clearsWithin ?? '15m'),
    people: identity.people ?? [],
    prevention: identity.prevention ?? [],
    looks: [],
    acts: [],
    verify: null,
    escalate: { to: system.firstResponder, others: [], instead: () => undefined, asBadAs: () => undefined, tell: () => '' },
    schedules: [],
    expects: null,
    supersedes: [],
    limits: null,
    examples: [],
    safety: 'observe',
  });
}
