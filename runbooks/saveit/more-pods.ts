import type * as z from 'zod';
import type { raiseAutoscaler } from '../cluster/raise-autoscaler.ts';
import type { scaleDeployment } from '../cluster/scale-deployment.ts';
import { autoscalerOf, type Bounds, type Counted, goesBackAt, morePods, type Step } from './scaling.ts';
import type { SaveitSettings } from './system.ts';

/** The page scales up temporarily: what was added goes after this long. */
export const HOURS = 2;
export const TAKE_BACK_AFTER = `${HOURS}h` as const;

/** What the step is given that sets the number of pods. @throws {Error} where there is none to be set: its `when` says so first */
export function scaling(facts: Counted, settings: SaveitSettings) {
  const { replicas, generation } = facts.scaling.deployment;
  const { deployment, selector } = settings.backend;
  return { deployment, selector, from: replicas, to: decided(morePods(facts, settings)), generation };
}

export function scalingBack(facts: Counted, settings: SaveitSettings) {
  const { from, to, deployment } = scaling(facts, settings);
  return { deployment, set: to, former: from };
}

/** What the step is given that raises the autoscaler's bounds. */
export function raising(facts: Counted, settings: SaveitSettings, bounds: Step<Bounds>) {
  const owner = autoscalerOf(facts.scaling);
  const { min, max } = decided(bounds);
  const { deployment, selector } = settings.backend;
  const from = { fromMin: owner?.min ?? min, fromMax: owner?.max ?? max };
  return { autoscaler: settings.autoscaler, deployment, selector, ...from, toMin: min, toMax: max };
}

export function restoring(settings: SaveitSettings, bounds: Step<Bounds>) {
  const { min, max } = decided(bounds);
  return { autoscaler: settings.autoscaler, askedMin: min, askedMax: max };
}

function decided<T>(step: Step<T>): T {
  if ('not' in step) throw new Error(step.not);
  return step.to;
}

export function sayScaled({ from, to, at }: z.output<typeof scaleDeployment.facts>): string {
  return `${to} pods instead of ${from}, until ${goesBackAt(at, HOURS)}`;
}

export function sayRaised({ from, to, pods, short, at }: z.output<typeof raiseAutoscaler.facts>): string {
  const said = `${to.min} to ${to.max} pods instead of ${from.min} to ${from.max}, until ${goesBackAt(at, HOURS)}; there are ${pods}`;
  return short ? `${said}, and ${short}` : said;
}
