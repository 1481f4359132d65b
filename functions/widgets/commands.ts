import { html } from 'hono/html';
import { type System, takersOf } from '../../runbooks/language/system.ts';
import type { WholeIncident } from '../console/read/incident.ts';
import type { IncidentView } from '../console/views/incident.ts';
import { type Button, offered } from '../console/views/offered.ts';
import { isLive } from '../incident/incident.ts';
import type { IncidentAction } from './event.ts';
import { choiceField, guardField, nameField, reasonField, type Typing, textField } from './fields.ts';
import { button, type Drawing, type Html } from './frame.ts';

/** How long quiet can be asked for, in minutes; what is longer than the severity allows is refused with the longest time. */
const QUIET = [15, 30, 60, 120, 240];

interface Command {
  action: IncidentAction;
  title: string;
  /** What CloudWatch asks before it is done: what will happen. */
  asks: string;
  primary?: boolean;
}

/** Everything that a person in command can do to an incident as it is now. Name and reason are asked for once, for all of it. */
export function commands(drawing: Drawing, whole: WholeIncident, system: System | undefined, typing: Typing): Html | '' {
  const { incident } = whole;
  const press = ({ action, title, asks, primary = false }: Command, more: { act?: string; host?: string } = {}) =>
    button(drawing, { title, confirmation: asks, primary, call: { view: 'incident', incident: incident.id, action, ...more } });
  const live = isLive(incident);
  const buttons = offered(incident);
  if (incident.status === 'closed') return '';
  return html`<h3>What you can do</h3>
    ${nameField(typing)}${reasonField(typing)}${buttons.includes('run-again') ? guardField(typing) : ''}
    <p class="buttons">${buttons.map((action) => html`${press({ action, ...COMMANDS[action] })} `)}</p>
    ${live && system ? wordier(press, incident, system, typing) : ''}
    ${undoable(whole).map(({ step, host, title }) =>
      press(
        { action: 'undo', title: `Take back: ${title} on ${host}`, asks: `Take back "${title}" on ${host}?` },
        { act: step, host },
      ),
    )}
    ${textField('text', 'Note', typing)}
    <p class="buttons">${press({ action: 'note', title: 'Add the note', asks: 'Write this note into the timeline?' })}</p>`;
}

const COMMANDS: Readonly<Record<Button, Omit<Command, 'action'>>> = {
  acknowledge: {
    title: 'Acknowledge',
    asks: 'Acknowledge it? You then have it, and nobody else is paged for now.',
    primary: true,
  },
  'take-over': { title: 'Take over', asks: 'Take it over? The automation begins nothing more here, and you have it.' },
  stop: {
    title: 'Stop the automation',
    asks: 'Stop the automation? What has begun is finished, then a person is paged.',
  },
  'run-again': {
    title: 'Run again',
    asks: 'Run the runbook again? It looks afresh, and acts where there is still a reason.',
  },
  'escalate-now': { title: 'Escalate now', asks: 'Page the next of the ladder now?' },
  resolve: { title: 'Resolve', asks: 'Is it over? The automation stops, and nobody is paged any more.' },
  close: { title: 'Close', asks: 'Close it? It is final: the same alarm then opens another incident.' },
};

/** What takes a word more than a button: whom, how long, how bad. */
function wordier(press: (command: Command) => Html, { severity }: IncidentView, system: System, typing: Typing): Html {
  const roles = takersOf(system).map(({ name, title }) => [name, title] as const);
  const quiet = QUIET.map((minutes) => [String(minutes), `${minutes} minutes`] as const);
  const severities = system.severities
    .filter(({ name }) => name !== severity)
    .map(({ name, means }) => [name, `${name}: ${means}`] as const);
  return html`<details><summary>Hand over, ask for quiet, set the severity</summary>
    ${choiceField('to', 'Hand over to', typing, roles)}
    ${press({ action: 'hand-over', title: 'Hand over', asks: 'Hand it over? Whom you chose is paged at once.' })}
    ${choiceField('minutes', 'Quiet for', typing, quiet)}
    ${press({ action: 'snooze', title: 'Ask for quiet', asks: 'Ask for quiet? You have it, and nobody is paged until then.' })}
    ${choiceField('severity', 'How bad it is', typing, severities)}
    ${press({ action: 'severity', title: 'Set the severity', asks: 'Set the severity? Raised, its new ladder begins at once.' })}
  </details>`;
}

/** Changes that are for a time only, and can be taken back before it is up. */
function undoable({ steps }: WholeIncident) {
  return steps.filter(({ kind, status, undo }) => kind === 'act' && status === 'done' && undo?.due && !undo.paidAt);
}
