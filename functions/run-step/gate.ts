import type { GateAnswer } from '../../runbooks/language/gate-answer.ts';
import type { Reason } from '../../runbooks/language/reason.ts';
import type { Safety } from '../../runbooks/language/safety.ts';
import type { Mode } from '../incident/control.ts';
import { type Override, spokenOverride } from '../incident/override.ts';

/** What the gate is told. It asks nobody itself: everything that decides is here, so that every rule can be tried alone. */
export interface GateInput {
  /** Why the act is needed, or which fact it depends on is missing and why. */
  reason: Reason | { missing: string };
  /** Facts that the reason was made of and that are too old, each as a sentence. */
  stale: readonly string[];
  passesLeft: number;
  /** Who asked the automation to stop, or took over. */
  stopped: string | null;
  /** Who works on the system, and until when. */
  maintenance: string | null;
  dryRun: boolean;
  /** A person asked for this run, however long ago: `recentReason` says whether that was just now. */
  askedByPerson: boolean;
  /** What the person who asked for this run goes over, who they are and why; `null` where they go over nothing, and for every alarm's run. */
  override: { of: readonly Override[]; by: string; because: string } | null;
  /** A schedule asked for it, which is written down in the runbook. */
  scheduled: boolean;
  /** Whether the run was started by an alarm, and if so what it says now at its source. `unknown`: it can't be asked. */
  alarm: 'none' | 'firing' | 'clear' | 'unknown';
  /** Whether signal, approval or a person's request is younger than five minutes. */
  recentReason: boolean;
  mode: Mode;
  safety: Safety;
  breaker: { left: number; of: string };
  /** Why a deployment may be under way, or `null`. */
  deployment: string | null;
  approval: 'approved' | 'denied' | 'none';
  /** Why nobody can be found who may approve it, where another person must than the one who asked. */
  nobodyToAsk: string | null;
  /** Who holds the system's lock, if it is not this run. */
  lockedBy: string | null;
  /** Whose runbook is at work on what explains this one away. */
  supersededBy: string | null;
  /** Whether it has waited for the lock longer than any run may hold it. */
  waitedTooLong: boolean;
  /** A host that this act did not make well: the next one is not touched. */
  notWell: string | null;
}

export interface GateDecision {
  answer: GateAnswer;
  reasons: string[];
  /** Set where only the rehearsal or the mode held it back: what it would have done is told. */
  held?: 'rehearsal' | 'observe';
}

/** A rule answers, or lets the next one decide. The order of the rules is the order of this list. */
type Rule = (input: GateInput) => GateDecision | undefined;

const say = (answer: GateAnswer, ...reasons: string[]): GateDecision => ({ answer, reasons });

const waits = (holder: string) => say('running', `waits for ${holder}, which works on the system`);

const RULES: readonly Rule[] = [
  ({ stopped }) => (stopped ? say('refused', stopped) : undefined),
  // Before all facts: what they say now is the other's doing.
  ({ supersededBy, waitedTooLong }) => {
    if (!supersededBy) return undefined;
    return waitedTooLong
      ? say('refused', `${supersededBy} has been at work on what explains this for too long: waiting any longer would be silence`)
      : say('running', `waits for ${supersededBy}, which is at work on what explains this`);
  },
  ({ reason }) => ('missing' in reason ? say('refused', reason.missing) : undefined),
  ({ lockedBy, waitedTooLong }) =>
    lockedBy && waitedTooLong
      ? say('refused', `${lockedBy} has worked on the system for too long: waiting for it any longer would be silence`)
      : undefined,
  // What is seen while another run works is old again when its turn comes: it looks afresh then.
  ({ stale, lockedBy, dryRun, mode }) =>
    stale.length > 0 && lockedBy && !dryRun && mode !== 'observe' ? waits(lockedBy) : undefined,
  ({ stale, passesLeft }) => {
    if (stale.length === 0) return undefined;
    return passesLeft > 0 ? say('stale', ...stale) : say('refused', ...stale, 'looked again as often as this runbook may');
  },
  ({ notWell }) => (notWell ? say('refused', notWell) : undefined),
  ({ reason }) => ('needed' in reason && !reason.needed ? say('skipped', reason.why) : undefined),
  ({ alarm, askedByPerson }) => (alarm === 'clear' && !askedByPerson ? say('skipped', 'the alarm has cleared') : undefined),
  ({ dryRun }) => (dryRun ? { ...say('skipped', 'rehearsal: nothing is changed'), held: 'rehearsal' } : undefined),
  ({ mode }) =>
    mode === 'observe' ? { ...say('skipped', 'the mode is observe: automation only looks'), held: 'observe' } : undefined,
  // Nothing is changed under the hands of whoever works on it.
  ({ maintenance }) => (maintenance ? say('refused', maintenance) : undefined),
  ({ alarm, recentReason }) =>
    alarm === 'unknown' && !recentReason
      ? say('refused', 'the alarm cannot be asked at its source, and nothing younger than five minutes says that it fires')
      : undefined,
  (input) =>
    hasTripped(input) && !goesOver(input, 'breaker')
      ? say('refused', `the breaker has tripped: ${input.breaker.of} are used up`)
      : undefined,
  ({ approval }) => (approval === 'denied' ? say('refused', 'a person said no') : undefined),
  ({ nobodyToAsk }) => (nobodyToAsk ? say('refused', nobodyToAsk) : undefined),
  (input) => {
    const why = whyAsk(input);
    return why.length > 0 && input.approval !== 'approved' ? say('ask', ...why, ...wentOver(input)) : undefined;
  },
  ({ lockedBy }) => (lockedBy ? waits(lockedBy) : undefined),
];

/** A person's word counts in a run that a person asked for, and in no other. */
function goesOver({ override, askedByPerson }: GateInput, guard: Override): boolean {
  return askedByPerson && override?.of.includes(guard) === true;
}

const hasTripped = ({ breaker }: GateInput) => breaker.left <= 0;
const isGuarded = ({ deployment, safety }: GateInput) => deployment !== null && safety !== 'observe';

/** What would have held it back, had nobody gone over it: who did, and why. */
function wentOver(input: GateInput): string[] {
  const { breaker, deployment, override } = input;
  const over = (guard: Override, held: string) =>
    `${override?.by} went over ${spokenOverride([guard])}, because ${override?.because} (${held})`;
  return [
    ...(hasTripped(input) && goesOver(input, 'breaker') ? [over('breaker', `${breaker.of} are used up`)] : []),
    ...(deployment !== null && isGuarded(input) && goesOver(input, 'deployment') ? [over('deployment', deployment)] : []),
  ];
}

function whyAsk(input: GateInput): string[] {
  const { safety, mode, deployment } = input;
  const why: string[] = [];
  if (safety === 'destructive') why.push('it can lose something that someone may want back');
  if (mode === 'ask') why.push('the mode is ask: each act needs an approval');
  if (deployment !== null && isGuarded(input) && !goesOver(input, 'deployment')) why.push(deployment);
  return why;
}

/**
 * The gate before every act. Pure: the same input gives the same answer and the same reasons.
 * A person's request is reason enough for a run by hand. Of the other rules they may go over the breaker and the deployment guard,
 * with a reason; the rest holds for it too.
 */
export function gate(input: GateInput): GateDecision {
  for (const rule of RULES) {
    const decision = rule(input);
    if (decision) return decision;
  }
  return say('go', ...whyGo(input));
}

function whyGo(input: GateInput): string[] {
  const { alarm, approval, breaker, deployment, askedByPerson, scheduled } = input;
  return [
    alarm === 'firing'
      ? 'alarm still firing'
      : alarm === 'none' || askedByPerson
        ? scheduled
          ? 'its schedule asks for it'
          : 'asked for by a person'
        : 'the alarm fired less than five minutes ago',
    'facts are fresh',
    ...(deployment === null ? ['no deployment under way'] : approval === 'approved' ? ['a person knows of the deployment'] : []),
    ...(approval === 'approved' ? ['approved'] : []),
    ...(hasTripped(input) ? [] : [`${breaker.left} of ${breaker.of} left`]),
    ...wentOver(input),
  ];
}
