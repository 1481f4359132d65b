import { answer } from '../console/commands/answer.ts';
import type { IncidentCommand } from '../console/commands/given.ts';
import { note } from '../console/commands/note.ts';
import { TRANSITIONS } from '../console/commands/transitions.ts';
import { conflict, invalid, Rejected } from '../console/rejected.ts';
import { clockTime } from '../console/views/moment.ts';
import type { Actor } from '../incident/actor.ts';
import type { Incident } from '../incident/incident.ts';
import type { Surroundings } from '../surroundings.ts';
import { doneSince } from './done-since.ts';
import { type Action, type IncidentAction, typed, type WidgetEvent } from './event.ts';
import { onlyElsewhere, question } from './question.ts';
import { overrides, presser, start } from './start.ts';

/** A button that was pressed, as its event tells it. */
export interface Press extends WidgetEvent {
  action: Action;
}

/** What came of it, for the person who pressed. */
export interface Pressed {
  says: string;
  /** The incident of a run that was started: it is written a moment later. */
  started?: string;
}

const SAYS: Record<IncidentAction, string> = {
  acknowledge: 'Acknowledged: you have it.',
  'take-over': 'Taken over: the automation begins nothing more here.',
  stop: 'Asked to stop: what has begun is finished, and nothing new begins.',
  'run-again': 'Started once more.',
  'escalate-now': 'The next of the ladder is paged.',
  'hand-over': 'Handed over.',
  snooze: 'Quiet was asked for.',
  severity: 'The severity is set.',
  note: 'The note is in the timeline.',
  undo: 'It will be taken back within a round of the auditor.',
  resolve: 'Resolved.',
  close: 'Closed.',
};

/**
 * Does what a button is for, by the commands of the console. What comes twice from one drawing is done once: Lambda, a browser and a
 * hasty finger may each deliver it again.
 * @throws {Rejected} where nothing was changed, naming the field and what was expected
 */
export async function press(around: Surroundings, pressed: Press): Promise<Pressed> {
  mustBeAButton(pressed);
  const by = presser(pressed);
  const { action } = pressed;
  switch (action) {
    case 'run':
    case 'rehearse':
      return begun(around, pressed, by, action === 'rehearse');
    case 'approve':
    case 'deny':
      return decide(around, pressed, by, action);
    default:
      return onIncident(around, pressed, by, action);
  }
}

/** The widget's own parameters come with each refresh: an action among them would be done every minute. */
function mustBeAButton({ widgetContext, request, shown }: Press): void {
  const own = widgetContext.params;
  if (typeof own === 'object' && own !== null && 'action' in own)
    throw invalid(
      'action',
      'nothing in the parameters of a widget',
      'a widget that does something each time it is drawn is refused: remove action from its parameters',
    );
  if (request === '' || shown === undefined)
    throw invalid('request', 'a button that this function has drawn', 'this did not come from a button that was drawn here');
}

async function onIncident(around: Surroundings, pressed: Press, by: Actor, action: IncidentAction): Promise<Pressed> {
  const { incident: id, request, shown = '' } = pressed;
  const reason = typed(pressed, 'reason');
  if (action === 'note') {
    await note(around)(id, { text: typed(pressed, 'text') }, request, by);
    return { says: SAYS.note };
  }
  const before = await doneSince(around, id, action, by, shown);
  if (before)
    throw conflict(
      'action',
      'what was not done since this was drawn',
      `${by.name} did this at ${clockTime(before)} UTC already: it was not done twice. Press again if it must be`,
    );
  await command(action)(around)(id, { reason, ...more(pressed, action) }, by);
  return { says: SAYS[action] };
}

function command(action: Exclude<IncidentAction, 'note'>): IncidentCommand<Incident> {
  const found = TRANSITIONS[action];
  if (!found) throw new Error(`there is no command ${action}`);
  return found;
}

function more(pressed: Press, action: IncidentAction): Record<string, unknown> {
  switch (action) {
    case 'run-again':
      return { override: overrides(pressed) };
    case 'hand-over':
      return { to: typed(pressed, 'to') };
    case 'snooze':
      return { minutes: typed(pressed, 'minutes') };
    case 'severity':
      return { severity: typed(pressed, 'severity') };
    case 'undo':
      return { act: pressed.act, host: pressed.host };
    default:
      return {};
  }
}

async function begun(around: Surroundings, pressed: Press, by: Actor, dryRun: boolean): Promise<Pressed> {
  return { says: `${dryRun ? 'The rehearsal' : 'The run'} was started.`, started: await start(around, pressed, by, dryRun) };
}

async function decide(around: Surroundings, pressed: Press, by: Actor, decision: 'approve' | 'deny'): Promise<Pressed> {
  const { approval } = pressed;
  const asked = await question(around, approval);
  const elsewhere = decision === 'approve' ? onlyElsewhere(asked) : undefined;
  if (elsewhere !== undefined)
    throw new Rejected(403, {
      field: 'action',
      expected: `deny, or an invocation of ${around.names.approveFunction}`,
      message: `a yes to this can not be given on the dashboard: ${elsewhere.charAt(0).toLowerCase()}${elsewhere.slice(1, -1)}`,
    });
  await answer(around)(approval, { decision, reason: typed(pressed, 'reason') }, by);
  return { says: decision === 'approve' ? 'Approved: it looks once more, then it does it.' : 'Denied: it is left alone.' };
}
