import type { Runbook } from './definition.ts';

type Named = Pick<Runbook, 'id' | 'name' | 'supersedes'> & { system: Pick<Runbook['system'], 'id'> };

/**
 * What is wrong with whom runbooks say that they explain away: a name that their system does not have, or a circle, in which
 * each would wait for the other.
 * @returns a sentence for each; none when all is well
 */
export function supersedingFaults(runbooks: readonly Named[]): string[] {
  const of = (system: string, name: string) => runbooks.find((one) => one.system.id === system && one.name === name);
  return runbooks.flatMap((one) => [
    ...one.supersedes
      .filter((name) => !of(one.system.id, name))
      .map((name) => `runbook ${one.id} supersedes ${name}, which is no runbook of its system`),
    ...(below(one, of).includes(one) ? [`runbook ${one.id} supersedes itself, by way of those that it supersedes`] : []),
  ]);
}

/** All that a runbook explains away, directly or by way of another. */
function below(top: Named, of: (system: string, name: string) => Named | undefined): Named[] {
  const found: Named[] = [];
  const next = [top];
  for (let one = next.pop(); one; one = next.pop())
    for (const name of one.supersedes) {
      const other = of(one.system.id, name);
      if (!other || found.includes(other)) continue;
      found.push(other);
      next.push(other);
    }
  return found;
}
