import type { Runbook } from '../../../runbooks/language/definition.ts';
import { type Mode, type ModeSetting, modeInForce, scopesOf } from '../../incident/control.ts';
import { stormScope } from '../../incident/storm.ts';

/** The mode that a runbook is in now, with the settings that made it so. */
export interface ModeInForce {
  runbook: string;
  title: string;
  mode: Mode;
  settings: Omit<ModeSetting, 'v'>[];
}

/**
 * @param settings of every scope; those that have ended are left out
 * @param fallback what a runbook may do that nobody has promoted or restricted
 */
export function modesInForce(
  runbooks: readonly Pick<Runbook, 'id' | 'title'>[],
  settings: readonly ModeSetting[],
  fallback: Mode,
  now: string,
): ModeInForce[] {
  const living = settings.filter((setting) => setting.until === null || setting.until > now);
  return runbooks.map(({ id, title }) => {
    const [, system] = scopesOf(id);
    const scopes = [...scopesOf(id), stormScope(system)];
    const mine = scopes.flatMap((scope) => living.filter((setting) => setting.scope === scope));
    return { runbook: id, title, mode: modeInForce(mine, fallback, id, now), settings: mine.map(settingView) };
  });
}

export function settingView({ v: _v, ...setting }: ModeSetting): Omit<ModeSetting, 'v'> {
  return setting;
}
