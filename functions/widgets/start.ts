import { By } from '../console/commands/given.ts';
import { checkedStart, knownRunbook, startByHand } from '../console/commands/start-by-hand.ts';
import type { Wanted } from '../console/read/plan.ts';
import { invalid } from '../console/rejected.ts';
import { parametersOf } from '../console/views/field.ts';
import { runbookView } from '../console/views/runbook.ts';
import { type Actor, onDashboard } from '../incident/actor.ts';
import type { Surroundings } from '../surroundings.ts';
import { typed, type WidgetEvent } from './event.ts';

/** Whoever pressed, by the name that was typed. @throws {Rejected} where none was */
export function presser(event: WidgetEvent): Actor {
  const { data: name } = By.safeParse(typed(event, 'by').slice(0, 200));
  if (name === undefined) throw invalid('by', 'your name', 'by is missing: whoever reads the timeline must know whom to ask');
  return onDashboard(name);
}

/** What of the gate it may go over. The command says what it does not know. */
export const overrides = (event: WidgetEvent): string[] => typed(event, 'override').split(',').filter(Boolean);

/** What a run would be started with, checked as it is when it is started. @throws {Rejected} naming what is wrong with it */
export function wantedOf(around: Surroundings, event: WidgetEvent): Wanted {
  const from = presser(event);
  return { ...checkedStart(knownRunbook(around, event.runbook), given(around, event, from, false)), from };
}

/**
 * Starts a run or a rehearsal. Sent twice from one drawing, it starts one. @returns the id of its incident
 * @throws {Rejected} naming what is wrong with it
 */
export async function start(around: Surroundings, event: WidgetEvent, by: Actor, dryRun: boolean): Promise<string> {
  const asked = given(around, event, by, dryRun);
  // What was corrected since is another run: only the very same twice is one.
  const started = await startByHand(around)(event.runbook, asked, `${event.request} ${JSON.stringify(asked)}`, by);
  return started.incidentId;
}

/** What was typed, as the command takes it. A person at a form says why. */
function given(around: Surroundings, event: WidgetEvent, { name: by }: Actor, dryRun: boolean) {
  const runbook = knownRunbook(around, event.runbook);
  const reason = typed(event, 'reason');
  if (reason === '') throw invalid('reason', 'a reason', 'reason is missing: whoever reads the timeline must know why');
  const view = runbookView(runbook, around.config.defaultMode, around.config.settingsOf(runbook.system.id));
  const parameters = parametersOf(view, (name) => typed(event, `parameters.${name}`));
  return { parameters, reason, dryRun, by, override: overrides(event) };
}
