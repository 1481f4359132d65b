import { iso } from '../../incident/clock.ts';
import type { Mode } from '../../incident/control.ts';
import type { Surroundings } from '../../surroundings.ts';
import { allScopes } from '../commands/set-mode.ts';
import { modesInForce, settingView } from '../views/automation.ts';

/** The mode in force of every runbook, and every setting that was made and has not ended. */
export async function automationModes(around: Surroundings) {
  const now = iso(around.clock.now());
  const scopes = allScopes(around);
  const settings = await around.store.controls.modes(scopes);
  return {
    automation: modesInForce(around.runbooks, settings, around.config.defaultMode, now),
    settings: settings.filter(({ until }) => until === null || until > now).map(settingView),
    scopes,
    defaultMode: around.config.defaultMode,
  };
}
export type AutomationModes = Awaited<ReturnType<typeof automationModes>>;

export async function modeOf(around: Surroundings, runbook: string): Promise<Mode> {
  const { automation } = await automationModes(around);
  return automation.find((one) => one.runbook === runbook)?.mode ?? around.config.defaultMode;
}
