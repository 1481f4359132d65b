import type { Came } from './play.ts';
import type { Variant } from './variants.ts';

/** A message that was received this often is a dead letter, as local mode's queue has it. */
const RECEIVES = 3;

/**
 * What must hold whenever a function died.
 * @param intakeDied how often intake did, in this run: a message at which it dies each time becomes a dead letter, which a person
 *   is told of, whatever it has started
 * @returns what does not hold, in words
 */
export function broken(came: Came, traces: Variant['traces'], intakeDied: number): string[] {
  const resolved = came.status === 'resolved' && came.automation === 'succeeded';
  // Who has got the page has said so by its link: there is one only in a mail.
  const atPerson = came.status === 'acknowledged' && came.automation === 'escalated' && came.climbed.length > 0;
  const must: Record<string, boolean> = {
    'it is neither resolved nor at a person': resolved || atPerson,
    'the run has no end': came.runsEnded,
    'a page was written down, and was not sent': came.pagesUnsent === 0,
    'a page is said to be sent, and reached nobody': came.unheard.length === 0,
    'others were paged than its ladder says': came.ladder.length === 0,
    'a person was paged twice for the same, and not told so': came.doubled.length === 0,
    'the lock is left': came.lock === undefined,
    'an undo is owed still': came.debts === 0,
    'more than one execution': came.executions === 1,
    'a signal was lost': came.deadLetters <= intakeDied / RECEIVES,
    'nobody was told of a dead letter': came.deadLetters === 0 || came.mails > 0,
    ...(traces === 'none' ? { 'it is resolved, and not well': !resolved || came.well } : counted(came, resolved, traces)),
  };
  return Object.entries(must).flatMap(([wrong, holds]) => (holds ? [] : [wrong]));
}

/** What can be said where each act leaves a trace of each time. */
function counted(came: Came, resolved: boolean, traces: Variant['traces']): Record<string, boolean> {
  const halfDone = traces === 'of act and undo' && came.acts === 1;
  return {
    'the act happened more than once': came.acts <= 1,
    'the undo happened more than once': came.undone <= 1,
    'the act happened, and nobody wrote it down': came.acts <= came.written,
    'it is resolved, and nothing was done': !resolved || came.acts === 1,
    'what was done half is neither undone nor told of as such': !halfDone || came.undone === 1 || came.unpaid > 0,
    // One that was written down and never sent may have been, as far as anybody knows.
    'it was undone, and nothing was begun': came.undone <= came.written,
  };
}
