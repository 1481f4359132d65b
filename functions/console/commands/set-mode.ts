import * as z from 'zod';
import { person } from '../../incident/actor.ts';
import { iso } from '../../incident/clock.ts';
import { MODES, type ModeSetting } from '../../incident/control.ts';
import type { Surroundings } from '../../surroundings.ts';
import { checked, invalid } from '../rejected.ts';
import { By, Reason } from './given.ts';

const Setting = z.strictObject({
  scope: z.string(),
  mode: z.enum(MODES),
  /** When it ends by itself; never, if not said. */
  until: z.iso.datetime().nullable().default(null),
  reason: Reason,
  by: By,
});

/** The big red button: takes effect before the next act of every run that it covers. */
export const setMode =
  (around: Surroundings) =>
  async (given: unknown): Promise<ModeSetting> => {
    const { by, ...said } = checked(Setting, given);
    const scopes = allScopes(around);
    if (!scopes.includes(said.scope))
      throw invalid('scope', `one of ${scopes.join(', ')}`, `there is no scope "${said.scope.slice(0, 80)}"`);
    const at = iso(around.clock.now());
    const until = said.until && iso(new Date(said.until));
    if (until && until <= at) throw invalid('until', 'a time to come, in UTC', `until ${until} is over already`);
    const setting: ModeSetting = { v: 1, ...said, until, by: person(by), at };
    await around.store.controls.setMode(setting);
    return setting;
  };

/** Everything that can have a mode, widest first. */
export function allScopes({ systems, runbooks }: Pick<Surroundings, 'systems' | 'runbooks'>): string[] {
  return ['all', ...systems.map((system) => system.id), ...runbooks.map((runbook) => runbook.id)];
}
