import * as z from 'zod';
import { Conflict } from '../../aws/table/items.ts';
import { person } from '../../incident/actor.ts';
import { iso } from '../../incident/clock.ts';
import { isAsStrict, MODES, type ModeSetting, modeInForce, type Promotion } from '../../incident/control.ts';
import { stormScope } from '../../incident/storm.ts';
import type { Surroundings } from '../../surroundings.ts';
import { recordOf } from '../read/record.ts';
import { checked, invalid, Rejected } from '../rejected.ts';
import { By, GoodReason } from './given.ts';

const Setting = z.strictObject({
  scope: z.string(),
  mode: z.enum(MODES),
  /** When it ends by itself; never, if not said. */
  until: z.iso.datetime().nullable().default(null),
  /** Whoever meets it later, in the middle of an incident, has to know whether it still holds. */
  reason: GoodReason,
  by: By,
});

/**
 * Sets any mode, which takes effect before the next act of every run that it covers. It can let a runbook do more: then what the
 * runbook did, and would have done, is written down with it.
 */
export const setMode =
  (around: Surroundings) =>
  async (given: unknown): Promise<ModeSetting> => {
    const said = settingOf(around, given);
    const promotion = await promotionBy(around, said);
    const setting = promotion ? { ...said, promotion } : said;
    await around.store.controls.setMode(setting);
    return setting;
  };

/** What is known of the runbook that a setting lets do more; nothing where it does not, or covers more than one. */
async function promotionBy(around: Surroundings, setting: ModeSetting): Promise<Promotion | undefined> {
  if (!around.runbooks.some(({ id }) => id === setting.scope)) return undefined;
  const [before] = await around.store.controls.modes([setting.scope]);
  const from = modeInForce([before], around.config.defaultMode, setting.scope, setting.at);
  if (MODES.indexOf(setting.mode) <= MODES.indexOf(from)) return undefined;
  const { occasions: _told, ...known } = await recordOf(around, setting.scope);
  return { from, ...known };
}

/** Somebody may set the same scope at the same moment: then what it says now is looked at again. */
const MOST_TRIES = 5;

/**
 * The big red button, for whoever may press it but not let go of it: it makes everything that it covers stricter, or leaves it as
 * strict as it is.
 * @throws {Rejected} 403 naming the function that sets any mode, when this would let a runbook do more, now or later
 */
export const makeStricter =
  (around: Surroundings) =>
  async (given: unknown): Promise<ModeSetting> => {
    for (let tries = 1; ; tries += 1) {
      const setting = settingOf(around, given);
      const [before] = await around.store.controls.modes([setting.scope]);
      if (!isAsStrict(setting, before, around.config.defaultMode, setting.at)) throw lessStrict(around, setting, before);
      try {
        await around.store.controls.replaceMode(setting, before);
        return setting;
      } catch (error) {
        if (!(error instanceof Conflict) || tries === MOST_TRIES) throw error;
      }
    }
  };

function lessStrict({ names, config }: Surroundings, { scope, mode, until }: ModeSetting, before: ModeSetting | undefined) {
  const now = before
    ? `is set to ${before.mode}${before.until ? ` until ${before.until}` : ''}`
    : `has no setting of its own (a runbook then may: ${config.defaultMode})`;
  const wanted = `${mode}${until ? ` until ${until}` : ''}`;
  return new Rejected(403, {
    field: 'mode',
    expected: 'a mode as strict as what is in force, or stricter, for as long as that',
    message: `${scope} ${now}: "${wanted}" could let a runbook do more, which only ${names.promoteFunction} may`,
  });
}

function settingOf(around: Surroundings, given: unknown): ModeSetting {
  const { by, ...said } = checked(Setting, given, '', (field) =>
    field === 'reason' ? 'why it is set, in 1 to 1000 characters' : undefined,
  );
  const scopes = allScopes(around);
  if (!scopes.includes(said.scope))
    throw invalid('scope', `one of ${scopes.join(', ')}`, `there is no scope "${said.scope.slice(0, 80)}"`);
  const at = iso(around.clock.now());
  const until = said.until && iso(new Date(said.until));
  if (until && until <= at) throw invalid('until', 'a time to come, in UTC', `until ${until} is over already`);
  return { v: 1, ...said, until, by: person(by), at };
}

/** Everything that can have a mode, widest first. A system's storm is the last: where it is in one, a person lifts it there. */
export function allScopes({ systems, runbooks }: Pick<Surroundings, 'systems' | 'runbooks'>): string[] {
  const ids = systems.map((system) => system.id);
  return ['all', ...ids, ...runbooks.map((runbook) => runbook.id), ...ids.map(stormScope)];
}
