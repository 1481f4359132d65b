import type { Runbook } from './definition.ts';
import { collide, spokenTrigger } from './trigger.ts';

/**
 * Signals that two runbooks of one system would both answer, with nothing to choose between them.
 * @returns a sentence for each, naming both runbooks; none when every signal selects at most one
 */
export function overlaps(runbooks: readonly Runbook[]): string[] {
  return runbooks.flatMap((one, at) =>
    runbooks
      .slice(at + 1)
      .filter((other) => other.system.id === one.system.id)
      .flatMap((other) => pairs(one, other)),
  );
}

function pairs(one: Runbook, other: Runbook): string[] {
  return one.triggers.flatMap((a) =>
    other.triggers
      .filter((b) => collide(a, b))
      .map(
        (b) =>
          `runbooks ${one.id} and ${other.id}: "${spokenTrigger(a)}" and "${spokenTrigger(b)}" have equal weight and overlap`,
      ),
  );
}
