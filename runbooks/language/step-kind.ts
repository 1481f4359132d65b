import type { Runbook } from './definition.ts';

/** What a step's state tells `run-step` to do. */
export type StepKind = 'open' | 'look' | 'act' | 'ask' | 'verify' | 'resolve' | 'report' | 'undo' | 'escalate';

/** What whoever finds the machine in Step Functions needs to start it, and to get from an execution to its story. */
export const FOR_PEOPLE =
  'Started with {} it runs by hand; parameters, reason, requestedBy, dryRun and override are optional. The input of an execution says in "see" where its incident is shown.';

/** What a step is for, in the words of somebody who looks at the graph and knows nothing of the code. */
export function commentOn({ looks, acts, verify, escalate }: Runbook, kind: StepKind, step: string): string {
  switch (kind) {
    case 'open':
      return 'Checks the input, and finds the incident or opens one. What is wrong with the input is said at once, and nobody is paged.';
    case 'look':
      return `Looks, and changes nothing: ${looks.find(({ key }) => key === step)?.title ?? step}.`;
    case 'act':
      return `Asks the gate first, then does it (${acts.find(({ key }) => key === step)?.safety ?? 'unknown'}), one host after the other. Repeated, it is done once.`;
    case 'ask':
      return 'A person decides; silence is a no.';
    case 'verify':
      return `Looks again until it is well ${verify?.times ?? 1} times in a row; what is not ends at a person.`;
    case 'resolve':
      return 'Waits for the alarm to clear, then resolves the incident.';
    case 'report':
      return 'Nothing is done by this runbook: it tells what it has found.';
    case 'undo':
      return 'On the way out: takes back what is half done, or was for a time only.';
    case 'escalate':
      return `Hands the incident to people with all that was found: ${escalate.to} first.`;
  }
}
