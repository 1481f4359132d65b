import * as z from 'zod';
import type { Clock } from '../../../functions/incident/clock.ts';
import type { Journal } from '../store.ts';
import type { Machine } from './machine.ts';

/** One event of an execution's history, named and shaped as GetExecutionHistory does; the time is ISO 8601 here. */
export const HistoryEvent = z.looseObject({
  id: z.number().int(),
  previousEventId: z.number().int(),
  type: z.string(),
  timestamp: z.iso.datetime(),
});
export type HistoryEvent = z.infer<typeof HistoryEvent>;

/** What the library tells of a state while it runs. */
interface StateEvent {
  type: string;
  state: { name: string; input: unknown; output?: unknown };
}

export interface History {
  append(type: string, details: Record<string, unknown>, branch?: string): void;
  /** The library's own event of a state, in AWS's words. */
  ofState(event: StateEvent): void;
}

const WHOLE = { truncated: false };

/**
 * Writes the history of one execution. The event before an event is the one before it in its own branch; a branch
 * begins at its Parallel state's start.
 *
 * @param last the id of the last event that is written already, 0 for a new execution
 */
export function createHistory(
  journal: Journal<HistoryEvent>,
  executionArn: string,
  machine: Pick<Machine, 'states'>,
  clock: Clock,
  last = 0,
): History {
  let id = last;
  const before = new Map<string, number>([['', last]]);

  const append: History['append'] = (type, details, branch = '') => {
    id += 1;
    journal.append(executionArn, {
      timestamp: clock.now().toISOString(),
      type,
      id,
      previousEventId: before.get(branch) ?? 0,
      ...details,
    });
    before.set(branch, id);
  };

  const entered = (name: string, input: unknown) => {
    const facts = machine.states.get(name);
    if (!facts) return;
    const details = { name, input: JSON.stringify(input), inputDetails: WHOLE };
    append(`${facts.type}StateEntered`, { stateEnteredEventDetails: details }, facts.branch);
    if (facts.type !== 'Parallel') return;
    append('ParallelStateStarted', {}, facts.branch);
    for (const branch of facts.branches) before.set(branch, id);
  };

  const exited = (name: string, output: unknown) => {
    const facts = machine.states.get(name);
    if (!facts) return;
    const details = { name, output: JSON.stringify(output), outputDetails: WHOLE };
    append(`${facts.type}StateExited`, { stateExitedEventDetails: details }, facts.branch);
  };

  const joined = (name: string, type: 'ParallelStateSucceeded' | 'ParallelStateFailed') => {
    const facts = machine.states.get(name);
    if (facts?.type !== 'Parallel') return;
    before.set(facts.branch, Math.max(...facts.branches.map((branch) => before.get(branch) ?? 0)));
    append(type, {}, facts.branch);
  };

  const failed = new Set<string>();
  return {
    append,
    ofState: ({ type, state }) => {
      if (type === 'StateEntered') entered(state.name, state.input);
      if (type === 'StateFailed') {
        failed.add(state.name);
        joined(state.name, 'ParallelStateFailed');
      }
      if (type !== 'StateExited') return;
      if (!failed.delete(state.name)) joined(state.name, 'ParallelStateSucceeded');
      exited(state.name, state.output);
    },
  };
}
