import type { Runbook } from '../../runbooks/language/definition.ts';
import type { Incident } from '../incident/incident.ts';
import { relatedEvent } from '../incident/related.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Step } from './step.ts';

/** How often a run asks whether what explains it away is still at work. */
export const ASK_AGAIN_SECONDS = 15;

/**
 * The open incident whose runbook is at work on what explains this run away, as the runbooks themselves say (`supersedes`). Asked
 * only before the run's first act: one that has begun to act holds the system's lock, and what would explain it waits for that.
 * The timeline tells once for whom it waits.
 */
export async function supersededBy(around: Surroundings, step: Step): Promise<Incident | undefined> {
  const { system } = step.runbook;
  const above = runbooksAbove(around, step.runbook);
  if (above.length === 0 || step.run.dryRun) return undefined;
  const open = await around.store.incidents.open(() => undefined);
  const found = open.find((one) => one.system === system.id && one.id !== step.incident.id && worksOn(one, above));
  if (!found) return undefined;
  const since = found.openedAt > step.run.startedAt ? found.openedAt : step.run.startedAt;
  await around.store.incidents.tell(
    step.incident.id,
    relatedEvent(since, found, 'explains', 'its runbook is at work on what explains this: this run waits for it'),
  );
  return found;
}

/** Ids of those that explain it away. */
export function runbooksAbove({ runbooks }: Pick<Surroundings, 'runbooks'>, { name, system }: Runbook): string[] {
  return runbooks.filter((one) => one.system.id === system.id && one.supersedes.includes(name)).map(({ id }) => id);
}

export function worksOn({ automation, run, runs }: Incident, runbooks: readonly string[]): boolean {
  const latest = runs[String(run)];
  const working = automation === 'running' || automation === 'awaiting-approval';
  return working && latest !== undefined && !latest.dryRun && runbooks.includes(latest.runbook);
}
