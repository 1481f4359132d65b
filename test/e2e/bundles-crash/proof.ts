import type { Variant } from './counted-bundles.ts';
import type { Came } from './play.ts';

/** What comes of each when nobody dies. */
export const CLEAN: Record<Variant, Partial<Came>> = {
  resolves: { acts: 1, undone: 0, status: 'resolved', automation: 'succeeded', mails: 0, executions: 1, rounds: 1 },
  undoes: { acts: 1, undone: 1, status: 'open', automation: 'escalated', mails: 1, executions: 1, rounds: 1 },
};

/** What must hold whenever a function died. @returns what does not, in words */
export function broken(came: Came, variant: Variant): string[] {
  const resolved = came.status === 'resolved' && came.automation === 'succeeded';
  const atPerson = came.status === 'open' && came.automation === 'escalated' && came.pages >= 1 && came.mails >= 1;
  const must: Record<string, boolean> = {
    'the act happened more than once': came.acts <= 1,
    'the undo happened more than once': came.undone <= 1,
    'the act happened, and nobody wrote it down': came.acts <= came.written,
    'it is neither resolved nor at a person': resolved || atPerson,
    'it is resolved, and nothing was done': !resolved || came.acts === 1,
    'what fails half-way is neither undone nor told of as such':
      variant === 'resolves' || came.acts === 0 || came.undone === 1 || came.unpaid > 0,
    'it was undone, and nothing had been done': came.undone <= came.acts,
    'the run has no end': came.runsEnded,
    'a page was due, and was not sent': came.pagesUnsent === 0,
    'a person was paged twice for the same': came.mailsThatAreNoRepeat <= came.pages,
    'the lock is left': came.lock === undefined,
    'an undo is owed still': came.debts === 0,
    'more than one execution': came.executions === 1,
    'a signal was lost': came.deadLetters === 0,
  };
  return Object.entries(must).flatMap(([wrong, holds]) => (holds ? [] : [wrong]));
}
