import { html } from 'hono/html';
import { type System, takersOf } from '../../../runbooks/language/system.ts';
import type { IncidentView } from '../views/incident.ts';
import { offered } from '../views/offered.ts';
import type { StepView } from '../views/step.ts';
import { stepAnchor } from '../views/timeline.ts';
import { guardFields } from './guard-fields.ts';
import type { Html } from './layout.ts';
import { nameField } from './parts.ts';
import { cut, type Room } from './room.ts';

const TITLE = 300;

/** How long quiet can be asked for, in minutes; what is longer than the severity allows is refused with the longest time. */
const QUIET = [15, 30, 60, 120, 240];

/** What a person can do that takes a word more than a button: whom, how bad, how long. One form each, because each takes its own. */
export function commandForms(incident: IncidentView, system: System | undefined, name: string): Html | '' {
  if (!system) return '';
  const { id, severity } = incident;
  const form = (path: string, title: string, field: Html, button: string) =>
    html`<details class="card form" id="do-${path}"><summary>${title}</summary>
      <form method="post" action="/incidents/${id}/${path}">
        <div class="fields"><div>${field}</div>
          <div>${nameField(`${path}-by`, name)}</div>
          <div><label for="${path}-reason">Reason (optional)</label><input id="${path}-reason" name="reason" maxlength="1000"></div></div>
        <p class="buttons"><button>${button}</button></p>
      </form></details>`;
  const choice = (path: string, label: string, field: string, options: readonly (readonly [string, string])[]) =>
    html`<label for="${path}-${field}">${label}</label>
      <select id="${path}-${field}" name="${field}">${options.map(([value, title]) => html`<option value="${value}">${title}</option>`)}</select>`;
  const roles = takersOf(system).map(({ name: role, title }) => [role, title] as const);
  const severities = system.severities
    .filter((one) => one.name !== severity)
    .map((one) => [one.name, `${one.name}: ${one.means}`] as const);
  const quiet = QUIET.map((minutes) => [String(minutes), `${minutes} minutes`] as const);
  return html`${form('hand-over', 'Hand it over', choice('hand-over', 'To', 'to', roles), 'Hand over')}
    ${form('snooze', 'Ask for quiet', choice('snooze', 'For', 'minutes', quiet), 'Ask for quiet')}
    ${form('severity', 'Raise or lower the severity', choice('severity', 'It is', 'severity', severities), 'Set the severity')}
    ${runAgainForm(incident, name)}`;
}

/** The command itself is a button; this is for whoever knows better than a guard of the gate, and says why. */
function runAgainForm(incident: IncidentView, name: string): Html | '' {
  if (!offered(incident).includes('run-again')) return '';
  const { id } = incident;
  return html`<details class="card form" id="do-run-again"><summary>Run again, over a guard</summary>
    <form method="post" action="/incidents/${id}/run-again">
      <div class="fields"><div>${nameField('run-again-by', name)}</div>
        <div><label for="run-again-reason">Why it may go over</label><input id="run-again-reason" name="reason" required maxlength="1000"></div></div>
      ${guardFields('run-again-over', {})}
      <p class="buttons"><button>Run again</button></p>
    </form></details>`;
}

/** Changes that are for a time only, and can be taken back before it is up. */
export function undoForms({ id }: IncidentView, steps: readonly StepView[], name: string, room: Room): Html | '' {
  const open = steps.filter(({ kind, status, undo }) => kind === 'act' && status === 'done' && undo?.due && !undo.paidAt);
  if (open.length === 0) return '';
  const { shown, left } = room.fit(open, (change) => {
    const { step, host, title } = change;
    // Named by the change, not by its place: where one is taken back meanwhile, no button becomes another's.
    const named = `undo-${stepAnchor(change)}`;
    return html`<details class="card form" id="do-${named}"><summary>Take back: ${cut(title, TITLE)} on ${cut(host, TITLE)}</summary>
      <form method="post" action="/incidents/${id}/undo">
        <input type="hidden" name="act" value="${step}"><input type="hidden" name="host" value="${host}">
        <div class="fields"><div>${nameField(`${named}-by`, name)}</div>
          <div><label for="${named}-reason">Reason (optional)</label><input id="${named}-reason" name="reason" maxlength="1000"></div></div>
        <p class="buttons"><button>Take it back</button></p>
      </form></details>`;
  });
  return html`${shown}${left > 0 ? html`<p class="more">And ${left} more <a href="/changes">to be taken back</a></p>` : ''}`;
}
